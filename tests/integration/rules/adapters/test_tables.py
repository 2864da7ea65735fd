"""The declared tables and the migrated schema are the same."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection
from sqlmodel import SQLModel

from services.rules.adapters import version_tables
from services.rules.adapters.tables import SCHEMA
from shared.adapters.postgres import connected_engine

assert version_tables  # its tables belong to the same metadata


def _differences(connection: Connection) -> list[object]:
    def is_ours(name: str | None, kind: str, _parents: object) -> bool:
        return name == SCHEMA if kind == "schema" else True

    context = MigrationContext.configure(
        connection, opts={"include_schemas": True, "include_name": is_ours, "compare_server_default": True}
    )
    others = [table for table in SQLModel.metadata.tables.values() if table.schema != SCHEMA]
    return [
        difference
        for difference in compare_metadata(context, SQLModel.metadata)
        if not any(table is part for table in others for part in difference)
    ]


async def test_migrated_schema_is_the_declared_one(database_url: str) -> None:
    async with connected_engine(database_url, role=None) as engine, engine.connect() as connection:
        assert await connection.run_sync(_differences) == []
