"""The ranks of the data file in PostgreSQL: names rank there as they do in the file, and no version of them is lost."""

import csv
from pathlib import Path

from sqlalchemy import text

from services.rules.adapters.plan_files import read_authorities
from services.rules.adapters.postgres_uow import PostgresDatabase
from services.rules.domain.feed import Feed
from shared.adapters.postgres import SessionFactory
from shared.reference.authorities import Authorities
from tests.contracts.rules_facts import keep
from tests.contracts.rules_rows import T0, cell, figure, push

DATA = Path(__file__).resolve().parents[3] / "data"
CELL = cell("profit-growth", "2024-06", measure="growth", basis="ytd")


def names() -> list[str]:
    with (DATA / "published_figures.csv").open(encoding="utf-8", newline="") as file:
        published = {row["authority"] for row in csv.DictReader(file)}
    return sorted(
        {*published, "国家统计局", "国家统计局江苏调查总队", "宿迁市统计局", "海关", "示例论坛", "宿迁_统计公报%"}
    )


async def test_every_name_ranks_in_the_database_as_it_does_in_the_file(database: PostgresDatabase) -> None:
    known = Authorities.load(DATA / "authorities.csv")
    statements = [
        push(Feed.INDICATORS, "2024-06", [figure(CELL, "1", authority=name)], sequence=number, source=name)
        for number, name in enumerate(names(), start=1)
    ]
    async with database.transaction() as stores:
        await stores.authorities.store(read_authorities(DATA), now=T0)
        await keep(stores, *statements)
        stated = (await stores.facts.figures([CELL]))[CELL]
    expected = {name: line.rank if (line := known.find(name)) else None for name in names()}
    assert {one.authority: one.rank for one in stated} == expected
    assert expected["示例论坛"] is None


async def test_ranks_that_changed_are_a_version_beside_the_one_before(
    database: PostgresDatabase, sessions: SessionFactory
) -> None:
    ranks = read_authorities(DATA)
    for version in (ranks, ranks, ranks[1:]):
        async with database.transaction() as stores:
            await stores.authorities.store(version, now=T0)
    async with sessions.begin() as session:
        kept = await session.execute(text("SELECT version, count(*) FROM rules.authorities GROUP BY 1 ORDER BY 1"))
        assert [tuple(row) for row in kept] == [(1, len(ranks)), (2, len(ranks) - 1)]
