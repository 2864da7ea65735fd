"""Which targets must be judged for which periods: those that a submission touches, and no others."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from services.rules.domain.derivation import reports_of
from services.rules.domain.feed import Feed
from services.rules.domain.firm_facts import (
    CandidatesQuestion,
)
from services.rules.domain.ledger import Ledger
from services.rules.domain.published_evidence import target_cells
from services.rules.domain.quantity import (
    CountProjects,
    CountRecognitions,
    CountRegister,
    FirmsOver,
    MeanGrowth,
    NetAboveScale,
    Published,
    Quantity,
    ReportedFigure,
    SumFirms,
    SumProjects,
    quantities_of,
)
from services.rules.domain.rows import FigureCell, statistical_year
from services.rules.domain.signal import SignalKind, SignalRule
from services.rules.domain.target import Target
from shared.kernel.period import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """What a completed submission may change.

    `cells`: its published figures. `register`: some of its firms may have entered or left the register in any version.
    `superseded_from`: the end of the first period from which later reports of the same projects or firms stand for its own;
    None when there may be none. `parking`: parked rows came or went. `begins`: nothing was known of its period before.
    """

    feed: Feed
    period: Period
    cells: frozenset[FigureCell] = frozenset()
    register: bool = True
    superseded_from: date | None = None
    parking: bool = False
    begins: bool = True

    def reaches(self, period: Period) -> bool:
        """Whether what is known by a period may rest on the touched report."""
        return self.period.end <= period.end and (
            self.parking or self.superseded_from is None or period.end < self.superseded_from
        )

    def may_concern(self, period: Period) -> bool:
        """Whether any target's verdict for the period may rest on the touched report, as far as its day and feed tell.

        Firms' reports stand for their own period, a year later for the one before, and at the end of a year for all after it.
        """
        if self.feed not in {Feed.PROJECTS, Feed.ENTERPRISES}:
            return True
        is_near = self.feed is Feed.ENTERPRISES and (
            self.period.last_month == _LAST_MONTH or period.end <= self.period.year_after().end
        )
        return self.period.end <= period.end and (is_near or self.reaches(period))


_LAST_MONTH = 12

Due = tuple[Target, Period]
"""A target and a period it is judged for."""


@dataclass(frozen=True, slots=True)
class Known:
    """Of which periods something is known in a city: its reports, and its figures by indicator and area."""

    reports: frozenset[Period]
    figures: Mapping[tuple[str, str], frozenset[Period]]

    @classmethod
    def of(cls, ledger: Ledger, figures: Iterable[FigureCell]) -> "Known":
        """Gather once what every target of the city is asked about."""
        periods: defaultdict[tuple[str, str], set[Period]] = defaultdict(set)
        for cell in figures:
            periods[cell.indicator, cell.area].add(cell.value_period)
        return cls(ledger.periods, {key: frozenset(found) for key, found in periods.items()})

    def concerned(self, touches: Iterable[Touch]) -> "Known":
        """Return the same without the reports that no touch may concern: of a long history few are left."""
        every = tuple(touches)
        reports = frozenset(period for period in self.reports if any(touch.may_concern(period) for touch in every))
        return Known(reports, self.figures)


class Agenda:
    """The targets of a city by what they depend on: a touch finds what it changes without a look at the others."""

    def __init__(self, targets: Iterable[Target]) -> None:
        self.targets = tuple(targets)
        self._of_feed: defaultdict[Feed, list[Target]] = defaultdict(list)
        self._of_figure: defaultdict[tuple[str, str], list[Target]] = defaultdict(list)
        for target in self.targets:
            for feed in _counted_feeds(target):
                self._of_feed[feed].append(target)
            for place in published_places(target):
                self._of_figure[place].append(target)

    def touched(self, touches: Iterable[Touch]) -> tuple[Target, ...]:
        """Return the targets that touches may change for some period, and of a period that begins all of them."""
        found: dict[tuple[str, int], Target] = {}
        for touch in touches:
            found |= {(target.id, target.version): target for target in self._touched(touch)}
        return tuple(found.values())

    def _touched(self, touch: Touch) -> Iterable[Target]:
        if touch.begins:
            return self.targets
        if touch.feed is Feed.RECOGNITIONS:  # a title counts from the day it was granted, whichever report tells it
            return self._of_feed[touch.feed]
        if touch.feed is not Feed.INDICATORS:
            return (target for target in self._of_feed[touch.feed] if target.last.end >= touch.period.end)
        if touch.parking:
            return (target for group in self._of_figure.values() for target in group)
        places = {(cell.indicator, cell.area) for cell in touch.cells}
        return (target for place in places for target in self._of_figure.get(place, ()))


def _counted_feeds(target: Target) -> frozenset[Feed]:
    return frozenset(
        feed
        for quantity in quantities_of(target.indicator.derivation)
        if not isinstance(quantity, ReportedFigure | MeanGrowth)
        for feed in quantity.feeds
    )


def published_places(target: Target) -> Iterable[tuple[str, str]]:
    """Return indicator and area of every published figure the target is judged by."""
    if isinstance(target.indicator.derivation, ReportedFigure | MeanGrowth):
        yield target.indicator.id, target.place.id
        if target.reference is not None:
            yield target.reference.indicator.id, target.reference.area


def due_occasions(target: Target, known: Known) -> tuple[Period, ...]:
    """Return every period this version is judged for: the target's first one, and each of which something is known.

    Beside a derived figure, a published one only stands there: it makes nothing due.
    """
    is_published = isinstance(target.indicator.derivation, ReportedFigure | MeanGrowth)
    own = known.figures.get((target.indicator.id, target.place.id), frozenset()) if is_published else frozenset()
    occasions = {target.occasion(period) for period in known.reports | own}
    first = {target.first} if target.in_force.holds(target.first) else set()
    return tuple(sorted(first.union(period for period in occasions if period is not None)))


def is_touched(target: Target, period: Period, touches: Iterable[Touch]) -> bool:
    """Whether touches make the target due for the period, or may change its verdict."""
    return any(
        (touch.begins and target.occasion(touch.period) == period) or is_affected(target, period, touch)
        for touch in touches
    )


def is_affected(target: Target, period: Period, touch: Touch) -> bool:
    """Whether rows of the touched report can change the target's verdict for the period."""
    return any(
        touch.feed in quantity.feeds and _changes(quantity, target, period, touch)
        for quantity in quantities_of(target.indicator.derivation)
    )


def _changes(quantity: Published | Quantity, target: Target, period: Period, touch: Touch) -> bool:
    match quantity:
        case ReportedFigure() | MeanGrowth():
            return touch.parking or bool(touch.cells.intersection(target_cells(target, period)))
        case CountProjects() | SumProjects():
            return touch.reaches(period)
        case NetAboveScale():
            return _affects_register(target, Period.month(period.year, period.last_month), touch)
        case FirmsOver(newly=newly):
            reports = reports_of(quantity, target, period)
            before = tuple(Period.month(report.year - 1, 12) for report in reports) if newly else ()
            return touch.period in (*reports, *before)
        case CountRegister() | SumFirms():
            return touch.period in reports_of(quantity, target, period)
        case CountRecognitions():
            return touch.feed is Feed.RECOGNITIONS or touch.period in reports_of(quantity, target, period)
        case unreachable:
            assert_never(unreachable)


def concerns_rule(rule: SignalRule, touch: Touch, ledger: Ledger) -> bool:
    """Whether rows of the touched report can change the rule's signals."""
    if not rule.depends_on(touch.feed):
        return False
    latest = ledger.latest_report(Feed.ENTERPRISES)
    if rule.kind is SignalKind.ABOVE_SCALE_ENTRY:
        return touch.register or touch.period == latest  # the latest report says which days have come
    if rule.kind is SignalKind.ABOVE_SCALE_CANDIDATE and latest is not None:
        return touch.period in _pipeline_reports(rule.place.city, latest)
    return True


def _pipeline_reports(city: str, report: Period) -> tuple[Period, Period, Period]:
    """Return the three reports from which candidates are told."""
    pipeline = CandidatesQuestion(city, report, 0)
    return (report, pipeline.year_end_before, pipeline.year_before)


def _affects_register(target: Target, report: Period, touch: Touch) -> bool:
    touched = touch.period
    horizon = target.horizon
    in_years = horizon.since_year <= statistical_year(touched.end) <= horizon.year and touch.reaches(report)
    if in_years and (touch.register or touch.parking):
        return True
    return touched in _pipeline_reports(target.place.city, report)
