"""The tables a service declares and the migrated schema must be the same."""

from collections.abc import Iterable
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Table
from sqlmodel import SQLModel


def differences(connection: Connection, schema: str) -> list[Any]:
    """Return what Alembic would change in the schema; tables of other services share the metadata and are left out."""

    def is_ours(name: str | None, kind: str, _parents: object) -> bool:
        return name == schema if kind == "schema" else True

    context = MigrationContext.configure(
        connection, opts={"include_schemas": True, "include_name": is_ours, "compare_server_default": True}
    )
    found = compare_metadata(context, SQLModel.metadata)
    return [difference for difference in found if not _is_foreign(difference, schema)]


def _is_foreign(difference: Any, schema: str) -> bool:
    parts: Iterable[Any] = difference if isinstance(difference, tuple) else ()
    tables = [part if isinstance(part, Table) else getattr(part, "table", None) for part in parts]
    return any(isinstance(table, Table) and table.schema != schema for table in tables)
