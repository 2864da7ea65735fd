"""The declared tables and the migrated schema are the same."""

from services.ingest.adapters import tables
from shared.adapters.postgres import connected_engine
from tests.contracts.migrated_schema import differences


async def test_migrated_schema_is_the_declared_one(database_url: str) -> None:
    async with connected_engine(database_url, role=None) as engine, engine.connect() as connection:
        assert await connection.run_sync(differences, tables.SCHEMA) == []
