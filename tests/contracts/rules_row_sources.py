"""What must hold where several sources report one firm, project, rating or title. Run against the in-memory stores and PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import pytest

from services.rules.application.catalogue import Catalogue
from services.rules.application.load_plans import LoadPlans, load_plans
from services.rules.application.ports import Database
from services.rules.application.receive_batch import ReceiveBatch, receive_batch
from services.rules.domain.evidence import shares_digest_of
from services.rules.domain.facts import MembersQuestion, RecognitionsQuestion
from services.rules.domain.feed import Feed
from services.rules.domain.firm_facts import CandidatesQuestion, RegisterQuestion, RevenueQuestion
from services.rules.domain.quantity import FirmAmount
from tests.contracts.rules_facts import GIANT, JUNE, RATINGS, STARTS, TITLES, TOTALS, Answers, keep
from tests.contracts.rules_rows import (
    CITY,
    COUNTY,
    T0,
    WAN,
    YI,
    MakeRow,
    Push,
    firm,
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
from tests.contracts.rules_sources import BUREAU, FORUM, PRESS, RANKS
from tests.contracts.rules_targets import target

AUTHORITIES = {"bureau": BUREAU, "office": "另一统计局", "press": PRESS, "forum": FORUM, "nobody": None}
"""By source; a forum is not among the ranked ones, and nobody names none."""
ROWS_CATALOGUE = Catalogue((target(),), ())
SMALL, BIG = 3 * YI, 7 * YI


@dataclass(frozen=True, slots=True)
class Said:
    """A version of one cell: by whom, its investment in 亿元 (None when it left), and in which period."""

    by: str
    total: int | None
    when: str = "2024-06"

    def push(self, sequence: int) -> Push:
        row = gone_project("p") if self.total is None else project("p", planned_total_yuan=self.total * YI)
        return sent(Feed.PROJECTS, self.by, [row], sequence, when=self.when)


def sent(feed: Feed, by: str, rows: Sequence[MakeRow], sequence: int, *, when: str = "2024-06") -> Push:
    """Make a submission of a source with its authority."""
    return push(feed, when, rows, sequence=sequence, source=by, authority=AUTHORITIES[by])


class RowSourcesContract:
    """Inherit, and give a fixture `database` that judges by `ROWS_CATALOGUE`."""

    @pytest.fixture
    def database(self) -> Database:
        raise NotImplementedError

    @pytest.mark.parametrize(
        ("said", "governing"),
        [
            pytest.param(
                [Said("bureau", 7), Said("press", 3)], 1, id="a later one of a lower authority changes nothing"
            ),
            pytest.param([Said("press", 3), Said("bureau", 7), Said("press", 4)], 2, id="wherever it stands"),
            pytest.param([Said("bureau", 7), Said("press", 3), Said("bureau", 5)], 3, id="its own correction does"),
            pytest.param([Said("bureau", 7), Said("office", 3)], 2, id="of equal authorities the newest"),
            pytest.param([Said("press", 7), Said("forum", 3)], 1, id="one that nobody ranked comes last"),
            pytest.param([Said("press", 7), Said("nobody", 3)], 1, id="one that is not named comes last"),
            pytest.param([Said("forum", 7), Said("nobody", 3)], 2, id="of those the newest"),
            pytest.param([Said("press", 3), Said("bureau", None)], 1, id="a source takes nothing from another one"),
            pytest.param([Said("bureau", 7), Said("press", 3), Said("bureau", None)], 2, id="it leaves it to the next"),
            pytest.param(
                [Said("press", 3), Said("press", None), Said("bureau", None)], 3, id="none is left: the newest removal"
            ),
            pytest.param([Said("bureau", 7), Said("bureau", None), Said("press", None)], 3, id="whoever made it"),
            pytest.param([Said("bureau", 7, "2024-05"), Said("press", 3)], 2, id="the latest period decides as ever"),
            pytest.param(
                [Said("bureau", 7, "2024-05"), Said("bureau", 7), Said("bureau", None), Said("press", None)],
                4,
                id="and an earlier one does not come back",
            ),
        ],
    )
    async def test_the_best_authority_then_the_newest_governs(
        self, database: Database, said: Sequence[Said], governing: int
    ) -> None:
        pushes = [one.push(sequence) for sequence, one in enumerate(said, start=1)]
        facts = await self._facts(database, *pushes)
        (found,) = await facts.projects(STARTS)
        total = said[governing - 1].total
        assert (found.version.sequence, found.version.removed) == (governing, total is None)
        assert found.planned_total_yuan == (total or 0) * YI

    async def test_it_is_answered_when_any_source_met_the_question(self, database: Database) -> None:
        facts = await self._facts(
            database,
            sent(Feed.PROJECTS, "bureau", [project("p", planned_total_yuan=SMALL, start_evidence="pending")], 1),
            sent(Feed.PROJECTS, "press", [project("p", planned_total_yuan=BIG)], 2),
        )
        (found,) = await facts.projects(STARTS)
        assert (found.start_evidence, found.planned_total_yuan, found.largest_total_yuan) == ("pending", SMALL, BIG)

    @pytest.mark.parametrize(
        ("others", "is_disputed"),
        [
            pytest.param([sent(Feed.PROJECTS, "press", [project("p", kind="retrofit")], 2)], True, id="says otherwise"),
            pytest.param(
                [sent(Feed.PROJECTS, "press", [project("p", name="另一名称")], 2)], False, id="names it otherwise"
            ),
            pytest.param(
                [sent(Feed.PROJECTS, "press", [project("q", kind="retrofit")], 2)], False, id="of another project"
            ),
            pytest.param(
                [sent(Feed.PROJECTS, "press", [project("p", kind="retrofit")], 2, when="2024-05")],
                False,
                id="in an earlier period",
            ),
            pytest.param(
                [
                    sent(Feed.PROJECTS, "press", [project("p", kind="retrofit")], 2),
                    sent(Feed.PROJECTS, "press", [gone_project("p")], 3),
                ],
                False,
                id="took it back",
            ),
            pytest.param(
                [sent(Feed.PROJECTS, "bureau", [project("p", kind="retrofit")], 0)], False, id="the same corrected it"
            ),
        ],
    )
    async def test_a_project_is_disputed_while_another_source_says_otherwise(
        self, database: Database, others: Sequence[Push], *, is_disputed: bool
    ) -> None:
        facts = await self._facts(database, sent(Feed.PROJECTS, "bureau", [project("p")], 1), *others)
        (found,) = [one for one in await facts.projects(STARTS) if one.version.key == "p"]
        assert (found.kind, found.is_disputed) == ("new", is_disputed)

    async def test_another_city_and_another_feed_have_sources_of_their_own(self, database: Database) -> None:
        facts = await self._facts(
            database,
            sent(Feed.PROJECTS, "bureau", [project("p", planned_total_yuan=BIG)], 1),
            sent(Feed.ENTERPRISES, "press", [firm("p")], 2),
            push(
                Feed.PROJECTS, "2024-06", [project("p")], sequence=3, source="bureau", authority=BUREAU, city="320600"
            ),
            sent(Feed.PROJECTS, "bureau", [project("p", planned_total_yuan=SMALL)], 4),
        )
        (found,) = await facts.projects(STARTS)
        assert found.planned_total_yuan == SMALL

    async def test_a_submission_that_is_not_complete_counts_for_no_source(self, database: Database) -> None:
        late = sent(Feed.PROJECTS, "bureau", [project("p", planned_total_yuan=BIG), project("q")], 2)
        facts = await self._facts(
            database,
            sent(Feed.PROJECTS, "bureau", [project("p", planned_total_yuan=SMALL)], 1),
            replace(late, rows=late.rows[:1]),
            sent(Feed.PROJECTS, "press", [project("p", planned_total_yuan=BIG)], 3),
        )
        (found,) = await facts.projects(STARTS)
        assert (found.planned_total_yuan, found.version.sequence) == (SMALL, 1)

    async def test_the_register_is_summed_by_the_rows_that_govern(self, database: Database) -> None:
        facts = await self._facts(
            database,
            sent(Feed.ENTERPRISES, "bureau", [firm(key, revenue_ytd_yuan=10) for key in "abc"], 1),
            sent(Feed.ENTERPRISES, "press", [firm("a", revenue_ytd_yuan=99), gone_firm("b"), firm("d")], 2),
            sent(Feed.ENTERPRISES, "bureau", [gone_firm("c"), firm("d", above_scale=False)], 3),
        )
        totals = await facts.register_totals(TOTALS)
        (group,) = totals.groups
        assert (group.firms, group.sums[FirmAmount.REVENUE].total) == (2, 20)
        assert (totals.considered, totals.digest) == (4, shares_digest_of({"1": 2, "3": 2}))
        assert totals.disputed == {(COUNTY, "1512"): 2}

    async def test_firms_are_disputed_where_what_counts_differs_and_both_still_say_it(self, database: Database) -> None:
        same = {"name": "另一名称", "employees": 7, "energy_ytd_tce": Decimal("1.50")}
        facts = await self._facts(
            database,
            sent(Feed.ENTERPRISES, "bureau", [firm(key, energy_ytd_tce=Decimal("1.5")) for key in "abcd"], 1),
            sent(
                Feed.ENTERPRISES,
                "press",
                [firm("a", **same), firm("b", exited_on=JUNE), firm("c", profit_ytd_yuan=1)],
                2,
            ),
            sent(Feed.ENTERPRISES, "press", [gone_firm("c"), firm("d", area="321323")], 3),
            sent(Feed.ENTERPRISES, "office", [firm("d", area="321323", industry="2651")], 4),
        )
        totals = await facts.register_totals(TOTALS)
        assert totals.disputed == {(COUNTY, "1512"): 1, ("321323", "2651"): 1}

    async def test_moves_revenues_and_members_are_those_of_the_rows_that_govern(self, database: Database) -> None:
        entered = {"entered_on": date(2024, 5, 1), "entry_kind": "new"}
        facts = await self._facts(
            database,
            sent(Feed.RECOGNITIONS, "bureau", [recognition("a", *GIANT)], 1),
            sent(Feed.ENTERPRISES, "bureau", [firm("a", revenue_ytd_yuan=YI, **entered)], 2),
            sent(Feed.ENTERPRISES, "press", [firm("a", revenue_ytd_yuan=9 * YI, above_scale=False)], 3),
            sent(Feed.ENTERPRISES, "bureau", [firm("a", revenue_ytd_yuan=2)], 4, when="2023-12"),
            sent(Feed.ENTERPRISES, "press", [firm("a", revenue_ytd_yuan=3)], 5, when="2023-12"),
        )
        (moved,) = await facts.register_moves(RegisterQuestion(CITY, 2024, date(2024, 12, 31)))
        (revenue,) = await facts.revenues(RevenueQuestion(CITY, period("2024-06"), YI))
        (member,) = await facts.register_members(MembersQuestion(CITY, period("2024-06"), ("national_giant",)))
        assert (moved.version.sequence, moved.entered_on) == (2, date(2024, 5, 1))
        assert (revenue.revenue_yuan, revenue.largest_yuan, revenue.before_yuan) == (YI, 9 * YI, 2)
        assert (member.version.sequence, member.is_registered) == (2, True)

    async def test_candidates_are_told_from_the_rows_that_govern(self, database: Database) -> None:
        def outside(revenue: int) -> list[MakeRow]:
            return [firm("a", above_scale=False, revenue_ytd_yuan=revenue * WAN)]

        facts = await self._facts(
            database,
            sent(Feed.ENTERPRISES, "bureau", outside(900), 1),
            sent(Feed.ENTERPRISES, "press", [firm("a")], 2),
            sent(Feed.ENTERPRISES, "bureau", outside(1800), 3, when="2023-12"),
            sent(Feed.ENTERPRISES, "press", outside(1), 4, when="2023-12"),
            sent(Feed.ENTERPRISES, "press", outside(700), 5, when="2023-06"),
        )
        found = await facts.candidates(CandidatesQuestion(CITY, period("2024-06"), 2000 * WAN))
        assert [(one.uscc, one.revenue_yuan, one.submission_id) for one in found.candidates] == [
            ("a", 2000 * WAN, "sub_000001")
        ]
        assert found.digest == shares_digest_of({"1:3:5": 1})

    async def test_between_equal_authorities_a_final_rating_goes_first(self, database: Database) -> None:
        public = {"stage": "public_notice"}
        facts = await self._facts(
            database,
            sent(Feed.RATINGS, "bureau", [rating("equal", 2023, "D"), rating("own", 2023, "D")], 1),
            sent(Feed.RATINGS, "office", [rating("equal", 2023, "A", **public)], 2),
            sent(Feed.RATINGS, "bureau", [rating("own", 2023, "D", stage="objected")], 3),
            sent(Feed.RATINGS, "press", [rating("better", 2023, "D"), rating("kept", 2022, "D")], 4),
            sent(Feed.RATINGS, "bureau", [rating("better", 2023, "D", **public), gone_rating("kept", 2022)], 5),
        )
        found = await facts.class_d(RATINGS)
        assert found.rounds == (2022, 2023)
        assert [(one.uscc, one.year, one.submission_id) for one in found.firms] == [
            ("kept", 2022, "sub_000004"),
            ("equal", 2023, "sub_000001"),
        ]

    async def test_a_title_is_what_the_best_authority_says_whatever_period_reported_it(
        self, database: Database
    ) -> None:
        facts = await self._facts(
            database,
            sent(Feed.RECOGNITIONS, "bureau", [recognition("a", *GIANT), recognition("b", *GIANT)], 1),
            sent(Feed.RECOGNITIONS, "press", [recognition("a", *GIANT, revoked_on=JUNE)], 2, when="2024-07"),
            sent(Feed.RECOGNITIONS, "press", [gone_recognition("b", *GIANT)], 3, when="2024-07"),
        )
        found = await facts.recognitions(RecognitionsQuestion(CITY, TITLES.kinds, JUNE))
        assert [(one.uscc, one.version.sequence, one.revoked_on) for one in found] == [("a", 1, None), ("b", 1, None)]

    async def test_other_ranks_judge_again_what_several_sources_send(self, database: Database) -> None:
        press_first = tuple(replace(one, rank=1) if one.pattern == "*日报" else one for one in RANKS)
        pushes = (
            sent(Feed.PROJECTS, "bureau", [project("p", planned_total_yuan=12 * YI)], 1),
            sent(Feed.PROJECTS, "press", [project("p", planned_total_yuan=SMALL)], 2),
        )
        async with database.transaction() as stores:
            await load_plans(stores, LoadPlans(plans=(), correlation_id="load", authorities=RANKS), now=T0)
            for one in pushes:
                await receive_batch(stores, ReceiveBatch(rows=one.rows, announcements=(one.announcement,)), now=T0)
            command = LoadPlans(plans=(), correlation_id="load", authorities=press_first)
            changed = (await load_plans(stores, command, now=T0)).verdicts
            assert [(str(one.period), str(one.actual)) for one in changed] == [("2024-06", "0")]

    async def _facts(self, database: Database, *pushes: Push) -> Answers:
        async with database.transaction() as stores:
            await stores.authorities.store(RANKS, now=T0)
            await keep(stores, *pushes)
        return Answers(database)
