"""Ticks over PostgreSQL: kept in the journal, told through the outbox, and by any replica once."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from services.rules.adapters.postgres_uow import PostgresDatabase
from services.rules.adapters.tick_loop import TickLoop
from services.rules.application.ports import Database
from shared.adapters.postgres import SessionFactory
from shared.contracts.findings import FindingChanged
from shared.reference.areas import Areas
from shared.reference.units_of_measure import UnitsOfMeasure
from tests.contracts.rules_duties import DUTIES
from tests.contracts.rules_rows import CITY
from tests.contracts.rules_ticks import AUGUST, CATALOGUE, SEPTEMBER, TickContract, prepare, receive, tick
from tests.integration.rules.conftest import DATA
from tests.integration.rules.example_plans import ExamplePlans

MONDAY = date(2026, 10, 19)


@pytest.fixture
def owing(sessions: SessionFactory, topic_prefix: str) -> PostgresDatabase:
    return PostgresDatabase(
        sessions,
        areas=Areas.load(DATA / "areas.csv"),
        units=UnitsOfMeasure.load(DATA / "units_of_measure.csv"),
        topic_prefix=topic_prefix,
        duties=DUTIES,
    )


class TestTicksInPostgres(TickContract):
    @pytest.fixture(autouse=True)
    def _use(self, owing: PostgresDatabase) -> None:
        self._owing = owing

    def make_database(self) -> Database:
        return ExamplePlans(self._owing, CATALOGUE)


async def _all(sessions: SessionFactory, statement: str) -> list[Any]:
    async with sessions.begin() as session:
        return list((await session.execute(text(statement))).scalars())


async def _told(sessions: SessionFactory) -> list[FindingChanged]:
    """Every finding in the outbox, in order."""
    bodies = await _all(sessions, "SELECT body FROM rules.outbox ORDER BY position")
    return [FindingChanged.model_validate(orjson.loads(body)) for body in bodies]


async def test_two_replicas_that_tick_at_once_tell_it_once(owing: PostgresDatabase, sessions: SessionFactory) -> None:
    database = ExamplePlans(owing, CATALOGUE)
    await prepare(database, AUGUST)
    assert sorted(await asyncio.gather(*(tick(database, MONDAY) for _ in range(4)))) == [False, False, False, True]
    assert await _all(sessions, "SELECT subjects[1] FROM rules.evaluations WHERE cause = 'tick'") == ["2026-10-19"]
    assert [one.kind for one in await _told(sessions)] == ["lagging", "feed_overdue", "lagging"]


async def test_a_tick_while_the_report_arrives_ends_in_the_same_state(
    owing: PostgresDatabase, sessions: SessionFactory
) -> None:
    database = ExamplePlans(owing, CATALOGUE)
    await prepare(database, AUGUST)
    await tick(database, MONDAY)
    await asyncio.gather(receive(database, SEPTEMBER), tick(database, date(2026, 10, 20)))
    await tick(database, date(2026, 10, 21))
    last = {one.kind: one for one in await _told(sessions)}
    assert [(run.since, run.ended_by) for run in last["feed_overdue"].runs or ()] == [("2026-09", "2026-09")]
    assert last["lagging"].stale_since is None


async def test_the_parent_tells_what_is_missing_and_the_child_only_that_it_is_stale(
    owing: PostgresDatabase, sessions: SessionFactory
) -> None:
    database = ExamplePlans(owing, CATALOGUE)
    await prepare(database, AUGUST)
    await tick(database, MONDAY)
    child, parent, stale = await _told(sessions)
    assert (parent.target_id, parent.judgement, [one.entity for one in parent.subjects]) == (
        "feed/projects",
        None,
        ["2026-09"],
    )
    assert parent.subjects[0].detail.endswith("截至2026年10月19日已逾期1个工作日")
    assert (child.stale_since, stale.stale_since, stale.state) == (None, "2026-09", "breach")
    assert stale.target_id == child.target_id


async def test_the_loop_takes_the_day_in_china(owing: PostgresDatabase) -> None:
    database = ExamplePlans(owing, CATALOGUE)
    await prepare(database, AUGUST)
    late_in_the_evening = datetime(2026, 10, 16, 15, 59, tzinfo=UTC)
    instants = iter([late_in_the_evening, late_in_the_evening + timedelta(minutes=1)])
    woken: list[str] = []
    loop = TickLoop(
        database,
        cities=(CITY,),
        clock=lambda: next(instants),
        interval=timedelta(minutes=5),
        told=lambda: woken.append("told"),
    )
    await loop.tick()
    assert woken == []
    await loop.tick()
    assert woken == ["told"]
