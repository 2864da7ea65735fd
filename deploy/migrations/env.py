"""Alembic's entry: connects with asyncpg and runs the revisions in one transaction."""

import asyncio

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from shared.adapters.postgres import driver_url

_LOCK = "SELECT pg_advisory_xact_lock(hashtext('planwatch.migrations'))"


def _run(connection: Connection) -> None:
    context.configure(connection=connection, version_table_schema="public", transaction_per_migration=False)
    with context.begin_transaction():
        connection.execute(text(_LOCK))
        context.run_migrations()


async def _migrate() -> None:
    engine = create_async_engine(driver_url(context.config.attributes["url"]), poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(_run)
    await engine.dispose()


asyncio.run(_migrate())
