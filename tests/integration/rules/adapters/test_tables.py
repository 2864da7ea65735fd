"""The declared tables and the migrated schema are the same."""

from services.rules.adapters import version_tables
from services.rules.adapters.tables import SCHEMA
from shared.adapters.postgres import connected_engine
from tests.contracts.migrated_schema import differences

assert version_tables  # its tables belong to the same metadata


async def test_migrated_schema_is_the_declared_one(database_url: str) -> None:
    async with connected_engine(database_url, role=None) as engine, engine.connect() as connection:
        assert await connection.run_sync(differences, SCHEMA) == []
