"""What every test may ask for: real servers, once per session, and a fresh migrated database per test."""

import asyncio
import os
import secrets
import shutil
import tempfile
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from hypothesis import settings

from deploy.local.layout import STATE_DIRECTORY
from deploy.local.postgres_config import PostgresSettings
from deploy.local.servers import DATABASE_VARIABLE, KAFKA_VARIABLE, LocalServers

_TESTS = Path(__file__).resolve().parent
_STAGES = ("unit", "integration", "e2e")

settings.register_profile("deep", max_examples=5000, deadline=None)
"""Many more examples of everything that does not say how many, by hand: `pytest --hypothesis-profile=deep`."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark by place, so that nobody forgets, and run what is quick first."""
    for item in items:
        if _stage(item.path) > 0:
            item.add_marker(pytest.mark.integration)
    items.sort(key=lambda item: _stage(item.path))


@pytest.fixture(scope="session")
def kafka_bootstrap() -> Iterator[str]:
    """Kafka's address: the one the environment names, or an own server's."""
    environment = {**os.environ, DATABASE_VARIABLE: os.environ.get(DATABASE_VARIABLE, "not needed")}
    yield from _server_address(environment, KAFKA_VARIABLE)


@pytest.fixture(scope="session")
def postgres_admin_url() -> Iterator[str]:
    """A superuser's PostgreSQL address: the one the environment names, or an own server's."""
    environment = {**os.environ, KAFKA_VARIABLE: os.environ.get(KAFKA_VARIABLE, "not needed")}
    yield from _server_address(environment, DATABASE_VARIABLE)


@pytest.fixture(scope="session")
def migrated_template(postgres_admin_url: str) -> Iterator[str]:
    """The name of a database with all migrations applied, to be copied."""
    from deploy.migrations import migrate

    with fresh_database(postgres_admin_url, f"test_template_{secrets.token_hex(4)}", template="template0") as url:
        migrate(url)
        yield url.rpartition("/")[2]


@pytest.fixture
def database_url(postgres_admin_url: str, migrated_template: str) -> Iterator[str]:
    """The superuser's address of a database of this test alone, with all migrations applied."""
    with fresh_database(postgres_admin_url, f"test_{secrets.token_hex(6)}", template=migrated_template) as url:
        yield url


@pytest.fixture
def topic_prefix() -> str:
    """A prefix for topics and consumer groups that no other test uses; it ends with a dot."""
    return f"test-{secrets.token_hex(6)}."


@pytest.fixture
def short_directory() -> Iterator[Path]:
    """A fresh directory under .planwatch that another account can reach too, unlike pytest's own `tmp_path`."""
    with _fresh_directory() as directory:
        yield directory


def _stage(path: Path) -> int:
    folder = path.relative_to(_TESTS).parts[0]
    return _STAGES.index(folder) if folder in _STAGES else 0


def _server_address(environment: dict[str, str], variable: str) -> Iterator[str]:
    with _fresh_directory() as directory:
        servers = LocalServers(directory, environment=environment, settings=PostgresSettings(durable=False))
        run_apart(servers.start())
        try:
            yield servers.addresses.as_environment()[variable]
        finally:
            run_apart(servers.stop())


@contextmanager
def _fresh_directory() -> Iterator[Path]:
    parent = STATE_DIRECTORY / "test"
    parent.mkdir(parents=True, exist_ok=True)
    directory = Path(tempfile.mkdtemp(dir=parent))
    directory.chmod(0o755)
    try:
        yield directory
    finally:
        shutil.rmtree(directory)


@contextmanager
def fresh_database(admin_url: str, name: str, *, template: str) -> Iterator[str]:
    """Yield the address of a copy of the template, and drop it."""
    run_apart(_execute(admin_url, f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    try:
        yield f"{admin_url.rpartition('/')[0]}/{name}"
    finally:
        run_apart(_execute(admin_url, f'DROP DATABASE "{name}" WITH (FORCE)'))


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def run_apart(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end on a loop of its own, leaving the test's loop alone."""
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(work)
    finally:
        loop.close()
