"""Three years of every feed are known; a correction of May of the first year judges again what rests on it, and nothing else."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import pytest

from services.alerts.domain.finding import FindingKind
from services.rules.application.catalogue import Catalogue
from services.rules.domain.feed import Feed
from shared.kernel.period import Period
from tests.contracts.rules_revisions import growth
from tests.contracts.rules_rows import WAN, YI, MakeRow, Push, firm, project, push, rating, recognition
from tests.contracts.rules_scenario import SIGNAL_RULES
from tests.contracts.rules_targets import example_targets
from tests.fakes.chain import Chain, ChainEnd, end_of, events_of

YEARS = (2024, 2025, 2026)
MAY = "2024-05"
CATALOGUE = Catalogue(tuple(target for year in YEARS for target in example_targets(year)), SIGNAL_RULES)
REPORTS = tuple(Period.month(year, month) for year in YEARS for month in (1, *range(3, 13)))
TWELVE = {"planned_total_yuan": 12 * YI, "started_on": date(2024, 4, 20)}
OUTSIDE = {"above_scale": False}


def firms(report: Period) -> list[MakeRow]:
    entered = date(report.year, 3, 9) if report.end >= date(report.year, 3, 31) else None
    return [
        firm("above", revenue_ytd_yuan=report.last_month * YI),
        firm("below", revenue_ytd_yuan=report.last_month * 150 * WAN, **OUTSIDE),
        firm(f"new-{report.year}", entered_on=entered, entry_kind="new"),
    ]


def projects(report: Period) -> list[MakeRow]:
    begun = {"planned_total_yuan": 12 * YI, "started_on": report.end}
    rows = [project(f"{report}-{number}", **begun) for number in range(3 * report.last_month % 7)]
    if str(report) == MAY:
        rows += [project("once", **TWELVE), project("again", **TWELVE)]
    if str(report) == "2024-08":
        rows.append(project("again", **TWELVE))
    return rows


def ratings(report: Period) -> list[MakeRow]:
    return [rating("above", report.year - 1, "BCD"[report.year % 3])] if report.last_month == 7 else []


def titles(report: Period) -> list[MakeRow]:
    granted = {"granted_on": date(report.year, 5, 20)}
    return [recognition("above", "national_giant", f"{report.year}", **granted)] if report.last_month == 5 else []


def figures(report: Period) -> list[MakeRow]:
    return [growth(str(report), f"{report.last_month * 8 % 11}.5")]


FEEDS = (
    (Feed.ENTERPRISES, firms),
    (Feed.PROJECTS, projects),
    (Feed.RATINGS, ratings),
    (Feed.RECOGNITIONS, titles),
    (Feed.INDICATORS, figures),
)


@cache
def three_years() -> tuple[Push, ...]:
    """Every feed of every report, in the order of the calendar, and the firms of the December before."""
    due = [(Period.month(2023, 12), *FEEDS[0]), *((report, feed, rows) for report in REPORTS for feed, rows in FEEDS)]
    return tuple(
        push(feed, str(report), rows(report), sequence=number) for number, (report, feed, rows) in enumerate(due, 1)
    )


@dataclass(frozen=True, slots=True)
class Correction:
    """A row of May 2024 that replaces the one known, and the verdicts that rest on it: target and period."""

    feed: Feed
    row: MakeRow
    anew: frozenset[tuple[str, str]]

    def push(self, sequence: int) -> Push:
        return push(self.feed, MAY, [self.row], sequence=sequence)


def _verdicts(target: str, *periods: str) -> frozenset[tuple[str, str]]:
    return frozenset((f"example-plan/{target}", period) for period in periods)


CORRECTIONS = {
    # A month's cumulative growth is judged in that month alone.
    "a figure": Correction(Feed.INDICATORS, growth(MAY, "1.5"), _verdicts("t/growth@2024", MAY)),
    # Nothing later tells of the project: it counts in May and in every month of 2024 after it, and not in 2025, whose
    # target counts what is started in 2025.
    "a project told of once": Correction(
        Feed.PROJECTS,
        project("once", planned_total_yuan=9 * YI, started_on=date(2024, 4, 20)),
        _verdicts("m1/starts-10yi@2024", *(f"2024-{month:02}" for month in range(5, 13))),
    ),
    # August's report of the same project stands for May's from August on.
    "a project told of again": Correction(
        Feed.PROJECTS,
        project("again", planned_total_yuan=9 * YI, started_on=date(2024, 4, 20)),
        _verdicts("m1/starts-10yi@2024", MAY, "2024-06", "2024-07"),
    ),
    # A firm of the register counts in its month: among the firms, with its revenue, over the line of 1亿元 (of all firms
    # and newly), and as the register's firm that holds a title.
    "a firm above scale": Correction(
        Feed.ENTERPRISES,
        firm("above", revenue_ytd_yuan=4 * YI),
        _verdicts("t/register@2024", MAY)
        | _verdicts("t/revenue@2024", MAY)
        | _verdicts("t/share@2024", MAY)
        | _verdicts("m18/crossing@2024", MAY)
        | _verdicts("t/grants@2024", MAY),
    ),
    # One below scale counts only as a candidate, by the revenue of its last twelve months: in May by this year's part of
    # it, and in May a year later by the part of the year before.
    "a firm below scale": Correction(
        Feed.ENTERPRISES,
        firm("below", revenue_ytd_yuan=1000 * WAN, **OUTSIDE),
        _verdicts("m20/net@2024", MAY) | _verdicts("m20/net@2025", "2025-05"),
    ),
}


async def _received(pushes: Sequence[Push]) -> Chain:
    chain = await Chain.loaded(CATALOGUE)
    for start in range(0, len(pushes), 5):
        await chain.receive(events_of(pushes[start : start + 5]))
        await chain.deliver()
    return chain


@pytest.fixture(scope="module")
def known() -> Chain:
    """Both services when the three years have been received, in order."""
    return asyncio.run(_received(three_years()))


@pytest.mark.parametrize("correction", CORRECTIONS.values(), ids=CORRECTIONS)
async def test_a_correction_judges_again_exactly_what_rests_on_the_cell(known: Chain, correction: Correction) -> None:
    before = known.rules.state.verdicts
    current = {(one.target.id, str(one.period)): one for one in before}
    chain = known.fork()
    written = await chain.push(correction.push(1000))
    assert sorted((one.target.id, str(one.period)) for one in written) == sorted(correction.anew)
    after = chain.rules.state.verdicts
    assert all(kept is one for kept, one in zip(after, before, strict=False))
    standing = {(one.target.id, str(one.period)): one for one in after}
    assert {key for key, one in standing.items() if one is not current[key]} == correction.anew
    assert await chain.push(correction.push(1000)) == ()


async def _end_with_corrections_at(place: int) -> ChainEnd:
    corrections = [one.push(number) for number, one in enumerate(CORRECTIONS.values(), start=1000)]
    pushes = three_years()
    return end_of(await _received([*pushes[:place], *corrections, *pushes[place:]]))


OF_MAY = next(number for number, one in enumerate(three_years()) if str(one.announcement.period) == MAY)


@pytest.fixture(scope="module")
def corrected() -> ChainEnd:
    return asyncio.run(_end_with_corrections_at(len(three_years())))


async def test_three_years_have_breaches_of_forecasts_among_what_must_end_the_same(known: Chain) -> None:
    kinds = {alert.key.kind for alert in known.alerts.held.alerts.values()}
    assert kinds == set(FindingKind) - {FindingKind.FEED_OVERDUE}


@pytest.mark.parametrize(
    "place",
    [
        pytest.param(0, id="before everything else"),
        pytest.param(OF_MAY + 2, id="between the feeds of its own month"),
        pytest.param(OF_MAY + 53, id="between feeds of a later year"),
    ],
)
async def test_corrections_end_the_same_before_between_and_after_other_feeds(corrected: ChainEnd, place: int) -> None:
    assert await _end_with_corrections_at(place) == corrected
