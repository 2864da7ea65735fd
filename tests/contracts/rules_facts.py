"""What any store of facts must answer. Run against the in-memory one and PostgreSQL."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TypeVar

import pytest

from services.rules.application.ports import Database, FactStore, Stores
from services.rules.domain.evidence import shares_digest_of
from services.rules.domain.facts import (
    MembersQuestion,
    ProjectsQuestion,
    RatingsQuestion,
    RecognitionsQuestion,
)
from services.rules.domain.feed import Feed
from services.rules.domain.firm_facts import (
    AmountTotal,
    CandidatesQuestion,
    RegisterQuestion,
    RegisterTotalsQuestion,
    RevenueQuestion,
)
from services.rules.domain.quantity import FirmAmount, ProjectEvent
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
    gone_recognition,
    period,
    project,
    push,
    rating,
    recognition,
)

T = TypeVar("T")
JUNE = date(2024, 6, 30)
STARTS = ProjectsQuestion(CITY, ProjectEvent.STARTED, since=date(2024, 1, 1), until=JUNE, known_by=JUNE)
TOTALS = RegisterTotalsQuestion(CITY, period("2024-06"))
REGISTER = RegisterQuestion(CITY, 2024, date(2024, 12, 31))
CANDIDATES = CandidatesQuestion(CITY, period("2024-06"), 2000 * WAN)
RATINGS = RatingsQuestion(CITY)
TITLES = RecognitionsQuestion(CITY, ("national_giant", "champion"), date(2024, 6, 30))
GIANT = ("national_giant", "第六批")
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

    async def _facts(self, database: Database, *pushes: Push) -> "Answers":
        async with database.transaction() as stores:
            await keep(stores, *pushes)
        return Answers(database)

    async def test_the_row_of_the_latest_period_then_of_the_highest_sequence_counts(self, database: Database) -> None:
        facts = await self._facts(
            database,
            push(Feed.PROJECTS, "2024-05", [project("p", planned_total_yuan=3 * YI)], sequence=9),
            push(Feed.PROJECTS, "2024-06", [project("p", planned_total_yuan=7 * YI)], sequence=5),
            push(Feed.PROJECTS, "2024-06", [project("p", planned_total_yuan=6 * YI)], sequence=3),
            push(Feed.PROJECTS, "2024-07", [project("p", planned_total_yuan=1 * YI)], sequence=4),
        )
        (found,) = await facts.projects(STARTS)
        assert (found.planned_total_yuan, found.largest_total_yuan) == (7 * YI, 7 * YI)
        assert (found.version.period, found.version.sequence) == (period("2024-06"), 5)

    async def test_a_project_whose_latest_report_met_the_question_once_stays_in_the_answer(
        self, database: Database
    ) -> None:
        facts = await self._facts(
            database,
            push(Feed.PROJECTS, "2024-05", [project("c"), project("d")], sequence=3),
            push(Feed.PROJECTS, "2024-06", [project("a"), project("b")], sequence=1),
            push(Feed.PROJECTS, "2024-06", [project("d", start_evidence="pending")], sequence=4),
            push(
                Feed.PROJECTS,
                "2024-06",
                [project("a", start_evidence="pending"), gone_project("b")],
                sequence=2,
            ),
        )
        found = {fact.version.key: fact for fact in await facts.projects(STARTS)}
        assert [found[key].start_evidence for key in "abc"] == ["pending", "none", "accepted"]
        assert [found[key].version.removed for key in "abc"] == [False, True, False]
        assert "d" not in found  # its later report stands for the one that met the question

    async def test_what_a_submission_says_ends_where_later_reports_stand_for_all_of_it(
        self, database: Database
    ) -> None:
        both = push(Feed.PROJECTS, "2024-03", [project("a"), project("b")], sequence=5)
        one = push(Feed.PROJECTS, "2024-03", [project("a")], sequence=6)
        last = push(Feed.PROJECTS, "2024-06", [project("a")], sequence=1)
        none = push(Feed.PROJECTS, "2024-04", [], sequence=2)
        may = push(Feed.PROJECTS, "2024-05", [project("a"), gone_project("b")], sequence=3)
        await self._facts(database, may, last, none, both, one)
        ends = await _superseded(database, both, one, last, none)
        assert ends == [period("2024-05").end, period("2024-05").end, None, date(2024, 5, 1)]

    async def test_of_firms_later_reports_of_the_same_statistical_year_stand_for_what_was_said(
        self, database: Database
    ) -> None:
        december = push(Feed.ENTERPRISES, "2024-12", [firm("a")], sequence=1)
        february = push(Feed.ENTERPRISES, "2025-01/P2M", [firm("a")], sequence=2)
        march = push(Feed.ENTERPRISES, "2025-03", [firm("a")], sequence=3)
        await self._facts(database, december, february, march)
        assert await _superseded(database, december, february) == [period("2025-01/P2M").end, None]

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
        found = await facts.projects(STARTS)
        assert [fact.version.key for fact in found] == ["first-day", "last-day"]

    @pytest.mark.parametrize(
        ("event", "day"),
        [
            (ProjectEvent.SIGNED, "signed_on"),
            (ProjectEvent.FILED, "filed_on"),
            (ProjectEvent.LISTED, "listed_on"),
            (ProjectEvent.COMPLETED, "completed_on"),
            (ProjectEvent.IN_PRODUCTION, "production_on"),
        ],
    )
    async def test_each_event_of_a_project_is_asked_by_its_own_day(
        self, database: Database, event: ProjectEvent, day: str
    ) -> None:
        never = {"started_on": None, "start_evidence": "none"}
        told = {day: date(2024, 2, 1), **never}
        rows = [project("it", **told), project("started"), project("before", **{**told, day: date(2023, 12, 31)})]
        facts = await self._facts(database, push(Feed.PROJECTS, "2024-06", rows, sequence=1))
        (found,) = await facts.projects(replace(STARTS, event=event))
        assert (found.version.key, found.occurred_on, found.started_on) == ("it", date(2024, 2, 1), None)

    async def test_a_project_tells_what_it_is_chosen_and_summed_by(self, database: Database) -> None:
        row = project(
            "p",
            kind="retrofit",
            industry="2651",
            planned_equipment_yuan=YI,
            completed_prior_yuan=2 * YI,
            completed_ytd_yuan=3 * YI,
        )
        facts = await self._facts(database, push(Feed.PROJECTS, "2024-06", [row], sequence=1))
        (found,) = await facts.projects(STARTS)
        assert (found.kind, found.industry, found.planned_equipment_yuan) == ("retrofit", "2651", YI)
        assert (found.completed_prior_yuan, found.completed_ytd_yuan) == (2 * YI, 3 * YI)

    async def test_an_event_of_the_window_may_become_known_by_a_later_report(self, database: Database) -> None:
        december = replace(STARTS, until=date(2024, 12, 31), known_by=date(2025, 2, 28))
        late = push(Feed.PROJECTS, "2025-01/P2M", [project("late", started_on=date(2024, 12, 30))], sequence=1)
        facts = await self._facts(database, late)
        assert [fact.version.key for fact in await facts.projects(december)] == ["late"]
        assert await facts.projects(replace(december, known_by=date(2024, 12, 31))) == ()

    async def test_the_register_is_summed_by_area_and_industry(self, database: Database) -> None:
        rows = [
            firm("a", revenue_ytd_yuan=3, energy_ytd_tce=Decimal("1.25")),
            firm("b", revenue_ytd_yuan=4, profit_ytd_yuan=-7),
            firm("c", revenue_ytd_yuan=5, industry="2651"),
            firm("d", revenue_ytd_yuan=6, area="321323"),
            firm("outside", revenue_ytd_yuan=9, above_scale=False),
        ]
        facts = await self._facts(database, push(Feed.ENTERPRISES, "2024-06", rows, sequence=1))
        totals = await facts.register_totals(TOTALS)
        assert [(one.area, one.industry, one.firms) for one in totals.groups] == [
            (COUNTY, "1512", 2),
            (COUNTY, "2651", 1),
            ("321323", "1512", 1),
        ]
        first = totals.groups[0]
        assert first.sums[FirmAmount.REVENUE] == AmountTotal(Decimal(7), 0)
        assert first.sums[FirmAmount.PROFIT] == AmountTotal(Decimal(-7), 1)
        assert first.sums[FirmAmount.ENERGY] == AmountTotal(Decimal("1.25"), 1)
        assert first.sums[FirmAmount.RD] == AmountTotal(Decimal(0), 2)
        assert (first.submissions, totals.considered) == (("sub_000001",), 4)

    async def test_firms_that_left_the_register_by_the_end_of_the_period_are_not_in_it(
        self, database: Database
    ) -> None:
        rows = [
            firm("last-day", exited_on=date(2024, 6, 30)),
            firm("next-day", exited_on=date(2024, 7, 1)),
            firm("stays"),
        ]
        facts = await self._facts(database, push(Feed.ENTERPRISES, "2024-06", rows, sequence=1))
        assert [one.firms for one in (await facts.register_totals(TOTALS)).groups] == [2]

    async def test_the_register_counts_newest_versions_and_its_digest_covers_who_was_ever_in_it(
        self, database: Database
    ) -> None:
        facts = await self._facts(
            database,
            push(Feed.ENTERPRISES, "2024-06", [firm("a"), firm("b"), firm("c"), firm("d")], sequence=1),
            push(Feed.ENTERPRISES, "2024-06", [firm("a", above_scale=False), gone_firm("b")], sequence=4),
            push(Feed.ENTERPRISES, "2024-06", [firm("c", revenue_ytd_yuan=1)], sequence=2),
            push(Feed.ENTERPRISES, "2024-06", [firm("never", above_scale=False)], sequence=3),
            push(Feed.ENTERPRISES, "2024-05", [firm("e")], sequence=5),
        )
        totals = await facts.register_totals(TOTALS)
        assert [(one.firms, one.sums[FirmAmount.REVENUE].total) for one in totals.groups] == [(2, 5 * YI + 1)]
        assert (totals.groups[0].submissions, totals.considered) == (("sub_000001", "sub_000002"), 4)
        assert totals.digest == shares_digest_of({"4": 2, "2": 1, "1": 1})

    async def test_a_register_without_firms_is_empty_and_not_unknown(self, database: Database) -> None:
        facts = await self._facts(database, push(Feed.ENTERPRISES, "2024-06", [], sequence=1))
        totals = await facts.register_totals(TOTALS)
        assert (totals.groups, totals.considered, totals.digest) == ((), 0, shares_digest_of({}))

    async def test_rows_of_an_incomplete_submission_are_not_known(self, database: Database) -> None:
        whole = push(Feed.PROJECTS, "2024-06", [project("a"), project("b")], sequence=1)
        half = replace(whole, rows=whole.rows[:1])
        facts = await self._facts(database, half)
        assert await facts.projects(STARTS) == ()
        async with database.transaction() as stores:
            assert (await stores.facts.ledger(CITY)).reports == ()
            await keep(stores, whole)
        assert len(await facts.projects(STARTS)) == 2

    async def test_rows_of_another_city_are_not_answers(self, database: Database) -> None:
        facts = await self._facts(database, push(Feed.PROJECTS, "2024-06", [project("a")], sequence=1, city="320600"))
        assert await facts.projects(STARTS) == ()

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
        assert first == shares_digest_of({"1:2:3": 1, "4::": 1})
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
        assert {one.industry for one in found} == {"1512"}
        assert [(one.version.key, one.revenue_yuan, one.before_yuan, one.largest_yuan) for one in found] == [
            ("a", 10 * YI, 9 * YI, 10 * YI),
            ("b", 8 * YI, None, 11 * YI),
        ]

    async def test_class_d_is_final_and_told_round_by_round(self, database: Database) -> None:
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
        assert found.rounds == (2022, 2023)
        assert [(one.uscc, one.year, one.name, one.area) for one in found.firms] == [
            ("old", 2022, "old", COUNTY),
            ("d", 2023, "示例企业d", COUNTY),
            ("u", 2023, "u", COUNTY),
        ]
        assert {one.year for one in found.newest} == {2023}

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
        found = await facts.class_d(RATINGS)
        assert (found.rounds, found.firms) == ((2023,), ())

    async def test_titles_are_those_of_the_kinds_granted_on_or_before_the_day(self, database: Database) -> None:
        rows = [
            recognition("b", *GIANT, granted_on=date(2024, 6, 30), name="示例企业b"),
            recognition("a", "champion", "2023年", level="provincial", granted_on=date(2019, 1, 1), area="321323"),
            recognition("late", *GIANT, granted_on=date(2024, 7, 1)),
            recognition("other", "gazelle", "2024年", level="municipal"),
        ]
        facts = await self._facts(
            database,
            push(Feed.RECOGNITIONS, "2024-08", rows, sequence=1),
            push(Feed.RECOGNITIONS, "2024-06", [recognition("c", *GIANT)], sequence=2, city="320600"),
        )
        found = await facts.recognitions(TITLES)
        assert [(one.version.key, one.uscc, one.name, one.level, one.area) for one in found] == [
            ("a|champion|2023年", "a", None, "provincial", "321323"),
            ("b|national_giant|第六批", "b", "示例企业b", "national", COUNTY),
        ]
        assert [(one.kind, one.batch, one.granted_on, one.revoked_on) for one in found] == [
            ("champion", "2023年", date(2019, 1, 1), None),
            (*GIANT, date(2024, 6, 30), None),
        ]

    async def test_each_batch_of_a_title_is_an_answer_of_its_own(self, database: Database) -> None:
        rows = [recognition("a", *GIANT), recognition("a", "national_giant", "2024年复核")]
        facts = await self._facts(database, push(Feed.RECOGNITIONS, "2024-06", rows, sequence=1))
        assert [one.batch for one in await facts.recognitions(TITLES)] == ["2024年复核", "第六批"]

    async def test_the_newest_version_of_a_title_wins_whatever_period_reported_it(self, database: Database) -> None:
        facts = await self._facts(
            database,
            push(Feed.RECOGNITIONS, "2024", [recognition("a", *GIANT)], sequence=3),
            push(Feed.RECOGNITIONS, "2024-05", [recognition("a", *GIANT, revoked_on=date(2024, 6, 1))], sequence=4),
            push(Feed.RECOGNITIONS, "2025-03", [recognition("a", *GIANT, area="321323")], sequence=2),
        )
        (found,) = await facts.recognitions(TITLES)
        assert (found.area, found.revoked_on) == (COUNTY, date(2024, 6, 1))
        assert (found.version.period, found.version.sequence) == (period("2024-05"), 4)

    async def test_a_title_granted_in_time_once_stays_in_the_answer(self, database: Database) -> None:
        facts = await self._facts(
            database,
            push(
                Feed.RECOGNITIONS,
                "2024-06",
                [recognition("gone", *GIANT, name="示例企业"), recognition("later", *GIANT)],
                sequence=1,
            ),
            push(
                Feed.RECOGNITIONS,
                "2024-07",
                [gone_recognition("gone", *GIANT), recognition("later", *GIANT, granted_on=date(2024, 7, 1))],
                sequence=2,
            ),
            push(Feed.RECOGNITIONS, "2024-07", [gone_recognition("never", *GIANT)], sequence=3),
        )
        found = await facts.recognitions(TITLES)
        assert [(one.uscc, one.version.removed, one.granted_on) for one in found] == [
            ("gone", True, None),
            ("later", False, date(2024, 7, 1)),
        ]
        assert (found[0].name, found[0].level, found[0].area) == (None, "", "")

    async def test_firms_with_titles_are_looked_up_in_the_register_of_the_period(self, database: Database) -> None:
        holders = [recognition(key, *GIANT) for key in ("in", "out", "left", "gone", "silent")]
        rows = [
            firm("in"),
            firm("out", above_scale=False),
            firm("left", exited_on=date(2024, 6, 30)),
            firm("gone"),
            firm("untitled"),
        ]
        facts = await self._facts(
            database,
            push(Feed.RECOGNITIONS, "2024-03", [*holders, recognition("other", "gazelle", "2024年")], sequence=1),
            push(Feed.ENTERPRISES, "2024-06", [*rows, firm("other")], sequence=2),
            push(Feed.ENTERPRISES, "2024-06", [gone_firm("gone")], sequence=3),
            push(Feed.ENTERPRISES, "2024-05", [firm("silent")], sequence=4),
        )
        found = await facts.register_members(MembersQuestion(CITY, period("2024-06"), ("national_giant",)))
        assert [(one.version.key, one.version.sequence, one.is_registered) for one in found] == [
            ("gone", 3, False),
            ("in", 2, True),
            ("left", 2, False),
            ("out", 2, False),
        ]

    async def test_the_newest_version_of_a_source_is_what_it_states_whenever_it_arrives(
        self, database: Database
    ) -> None:
        facts = await self._facts(
            database,
            push(Feed.INDICATORS, "2024-06", [figure(GROWTH, "5.5")], sequence=4),
            push(Feed.INDICATORS, "2024-06", [figure(GROWTH, "6.1")], sequence=2),
        )
        found = await facts.figures([GROWTH, replace(GROWTH, basis="month")])
        assert {of: [str(fact.value) for fact in stated] for of, stated in found.items()} == {GROWTH: ["5.5"]}

    async def test_a_figure_that_left_is_known_as_removed(self, database: Database) -> None:
        facts = await self._facts(
            database,
            push(Feed.INDICATORS, "2024-06", [figure(GROWTH, "5.5")], sequence=1),
            push(Feed.INDICATORS, "2024-06", [gone_figure(GROWTH)], sequence=2),
        )
        (stated,) = (await facts.figures([GROWTH]))[GROWTH]
        assert (stated.version.removed, stated.authority, stated.rank) == (True, "", None)
        async with database.transaction() as stores:
            assert await stores.facts.known_cells([(GROWTH.indicator, GROWTH.area)]) == {GROWTH}
            assert await stores.facts.touched_cells("sub_000002") == {GROWTH}


async def _superseded(database: Database, *pushes: Push) -> list[date | None]:
    async with database.transaction() as stores:
        settled = await stores.intake.settle([one.submission_id for one in pushes], now=T0)
        found = {one.submission.submission_id: await stores.facts.superseded_from(one.submission) for one in settled}
    return [found[one.submission_id] for one in pushes]


class Answers:
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
