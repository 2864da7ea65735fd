"""What the rows of the simulated city share: its months, ids, and the inserting of rows given as mappings."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg

from shared.kernel.ids import stable_id
from shared.kernel.period import Period

ROOT = Path(__file__).resolve().parents[2]
CITY = "321300"
PLAN = "suqian-2024"
T0 = datetime(2024, 3, 28, 1, 30, tzinfo=UTC)
REPORTS = [Period.month(year, month) for year in (2024, 2025) for month in range(2, 13)][:18]
Row = Mapping[str, Any]


def recorded_at(period: Period) -> datetime:
    return datetime(period.end.year, period.end.month, 1, 1, 30, tzinfo=UTC) + timedelta(days=58)


def submission_id(feed: str, period: Period) -> str:
    return stable_id("sub", feed, str(period))


async def insert(connection: "asyncpg.Connection[asyncpg.Record]", table: str, rows: Iterable[Row]) -> None:
    """Insert rows; dicts and lists become jsonb."""
    for row in rows:
        marks = ", ".join(f"${index}" for index in range(1, len(row) + 1))
        values = [
            json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value for value in row.values()
        ]
        await connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", *values)
