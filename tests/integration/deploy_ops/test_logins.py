"""deploy/postgres/logins.sh: each service's login is a member of its role alone, and can do what the role can."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from deploy.local.postgres_config import PostgresSettings
from deploy.local.servers import KAFKA_VARIABLE, LocalServers
from deploy.migrations import migrate
from shared.adapters.settings import SERVICES

SCRIPT = Path(__file__).resolve().parents[3] / "deploy" / "postgres" / "logins.sh"
EACH_SERVICE = pytest.mark.parametrize("service", SERVICES)


@pytest.fixture
async def admin_url(short_directory: Path) -> AsyncIterator[str]:
    """An own server: roles belong to a whole server, and the script makes some."""
    if shutil.which("psql") is None:
        pytest.skip("psql is not installed (Debian's package postgresql-client)")
    environment = {"PATH": os.environ["PATH"], KAFKA_VARIABLE: "not needed"}
    servers = LocalServers(short_directory, environment=environment, settings=PostgresSettings(durable=False))
    await servers.start()
    try:
        yield servers.addresses.database_url
    finally:
        await servers.stop()


def run_script(admin_url: str, **changed: str) -> subprocess.CompletedProcess[str]:
    parts = urlsplit(admin_url)
    environment = {
        "PATH": os.environ["PATH"],
        "PGHOST": parts.hostname or "",
        "PGPORT": str(parts.port),
        "PGPASSWORD": parts.password or "",
        "POSTGRES_USER": parts.username or "",
        "POSTGRES_DB": parts.path.lstrip("/"),
        **{f"PLANWATCH_DB_PASSWORD_{service.upper()}": f"secret-of-{service}'s" for service in SERVICES},
    }
    return subprocess.run([str(SCRIPT)], env=environment | changed, capture_output=True, text=True, check=False)


async def logged_in(
    admin_url: str, service: str, *, password: str | None = None
) -> "asyncpg.Connection[asyncpg.Record]":
    parts = urlsplit(admin_url)
    return await asyncpg.connect(
        host=parts.hostname,
        port=parts.port,
        database=parts.path.lstrip("/"),
        user=f"planwatch_{service}_login",
        password=password or f"secret-of-{service}'s",
        server_settings={"role": f"planwatch_{service}"},
    )


async def test_logins_work_whether_made_before_or_after_the_migration_and_twice(admin_url: str) -> None:
    assert run_script(admin_url).returncode == 0
    await asyncio.to_thread(migrate, admin_url)
    again = run_script(admin_url)
    assert again.returncode == 0, again.stderr
    for service in SERVICES:
        await assert_login_is_bound_to_its_role(admin_url, service)
    await assert_query_only_reads(admin_url)


async def assert_login_is_bound_to_its_role(admin_url: str, service: str) -> None:
    connection = await logged_in(admin_url, service)
    try:
        assert await connection.fetchval("SELECT current_user") == f"planwatch_{service}"
        memberships = await connection.fetch(
            "SELECT roleid::regrole::text AS role FROM pg_auth_members WHERE member = session_user::regrole"
        )
        assert [row["role"] for row in memberships] == [f"planwatch_{service}"]
        await connection.execute("CREATE TEMP TABLE staging (a int)")  # what COPY fills first
        others = [other for other in ("ingest", "rules", "alerts") if other != service]
        for other in others:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetch(f"SELECT * FROM {other}.{FIRST_TABLE[other]} LIMIT 1")
        await connection.execute("RESET ROLE")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(f"SET ROLE planwatch_{others[0]}")
    finally:
        await connection.close()


FIRST_TABLE = {"ingest": "submissions", "rules": "submissions", "alerts": "alerts"}


async def assert_query_only_reads(admin_url: str) -> None:
    connection = await logged_in(admin_url, "query")
    try:
        await connection.fetch("SELECT * FROM query.alerts LIMIT 1")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("CREATE TABLE query.own (a int)")
    finally:
        await connection.close()


async def test_running_it_again_changes_a_password(admin_url: str) -> None:
    assert run_script(admin_url).returncode == 0
    assert run_script(admin_url, PLANWATCH_DB_PASSWORD_RULES="renewed").returncode == 0
    with pytest.raises(asyncpg.InvalidPasswordError):
        await logged_in(admin_url, "rules")
    await (await logged_in(admin_url, "rules", password="renewed")).close()


@EACH_SERVICE
def test_a_missing_password_is_named(service: str) -> None:
    variable = f"PLANWATCH_DB_PASSWORD_{service.upper()}"
    done = run_script("postgresql://nobody@127.0.0.1:1/none", **{variable: ""})
    assert done.returncode != 0
    assert f"set {variable}" in done.stderr
