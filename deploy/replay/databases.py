"""The live database, read in one snapshot, and the scratch database beside it."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeAlias

import asyncpg

from deploy.replay.errors import NoScratchDatabaseError

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

_SESSION = {"application_name": "planwatch replay", "timezone": "UTC"}


@asynccontextmanager
async def connected(url: str, *, role: str | None = None) -> AsyncIterator[Connection]:
    """Open a connection, which may act as a role alone."""
    settings = _SESSION if role is None else {**_SESSION, "role": role}
    connection = await asyncpg.connect(url, server_settings=settings)
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def snapshot_of(url: str, *, role: str | None = None) -> AsyncIterator[Connection]:
    """Open a database as it is at this instant: whatever is read sees the same state, and nothing can be written."""
    async with (
        connected(url, role=role) as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        yield connection


@asynccontextmanager
async def scratch_database(live_url: str, *, keep: bool, name: str | None = None) -> AsyncIterator[str]:
    """Create and migrate a database beside the live one; yield its address; drop it at the end unless it is to be kept.

    One of the same name, left behind by whoever was killed, is dropped first.
    """
    from deploy.migrations import migrate  # other commands start quicker without Alembic's code

    if name is None:
        name = f"planwatch_replay_{secrets.token_hex(4)}"
    try:
        await drop_database(live_url, name)
        await _execute(live_url, f'CREATE DATABASE "{name}" TEMPLATE template0')
    except asyncpg.InsufficientPrivilegeError as error:
        raise NoScratchDatabaseError from error
    url = sibling(live_url, name)
    try:
        await asyncio.to_thread(migrate, url)
        yield url
    finally:
        if not keep:
            await drop_database(live_url, name)


async def drop_database(live_url: str, name: str) -> None:
    """Drop a database beside the live one, if there is one of that name."""
    await _execute(live_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def sibling(url: str, name: str) -> str:
    """Return the address of another database of the same server."""
    base, mark, options = url.partition("?")
    return f"{base.rpartition('/')[0]}/{name}{mark}{options}"


async def _execute(url: str, statement: str) -> None:
    async with connected(url) as connection:
        await connection.execute(statement)
