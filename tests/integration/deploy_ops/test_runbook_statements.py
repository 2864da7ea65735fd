"""Every SQL statement of the runbooks runs on the schema as the migrations make it."""

import re
from pathlib import Path

import asyncpg
import pytest

RUNBOOKS = Path(__file__).resolve().parents[3] / "docs" / "runbooks"
STATEMENTS = [
    pytest.param(statement, id=f"{page.stem}-{number}")
    for page in sorted(RUNBOOKS.glob("*.md"))
    for number, statement in enumerate(
        re.findall(r'psql -U \w+ planwatch -c "([^"]+)"', page.read_text(encoding="utf-8")), 1
    )
]


@pytest.fixture
async def connection(database_url: str) -> "asyncpg.Connection[asyncpg.Record]":
    return await asyncpg.connect(database_url)


@pytest.mark.parametrize("statement", STATEMENTS)
async def test_statement_runs(connection: "asyncpg.Connection[asyncpg.Record]", statement: str) -> None:
    try:
        await connection.fetch(statement)
    finally:
        await connection.close()
