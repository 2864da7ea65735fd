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
async def snapshot_of(url: str) -> AsyncIterator[Connection]:
    """Open a database as it is at this instant: whatever is read sees the same state, and nothing can be written."""
    connection = await asyncpg.connect(url, server_settings=_SESSION)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def scratch_database(live_url: str, *, keep: bool) -> AsyncIterator[str]:
    """Create and migrate a database beside the live one; yield its address; drop it at the end unless it is to be kept."""
    from deploy.migrations import migrate  # other commands start quicker without Alembic's code

    name = f"planwatch_replay_{secrets.token_hex(4)}"
    try:
        await _execute(live_url, f'CREATE DATABASE "{name}" TEMPLATE template0')
    except asyncpg.InsufficientPrivilegeError as error:
        raise NoScratchDatabaseError from error
    url = sibling(live_url, name)
    try:
        await asyncio.to_thread(migrate, url)
        yield url
    finally:
        if not keep:
            await _execute(live_url, f'DROP DATABASE "{name}" WITH (FORCE)')


def sibling(url: str, name: str) -> str:
    """Return the address of another database of the same server."""
    base, mark, options = url.partition("?")
    return f"{base.rpartition('/')[0]}/{name}{mark}{options}"


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url, server_settings=_SESSION)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
