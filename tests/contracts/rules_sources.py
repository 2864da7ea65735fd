"""What must hold where several sources state one published figure. Run against the in-memory stores and PostgreSQL."""

import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice, permutations

import pytest

from services.rules.application.catalogue import Catalogue
from services.rules.application.gather_facts import gather_facts
from services.rules.application.load_plans import LoadPlans, load_plans
from services.rules.application.ports import Database, Stores
from services.rules.application.receive_batch import ReceiveBatch, receive_batch
from services.rules.domain.authority import RankedAuthority
from services.rules.domain.derivation import evidence_of, questions_of
from services.rules.domain.evidence import Evidence
from services.rules.domain.facts import FigureFact
from services.rules.domain.feed import Feed
from services.rules.domain.figure_sources import ruling_of
from services.rules.domain.judged import head_of
from services.rules.domain.pace import AtHorizon
from services.rules.domain.quantity import ReportedFigure
from services.rules.domain.status import Status
from services.rules.domain.verdict import Verdict, judge
from services.rules.domain.wording import Text
from tests.contracts.rules_rows import CITY, T0, Push, cell, figure, gone_figure, period, push
from tests.contracts.rules_targets import target

BUREAU, PRESS, FORUM = "示例统计局", "示例日报", "示例论坛"
RANKS = tuple(
    RankedAuthority(pattern, rank, Text(pattern, pattern), "示例")
    for pattern, rank in (("国家统计局", 10), ("*统计局", 30), ("*市*局", 90), ("*日报", 170))
)
"""A forum is not among them: it comes last."""
JUDGED = target("8", derivation=ReportedFigure("growth", ("ytd",)), unit="%", pace=AtHorizon())
SOURCES_CATALOGUE = Catalogue((JUDGED,), ())
CELL = cell(JUDGED.indicator.id, "2024-12", measure="growth", basis="ytd")
DECEMBER = period("2024-12")


def state(value: str | None, sequence: int, *, by: str, authority: str = BUREAU, status: str = "final") -> Push:
    """Make a submission by which a source states the figure, or with None takes it back."""
    row = gone_figure(CELL) if value is None else figure(CELL, value, status=status, authority=authority)
    return push(Feed.INDICATORS, "2024-12", [row], sequence=sequence, source=by)


def any_statements(dice: random.Random, count: int) -> tuple[Push, ...]:
    """Statements of three sources with equal and different values, removals, statuses and authorities."""
    return tuple(
        state(
            dice.choice([None, "7.0", "8.0", "9.0"]),
            sequence,
            by=dice.choice(["bureau", "press", "forum"]),
            authority=dice.choice([BUREAU, PRESS, FORUM]),
            status=dice.choice(["final", "provisional"]),
        )
        for sequence in range(1, count + 1)
    )


@dataclass(frozen=True, slots=True)
class _End:
    """What a sequence of submissions ends in: the governing figure, what is told of it, and the verdict's id."""

    governing: FigureFact | None
    reasons: tuple[str, ...]
    verdict_id: str


class _Undone(Exception):  # noqa: N818  it undoes a transaction and tells no error
    """Rolls back what a test tried."""


class FigureSourcesContract:
    """Inherit, say in `orders` how many orders of arrival are tried, and give a fixture `database`."""

    orders: int

    @pytest.fixture
    def database(self) -> Database:
        raise NotImplementedError

    async def test_every_source_is_answered_for_with_the_rank_of_its_authority(self, database: Database) -> None:
        async with database.transaction() as stores:
            await stores.authorities.store(RANKS, now=T0)
            await _receive(
                stores,
                state("6.3", 3, by="press", authority=PRESS, status="provisional"),
                state("7.6", 1, by="bureau"),
                state("7.5", 2, by="forum", authority=FORUM),
                state(None, 4, by="forum"),
            )
            stated = (await stores.facts.figures([CELL]))[CELL]
        assert [(one.source, str(one.value), one.authority, one.status, one.rank) for one in stated if one.rank] == [
            ("bureau", "7.6", BUREAU, "final", 30),
            ("press", "6.3", PRESS, "provisional", 170),
        ]
        assert [(one.source, one.version.removed, one.version.sequence) for one in stated if not one.rank] == [
            ("forum", True, 4)
        ]

    @pytest.mark.parametrize(
        ("authority", "rank"),
        [
            pytest.param("国家统计局", 10, id="the whole name"),
            pytest.param("统计局", 30, id="a star stands for nothing too"),
            pytest.param("示例市统计局", 30, id="the first line that fits, though a later one does too"),
            pytest.param("示例市商务局", 90, id="a star in the middle"),
            pytest.param("示例市商务局（代章）", None, id="the end must fit"),
            pytest.param("国家统计局_", None, id="an underline stands for itself"),
        ],
    )
    async def test_the_first_pattern_that_fits_the_name_says_the_rank(
        self, database: Database, authority: str, rank: int | None
    ) -> None:
        async with database.transaction() as stores:
            await stores.authorities.store(RANKS, now=T0)
            await _receive(stores, state("7.6", 1, by="it", authority=authority))
            (stated,) = (await stores.facts.figures([CELL]))[CELL]
        assert stated.rank == rank

    async def test_the_same_ranks_again_are_no_new_version(self, database: Database) -> None:
        async with database.transaction() as stores:
            assert [await stores.authorities.store(ranks, now=T0) for ranks in (RANKS, RANKS, RANKS[1:])] == [
                True,
                False,
                True,
            ]

    async def test_other_ranks_judge_again_what_sources_differ_on(self, database: Database) -> None:
        press_first = tuple(replace(one, rank=1) if one.pattern == "*日报" else one for one in RANKS)
        conflict = (state("8", 1, by="bureau"), state("7", 2, by="press", authority=PRESS))
        async with database.transaction() as stores:
            await load_plans(stores, _load(RANKS), now=T0)
            await _receive(stores, *conflict)
            assert str((await _judged(stores)).actual) == "8"
            changed = (await load_plans(stores, _load(press_first), now=T0)).verdicts
            assert [(str(one.period), str(one.actual)) for one in changed] == [("2024-12", "7")]
            assert (await load_plans(stores, _load(press_first), now=T0)).verdicts == ()

    @pytest.mark.parametrize("seed", range(12))
    async def test_statements_end_in_the_same_figure_and_verdict_in_any_order(
        self, database: Database, seed: int
    ) -> None:
        dice = random.Random(seed)  # noqa: S311  a test's dice
        orders = list(permutations(any_statements(dice, 3 + seed % 3)))
        dice.shuffle(orders)
        ends = [await _end_of(database, order) for order in islice(orders, self.orders)]
        assert ends == [ends[0]] * len(ends)

    async def test_a_verdict_without_a_light_tells_the_last_one_of_its_period_that_had_one(
        self, database: Database
    ) -> None:
        low, high = (judge(JUDGED, Evidence(actual=Fraction(number)), period=DECEMBER) for number in (0, 10**9))
        silent = [replace(high, verdict_id=f"silent-{one}", status=one) for one in (Status.NO_DATA, Status.SUSPENDED)]
        async with database.transaction() as stores:
            await stores.verdicts.append((low, high, *silent), now=T0, correlation_id="c")
            head = (await stores.verdicts.heads(CITY, [JUDGED.id]))[JUDGED.id][DECEMBER]
        assert (head.status, head.lit) == (Status.SUSPENDED, head_of(high))


async def _receive(stores: Stores, *pushes: Push) -> None:
    """Receive each submission by itself, judging in between."""
    for one in pushes:
        await receive_batch(stores, ReceiveBatch(rows=one.rows, announcements=(one.announcement,)), now=T0)


def _load(ranks: Sequence[RankedAuthority]) -> LoadPlans:
    return LoadPlans(plans=(), correlation_id="load", authorities=tuple(ranks))


async def _judged(stores: Stores) -> Verdict:
    ledger = await stores.facts.ledger(CITY)
    facts = await gather_facts(stores.facts, questions_of(JUDGED, DECEMBER, ledger))
    return judge(JUDGED, evidence_of(JUDGED, DECEMBER, facts, ledger), period=DECEMBER)


async def _end_of(database: Database, order: Sequence[Push]) -> _End:
    """Receive the statements, in a transaction that is undone; the verdict that is kept must be the one they give."""
    ends: list[_End] = []
    with suppress(_Undone):
        async with database.transaction() as stores:
            await stores.authorities.store(RANKS, now=T0)
            await _receive(stores, *order)
            verdict = await _judged(stores)
            kept = await stores.verdicts.heads(CITY, [JUDGED.id])
            assert kept[JUDGED.id][DECEMBER].verdict_id == verdict.verdict_id
            governing = ruling_of((await stores.facts.figures([CELL]))[CELL]).governing
            ends.append(_End(governing, tuple(reason.zh for reason in verdict.reasons), verdict.verdict_id))
            raise _Undone
    return ends[0]
