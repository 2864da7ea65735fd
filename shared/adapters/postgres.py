"""PostgreSQL: the engine of a service, bound to its role, and the raw connection for COPY."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

SessionFactory = async_sessionmaker[AsyncSession]

PASSING_ERRORS: tuple[type[Exception], ...] = (
    OSError,
    asyncio.TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.InsufficientResourcesError,
    asyncpg.ReadOnlySQLTransactionError,
    InterfaceError,
    PoolTimeoutError,
)
"""Errors that mean the database is away, full or busy for now; the same work may succeed later."""


def is_passing(error: BaseException) -> bool:
    """Whether trying the same work again may help. SQLAlchemy wraps asyncpg's errors: look at the cause too."""
    if isinstance(error, PASSING_ERRORS):
        return True
    if isinstance(error, DBAPIError):
        if error.connection_invalidated:
            return True
        cause = error.orig.__cause__ if error.orig is not None else None
        return isinstance(cause, PASSING_ERRORS)
    return False


def driver_url(url: str) -> str:
    """Return the URL in SQLAlchemy's form for asyncpg."""
    return url.replace("postgresql://", "postgresql+asyncpg://", 1)


@asynccontextmanager
async def connected_engine(url: str, *, role: str | None, pool_size: int = 5) -> AsyncIterator[AsyncEngine]:
    """Open an engine whose connections act as `role` alone (least privilege); dispose of it at the end."""
    server_settings = {"application_name": role or "planwatch", "timezone": "UTC"}
    if role is not None:
        server_settings["role"] = role
    engine = create_async_engine(
        driver_url(url),
        pool_size=pool_size,
        max_overflow=0,
        pool_pre_ping=True,
        connect_args={"server_settings": server_settings, "timeout": 10, "command_timeout": 600},
    )
    try:
        yield engine
    finally:
        await engine.dispose()


def session_factory(engine: AsyncEngine) -> SessionFactory:
    """Return the maker of sessions; objects stay readable after commit."""
    return async_sessionmaker(engine, expire_on_commit=False)


async def raw_connection(session: AsyncSession) -> "asyncpg.Connection[asyncpg.Record]":
    """Return asyncpg's connection of this session, inside the session's transaction."""
    await session.execute(text("SELECT 1"))
    connection = await session.connection()
    raw = (await connection.get_raw_connection()).driver_connection
    if raw is None:
        raise asyncpg.InterfaceError("the session has no connection")
    return raw  # type: ignore[no-any-return]  # SQLAlchemy types it as Any


async def copy_to_staging(
    connection: "asyncpg.Connection[asyncpg.Record]",
    *,
    like: str,
    columns: Sequence[str],
    records: Iterable[Sequence[Any]],
    staging: str = "staging",
) -> None:
    """COPY records into a fresh temporary table shaped like `like` (without its constraints), dropped at commit."""
    await connection.execute(f"DROP TABLE IF EXISTS pg_temp.{staging}")
    await connection.execute(
        f"CREATE TEMP TABLE {staging} ON COMMIT DROP AS SELECT {', '.join(columns)} FROM {like} WITH NO DATA"
    )
    await connection.copy_records_to_table(staging, columns=list(columns), records=records)


async def is_reachable(engine: AsyncEngine) -> str | None:
    """Return None when the database answers, else why not (for `/readyz`)."""
    try:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
    except Exception as error:
        if not is_passing(error) and not isinstance(error, DBAPIError):
            raise
        return f"PostgreSQL does not answer: {type(error).__name__}"
    return None
