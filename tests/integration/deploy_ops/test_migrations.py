"""The migrations lead to one schema, whichever revision a database comes from."""

import asyncio

import asyncpg
from alembic import command

from deploy.migrations import alembic_config, migrate
from tests.fakes.query import write_city

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
