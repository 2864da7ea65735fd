import asyncio
from datetime import UTC, date, datetime
from itertools import permutations

import pytest

from services.rules.application.ports import Database
from services.rules.domain.feed import Feed
from services.rules.domain.finding import Finding, FindingKind
from services.rules.domain.status import Status
from tests.contracts.rules_duties import DUTIES
from tests.contracts.rules_rows import CITY, Push, period, push
from tests.contracts.rules_ticks import (
    AUGUST,
    CATALOGUE,
    DUE,
    OCTOBER,
    SEPTEMBER,
    TickContract,
    prepare,
    receive,
    report,
    tick,
)
from tests.fakes.rules import InMemoryDatabase


async def loaded(*pushes: Push) -> InMemoryDatabase:
    database = InMemoryDatabase(CATALOGUE, DUTIES)
    await prepare(database, *pushes)
    return database


class TestTicksInMemory(TickContract):
    def make_database(self) -> Database:
        return InMemoryDatabase(CATALOGUE, DUTIES)


def told(database: InMemoryDatabase, kind: FindingKind) -> list[Finding]:
    return [one for _, one in database.state.findings if one.key.kind is kind]


def overdue(database: InMemoryDatabase) -> Finding:
    return told(database, FindingKind.FEED_OVERDUE)[-1]


def lagging(database: InMemoryDatabase) -> Finding:
    return told(database, FindingKind.LAGGING)[-1]


async def test_a_report_that_does_not_come_is_told_to_who_owes_it_with_how_late_it_is() -> None:
    database = await loaded(AUGUST)
    assert not await tick(database, DUE)
    assert await tick(database, date(2026, 10, 19))
    finding = overdue(database)
    assert (finding.key.target_id, finding.key.area, str(finding.period)) == ("feed/projects", CITY, "2026-09")
    assert [unit.name for unit in finding.units if unit.answers] == ["市商务局"]
    assert finding.judged is None
    (missing,) = finding.subjects
    assert (missing.entity, missing.name) == ("2026-09", "2026年9月项目报表")
    assert missing.detail + missing.note == ("报送截止日为2026年10月16日，截至2026年10月19日已逾期1个工作日")


async def test_a_tick_that_finds_nothing_new_writes_nothing() -> None:
    database = await loaded(AUGUST)
    assert [await tick(database, date(2026, 10, day)) for day in (17, 17, 19, 23)] == [True, False, False, False]
    assert [entry.cause for _, entry in database.state.rounds] == ["plans", "submissions", "tick"]
    assert database.state.rounds[-1][1].subjects == ("2026-10-17", f"calendar@{DUTIES.digest}")


async def test_it_worsens_with_age() -> None:
    database = await loaded(AUGUST)
    for day in range(17, 31):
        await tick(database, date(2026, 10, day))
    assert [one.severity for one in told(database, FindingKind.FEED_OVERDUE)] == ["yellow", "red"]


async def test_a_stopped_scheduler_catches_up_and_tells_each_breach_once() -> None:
    database = await loaded(AUGUST)
    assert await tick(database, date(2026, 11, 30))
    assert not await tick(database, date(2026, 11, 30))
    (finding,) = told(database, FindingKind.FEED_OVERDUE)
    assert [str(one.run.since) for one in finding.runs] == ["2026-09"]
    assert [one.entity for one in finding.subjects] == ["2026-09", "2026-10"]


async def test_what_came_late_while_the_scheduler_stood_still_is_not_lost() -> None:
    database = await loaded(AUGUST, SEPTEMBER)
    assert await tick(database, date(2026, 10, 21))
    assert [(str(one.run.since), str(one.run.ended_by)) for one in overdue(database).runs] == [("2026-09", "2026-09")]
    assert not overdue(database).is_breach


async def test_a_day_before_the_last_tick_takes_nothing_back() -> None:
    database = await loaded(AUGUST)
    await tick(database, date(2026, 10, 19))
    assert not await tick(database, date(2026, 10, 1))
    assert overdue(database).is_breach


async def test_the_report_ends_it_in_its_own_round() -> None:
    database = await loaded(AUGUST)
    await tick(database, date(2026, 10, 19))
    await receive(database, SEPTEMBER)
    finding = overdue(database)
    assert not finding.is_breach
    assert [(str(one.run.until), str(one.run.ended_by)) for one in finding.runs] == [("2026-09", "2026-09")]
    assert [one.submission_id for one in finding.triggers] == [SEPTEMBER.submission_id]
    assert not await tick(database, date(2026, 10, 21))


async def test_a_report_accepted_in_time_that_reached_this_service_late_takes_the_breach_back() -> None:
    database = await loaded(AUGUST)
    await tick(database, date(2026, 10, 19))
    await receive(database, report("2026-09", DUE, sequence=2))
    finding = overdue(database)
    assert (finding.is_breach, finding.runs) == (False, ())
    assert [str(one.since) for one in finding.corrected] == ["2026-09"]


async def test_a_breach_whose_feed_falls_silent_is_stale_and_nothing_else_is_told() -> None:
    database = await loaded(AUGUST)
    assert lagging(database).stale_since is None
    before = len(database.state.findings)
    await tick(database, date(2026, 10, 19))
    finding = lagging(database)
    assert finding.is_breach
    assert (str(finding.period), str(finding.stale_since)) == ("2026-08", "2026-09")
    assert [one.key.kind for _, one in database.state.findings[before:]] == [
        FindingKind.FEED_OVERDUE,
        FindingKind.LAGGING,
    ]


async def test_figures_that_come_again_refresh_it() -> None:
    database = await loaded(AUGUST)
    await tick(database, date(2026, 10, 19))
    await receive(database, SEPTEMBER)
    assert (lagging(database).is_breach, lagging(database).stale_since) == (True, None)
    assert str(lagging(database).period) == "2026-09"


async def test_a_correction_during_the_silence_leaves_it_stale() -> None:
    database = await loaded(AUGUST)
    await tick(database, date(2026, 10, 19))
    await receive(database, report("2026-08", date(2026, 10, 20), sequence=2, count=2))
    assert str(lagging(database).stale_since) == "2026-09"


async def test_a_silent_feed_opens_no_alert_of_a_target_that_was_on_its_way() -> None:
    database = await loaded(report("2026-08", date(2026, 9, 10), sequence=1, count=50))
    await tick(database, date(2026, 12, 31))
    assert told(database, FindingKind.LAGGING) == []
    assert overdue(database).is_breach


async def test_another_feed_that_makes_the_period_known_opens_none_either() -> None:
    database = await loaded(report("2026-08", date(2026, 9, 10), sequence=1, count=50))
    await tick(database, date(2026, 10, 19))
    other = push(Feed.RECOGNITIONS, "2026-09", [], sequence=2, recorded_at=datetime(2026, 10, 19, tzinfo=UTC))
    await receive(database, other)
    verdicts = {one.period: one.status for one in database.state.verdicts}
    assert verdicts[period("2026-09")] is Status.NO_DATA
    assert told(database, FindingKind.LAGGING) == []


async def test_without_a_tick_nothing_is_overdue() -> None:
    database = await loaded(AUGUST, OCTOBER)
    assert told(database, FindingKind.FEED_OVERDUE) == []


async def test_what_comes_from_a_simulated_source_says_so() -> None:
    database = await loaded(report("2026-08", date(2026, 9, 10), sequence=1, simulated=True))
    await tick(database, date(2026, 10, 19))
    assert overdue(database).simulated


@pytest.mark.parametrize("order", list(permutations((AUGUST, SEPTEMBER, OCTOBER))))
def test_the_order_in_which_reports_reach_this_service_leaves_no_trace(order: tuple[Push, ...]) -> None:
    async def end() -> list[tuple[str, ...]]:
        database = await loaded()
        for one in order:
            await receive(database, one)
            await tick(database, date(2026, 11, 21))
        return [
            (str(one.run.since), str(one.run.until), str(one.run.ended_by), one.run.worst)
            for one in overdue(database).runs
        ]

    assert asyncio.run(end()) == [
        ("2026-09", "2026-09", "2026-09", "yellow"),
        ("2026-10", "2026-10", "2026-10", "red"),
    ]
