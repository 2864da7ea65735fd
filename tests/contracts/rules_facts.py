"""What any store of facts must answer. Run against the in-memory one and PostgreSQL."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

import pytest

from services.rules.application.ports import Database, FactStore, Stores
from services.rules.domain.evidence import digest_of
from services.rules.domain.facts import (
    CandidatesQuestion,
    RatingsQuestion,
    RegisterQuestion,
    RevenueQuestion,
    StartsQuestion,
)
from services.rules.domain.feed import Feed
from tests.contracts.rules_rows import (
    CITY,
    COUNTY,
    T0,
    WAN,
    YI,
    MakeRow,
    Push,
    cell,
    figure,
    firm,
    gone_figure,
    gone_firm,
    gone_project,
    gone_rating,
    period,
    project,
    push,
    rating,
)

T = TypeVar("T")
STARTS = StartsQuestion(CITY, date(2024, 1, 1), date(2024, 6, 30))
REGISTER = RegisterQuestion(CITY, 2024, date(2024, 12, 31))
CANDIDATES = CandidatesQuestion(CITY, period("2024-06"), 2000 * WAN)
RATINGS = RatingsQuestion(CITY)
GROWTH = cell("profit-growth", "2024-06", measure="growth", basis="ytd")


async def keep(stores: Stores, *pushes: Push) -> None:
    """Store submissions and mark them complete, without judging."""
    for one in pushes:
        await stores.intake.store_rows(one.rows)
        await stores.intake.announce([one.announcement])
    await stores.intake.settle([one.submission_id for one in pushes], now=T0)


class FactStoreContract:
    """Inherit, and give a fixture `database`."""

    @pytest.fixture
    def database(self) -> Database:
        raise NotImplementedError

    async def _facts(self, database: Database, *pushes: Push) -> "_Answers":
        async with database.transaction() as stores:
            await keep(stores, *pushes)
        return _Answers(database)

    async def test_the_row_of_the_latest_period_then_of_the_highest_sequence_counts(self, database: Database) -> None:
        facts = await self._facts(
            database,
            push(Feed.PROJECTS, "2024-05", [project("p", planned_total_yuan=3 * YI)], sequence=9),
            push(Feed.PROJECTS, "2024-06", [project("p", planned_total_yuan=7 * YI)], sequence=5),
            push(Feed.PROJECTS, "2024-06", [project("p", planned_total_yuan=6 * YI)], sequence=3),
            push(Feed.PROJECTS, "2024-07", [project("p", planned_total_yuan=1 * YI)], sequence=4),
        )
        (found,) = await facts.project_starts(STARTS)
        assert (found.planned_total_yuan, found.largest_total_yuan) == (7 * YI, 7 * YI)
        assert (found.version.period, found.version.sequence) == (period("2024-06"), 5)

    async def test_a_project_that_met_the_question_once_stays_in_the_answer(self, database: Database) -> None:
        facts = await self._facts(
            database,
            push(Feed.PROJECTS, "2024-05", [project("a"), project("b"), project("c")], sequence=1),
            push(
                Feed.PROJECTS,
                "2024-06",
                [project("a", start_evidence="pending"), gone_project("b")],
                sequence=2,
            ),
        )
        found = {fact.version.key: fact for fact in await facts.project_starts(STARTS)}
        assert [found[key].start_evidence for key in "abc"] == ["pending", "none", "accepted"]
        assert [found[key].version.removed for key in "abc"] == [False, True, False]

    async def test_a_project_started_outside_the_dates_or_without_evidence_is_no_answer(
        self, database: Database
    ) -> None:
        rows = [
            project("early", started_on=date(2023, 12, 31)),
            project("late", started_on=date(2024, 7, 1)),
            project("pending", start_evidence="pending"),
            project("first-day", started_on=date(2024, 1, 1)),
            project("last-day", started_on=date(2024, 6, 30)),
        ]
        facts = await self._facts(database, push(Feed.PROJECTS, "2024-06", rows, sequence=1))
        found = await facts.project_starts(STARTS)
        assert [fact.version.key for fact in found] == ["first-day", "last-day"]

    async def test_rows_of_an_incomplete_submission_are_not_known(self, database: Database) -> None:
        whole = push(Feed.PROJECTS, "2024-06", [project("a"), project("b")], sequence=1)
        half = replace(whole, rows=whole.rows[:1])
        facts = await self._facts(database, half)
        assert await facts.project_starts(STARTS) == ()
        async with database.transaction() as stores:
            assert (await stores.facts.ledger(CITY)).submissions == ()
            await keep(stores, whole)
        assert len(await facts.project_starts(STARTS)) == 2

    async def test_rows_of_another_city_are_not_answers(self, database: Database) -> None:
        facts = await self._facts(database, push(Feed.PROJECTS, "2024-06", [project("a")], sequence=1, city="320600"))
        assert await facts.project_starts(STARTS) == ()

    async def test_register_moves_are_those_of_the_statistical_year(self, database: Database) -> None:
        rows = [
            firm("february", entered_on=date(2024, 2, 29)),
            firm("march", entered_on=date(2024, 3, 1), entry_kind="new"),
            firm("left", entered_on=date(2015, 1, 1), exited_on=date(2024, 5, 20), exit_kind="closed"),
            firm("old", entered_on=date(2015, 1, 1)),
            firm("never", above_scale=False),
        ]
        facts = await self._facts(
            database,
            push(Feed.ENTERPRISES, "2024-06", rows, sequence=1),
            push(Feed.ENTERPRISES, "2024-07", [firm("march", entered_on=date(2024, 3, 2))], sequence=2),
        )
        found = {fact.version.key: fact for fact in await facts.register_moves(REGISTER)}
        assert sorted(found) == ["left", "march"]
        assert found["march"].entered_on == date(2024, 3, 2)

    async def test_the_annual_batch_of_the_next_january_belongs_to_the_year_before(self, database: Database) -> None:
        rows = [firm("batch", entered_on=date(2025, 2, 10), entry_kind="grown")]
        facts = await self._facts(database, push(Feed.ENTERPRISES, "2025-01/P2M", rows, sequence=1))
        assert [
            fact.version.key for fact in await facts.register_moves(replace(REGISTER, until=date(2025, 2, 28)))
        ] == ["batch"]
        assert await facts.register_moves(replace(REGISTER, year=2025, until=date(2025, 2, 28))) == ()

    async def test_a_submission_moves_the_register_when_a_firm_of_it_ever_did(self, database: Database) -> None:
        first = push(Feed.ENTERPRISES, "2024-06", [firm("a", entered_on=date(2024, 5, 1)), firm("b")], sequence=1)
        silent = push(Feed.ENTERPRISES, "2024-06", [firm("b")], sequence=2)
        corrected = push(Feed.ENTERPRISES, "2024-06", [gone_firm("a")], sequence=3)
        await self._facts(database, first, silent, corrected)
        async with database.transaction() as stores:
            moves = [await stores.facts.moves_register(one.submission_id) for one in (first, silent, corrected)]
        assert moves == [True, False, True]

    async def test_candidates_passed_the_line_in_the_last_twelve_months(self, database: Database) -> None:
        facts = await self._facts(database, *_history("at", (900, 1800, 700)), *_history("below", (899, 1800, 700), 10))
        answer = await facts.candidates(CANDIDATES)
        assert [(one.uscc, one.revenue_yuan) for one in answer.candidates] == [("at", 2000 * WAN)]
        assert answer.untold == 0

    async def test_a_firm_with_a_report_missing_is_untold_and_no_candidate(self, database: Database) -> None:
        june, _, _ = _history("new", (9000, 0, 0))
        facts = await self._facts(database, june)
        answer = await facts.candidates(CANDIDATES)
        assert (answer.candidates, answer.untold) == ((), 1)

    async def test_registered_suspended_and_removed_firms_are_no_candidates(self, database: Database) -> None:
        rows = [
            firm("registered", above_scale=True),
            firm("suspended", above_scale=False, operating_status="suspended"),
            firm("gone", above_scale=False),
        ]
        facts = await self._facts(
            database,
            push(Feed.ENTERPRISES, "2024-06", rows, sequence=1),
            push(Feed.ENTERPRISES, "2024-06", [gone_firm("gone")], sequence=2),
        )
        answer = await facts.candidates(CANDIDATES)
        assert (answer.candidates, answer.untold) == ((), 0)

    async def test_the_digest_of_candidates_covers_every_row_looked_at(self, database: Database) -> None:
        facts = await self._facts(
            database, *_history("at", (900, 1800, 700)), _history("other", (900, 1800, 700), 4)[0]
        )
        first = (await facts.candidates(CANDIDATES)).digest
        assert first == digest_of(["at:1:2:3", "other:4::"])
        async with database.transaction() as stores:
            await keep(stores, _history("at", (900, 1800, 700), 20)[1])
        assert (await facts.candidates(CANDIDATES)).digest != first

    async def test_revenues_stand_beside_those_of_the_december_before(self, database: Database) -> None:
        question = RevenueQuestion(CITY, period("2024-12"), 10 * YI)
        facts = await self._facts(
            database,
            push(Feed.ENTERPRISES, "2023-12", [firm("a", revenue_ytd_yuan=9 * YI), firm("c")], sequence=1),
            push(
                Feed.ENTERPRISES,
                "2024-12",
                [
                    firm("a", revenue_ytd_yuan=10 * YI),
                    firm("b", revenue_ytd_yuan=11 * YI),
                    firm("c", revenue_ytd_yuan=10 * YI - 1),
                ],
                sequence=2,
            ),
            push(Feed.ENTERPRISES, "2024-12", [firm("b", revenue_ytd_yuan=8 * YI)], sequence=3),
        )
        found = await facts.revenues(question)
        assert [(one.version.key, one.revenue_yuan, one.before_yuan, one.largest_yuan) for one in found] == [
            ("a", 10 * YI, 9 * YI, 10 * YI),
            ("b", 8 * YI, None, 11 * YI),
        ]

    async def test_class_d_is_final_and_of_the_newest_round(self, database: Database) -> None:
        facts = await self._facts(
            database,
            push(Feed.ENTERPRISES, "2024-06", [firm("d")], sequence=1),
            push(
                Feed.RATINGS,
                "2024-07",
                [rating("d", 2023, "D"), rating("t", 2023, "T"), rating("u", 2023, "D"), rating("old", 2022, "D")],
                sequence=2,
            ),
            push(Feed.RATINGS, "2025-06", [rating("x", 2024, "D", stage="public_notice")], sequence=3),
        )
        found = await facts.class_d(RATINGS)
        assert [(one.uscc, one.year, one.name, one.area) for one in found] == [
            ("d", 2023, "示例企业d", COUNTY),
            ("u", 2023, "u", COUNTY),
        ]

    async def test_a_rating_objected_to_or_gone_is_no_longer_final(self, database: Database) -> None:
        facts = await self._facts(
            database,
            push(
                Feed.RATINGS,
                "2024-07",
                [rating("a", 2023, "D"), rating("b", 2023, "D"), rating("c", 2023, "A")],
                sequence=1,
            ),
            push(
                Feed.RATINGS, "2024-08", [rating("a", 2023, "D", stage="objected"), gone_rating("b", 2023)], sequence=2
            ),
        )
        assert await facts.class_d(RATINGS) == ()

    async def test_the_newest_version_of_a_figure_wins_whenever_it_arrives(self, database: Database) -> None:
        facts = await self._facts(
            database,
            push(Feed.INDICATORS, "2024-06", [figure(GROWTH, "5.5")], sequence=4),
            push(Feed.INDICATORS, "2024-06", [figure(GROWTH, "6.1")], sequence=2),
        )
        found = await facts.figures([GROWTH, replace(GROWTH, basis="month")])
        assert {fact_cell: str(fact.value) for fact_cell, fact in found.items()} == {GROWTH: "5.5"}

    async def test_a_figure_that_left_is_known_as_removed(self, database: Database) -> None:
        facts = await self._facts(
            database,
            push(Feed.INDICATORS, "2024-06", [figure(GROWTH, "5.5")], sequence=1),
            push(Feed.INDICATORS, "2024-06", [gone_figure(GROWTH)], sequence=2),
        )
        found = await facts.figures([GROWTH])
        assert found[GROWTH].version.removed
        async with database.transaction() as stores:
            assert await stores.facts.known_cells(["profit-growth"]) == {GROWTH}
            assert await stores.facts.touched_cells("sub_000002") == {GROWTH}


class _Answers:
    """Each question in a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __getattr__(self, name: str):  # type: ignore[no-untyped-def]
        async def ask(question: object) -> object:
            async with self._database.transaction() as stores:
                facts: FactStore = stores.facts
                return await getattr(facts, name)(question)

        return ask


def _history(uscc: str, revenues: Sequence[int], sequence: int = 1) -> tuple[Push, Push, Push]:
    """Reports of June, of December before and of June before, with these revenues in 万元."""

    def report(when: str, revenue: int, number: int) -> Push:
        rows: list[MakeRow] = [firm(uscc, above_scale=False, revenue_ytd_yuan=revenue * WAN)]
        return push(Feed.ENTERPRISES, when, rows, sequence=number)

    return (
        report("2024-06", revenues[0], sequence),
        report("2023-12", revenues[1], sequence + 1),
        report("2023-06", revenues[2], sequence + 2),
    )
