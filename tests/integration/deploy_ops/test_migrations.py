"""The migrations lead to one schema, whichever revision a database comes from."""

import asyncio

import asyncpg
from alembic import command

from deploy.migrations import alembic_config, migrate
from tests.fakes.query import write_city

BEFORE_AS_OF = "0015"
RECIPIENTS = "SELECT DISTINCT recipient FROM query.notices WHERE channel = 'webhook'"


async def test_a_database_of_before_shows_webhooks_by_their_host_alone_once_it_is_migrated(database_url: str) -> None:
    await asyncio.to_thread(command.downgrade, alembic_config(database_url), "0005")
    await asyncio.to_thread(migrate, database_url)
    connection = await asyncpg.connect(database_url)
    try:
        await write_city(connection)
        assert await connection.fetchval(RECIPIENTS) == "https://fgw.units.example"
    finally:
        await connection.close()


async def test_without_time_travel_the_views_are_as_they_were(database_url: str) -> None:
    await asyncio.to_thread(command.downgrade, alembic_config(database_url), "base")
    await asyncio.to_thread(command.upgrade, alembic_config(database_url), BEFORE_AS_OF)
    before = await _views(database_url)
    await asyncio.to_thread(migrate, database_url)
    assert await _views(database_url) != before
    await asyncio.to_thread(command.downgrade, alembic_config(database_url), BEFORE_AS_OF)
    assert await _views(database_url) == before


async def _views(database_url: str) -> dict[str, str]:
    connection = await asyncpg.connect(database_url)
    try:
        rows = await connection.fetch("SELECT viewname, definition FROM pg_views WHERE schemaname = 'query'")
        return {row["viewname"]: row["definition"] for row in rows}
    finally:
        await connection.close()
