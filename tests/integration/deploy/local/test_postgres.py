"""A PostgreSQL of this test alone: started, stopped, killed, broken."""

import os
import shutil
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from deploy.local.errors import LocalServerError
from deploy.local.postgres import LocalPostgres
from deploy.local.postgres_config import PostgresSettings


def _postgres(directory: Path, *, embedded: bool = False) -> LocalPostgres:
    settings = PostgresSettings(durable=False, max_connections=20)
    return LocalPostgres(directory, environment=os.environ, settings=settings, embedded=embedded)


@pytest.fixture
async def postgres(short_directory: Path) -> AsyncIterator[LocalPostgres]:
    server = _postgres(short_directory / "postgresql")
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def closed_folder(tmp_path: Path) -> Path:
    tmp_path.chmod(0o700)
    return tmp_path


async def _value(url: str, query: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_it_is_utf8_protected_by_a_password_and_unprivileged(postgres: LocalPostgres) -> None:
    assert await _value(postgres.url, "SHOW server_encoding") == "UTF8"
    assert stat.S_IMODE((postgres.directory / "password").stat().st_mode) == 0o600
    assert postgres.child is not None
    assert psutil.Process(postgres.child.pid).uids().effective != 0
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(postgres.url, password="wrong")


async def test_data_survive_a_kill_and_the_port_stays(postgres: LocalPostgres) -> None:
    url = postgres.url
    await _value(url, "CREATE TABLE kept AS SELECT '宿迁' AS city")
    postgres.kill()
    with pytest.raises(ConnectionRefusedError):
        await _value(url, "SELECT 1")
    await postgres.start()
    assert postgres.url == url
    assert await _value(url, "SELECT city FROM kept") == "宿迁"


async def test_open_connections_do_not_hold_up_a_stop(postgres: LocalPostgres) -> None:
    connection = await asyncpg.connect(postgres.url)
    await postgres.stop()
    assert postgres.child is None
    assert not (postgres.directory / "postgresql.pid").exists()
    connection.terminate()


async def test_a_data_directory_of_another_version_is_one_sentence(postgres: LocalPostgres) -> None:
    await postgres.stop()
    (postgres.directory / "data" / "PG_VERSION").write_text("9\n", encoding="ascii")
    with pytest.raises(LocalServerError, match="was made by PostgreSQL 9, here is"):
        await postgres.start()


async def test_a_broken_data_directory_is_one_sentence(postgres: LocalPostgres) -> None:
    await postgres.stop()
    (postgres.directory / "data" / "global" / "pg_control").unlink()
    with pytest.raises(LocalServerError, match=r"^PostgreSQL ended with exit code \d+ while starting: .*\(log: "):
        await postgres.start()


async def test_a_lost_password_is_one_sentence(postgres: LocalPostgres) -> None:
    await postgres.stop()
    (postgres.directory / "password").unlink()
    with pytest.raises(LocalServerError, match=r"^the password of .* is lost"):
        await postgres.start()


async def test_a_stale_postmaster_pid_and_a_half_made_directory_do_not_matter(short_directory: Path) -> None:
    (short_directory / "data.new").mkdir()
    (short_directory / "data.new" / "half").touch()
    server = _postgres(short_directory)
    await server.start()
    await server.stop()
    (short_directory / "data" / "postmaster.pid").write_text("1\n", encoding="ascii")
    await server.start()
    await server.stop()


async def test_a_long_path_gets_its_socket_elsewhere(short_directory: Path) -> None:
    deep = short_directory / ("long" * 20)
    server = _postgres(deep)
    await server.start()
    try:
        sockets = str(await _value(server.url, "SHOW unix_socket_directories"))
        assert not sockets.startswith(str(deep))
    finally:
        await server.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="root's closed folders concern root alone")
async def test_a_folder_closed_to_others_keeps_the_data_elsewhere(closed_folder: Path) -> None:
    server = _postgres(closed_folder / "postgresql")
    await server.start()
    try:
        data = str(await _value(server.url, "SHOW data_directory"))
    finally:
        await server.stop()
    assert not data.startswith(str(closed_folder))
    shutil.rmtree(Path(data).parent)


async def test_the_wheels_server_works_where_the_system_has_none(short_directory: Path) -> None:
    server = _postgres(short_directory, embedded=True)
    await server.start()
    try:
        assert str(await _value(server.url, "SHOW server_version")).startswith("18")
    finally:
        await server.stop()
