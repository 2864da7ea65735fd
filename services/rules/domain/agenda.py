"""Which targets must be judged for which periods: what a submission touches, and what was never judged."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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
from services.rules.domain.verdict import Status
from shared.kernel.period import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """What a completed submission may change.

    `cells`: its published figures. `register`: some of its firms may have entered or left the register in any version.
    `parking`: parked rows came or went.
    """

    feed: Feed
    period: Period
    cells: frozenset[FigureCell] = frozenset()
    register: bool = True
    parking: bool = False


@dataclass(frozen=True, slots=True)
class VerdictHead:
    """The current verdict of a target for a period."""

    verdict_id: str
    target_version: int
    status: Status


Occasion = tuple[str, Period]
"""A target's id and a period."""


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
        return cls(ledger.reports(), {key: frozenset(found) for key, found in periods.items()})


def due_occasions(target: Target, known: Known) -> tuple[Period, ...]:
    """Return every period this version is judged for: the target's first one, and each of which something is known.

    Beside a derived figure, a published one only stands there: it makes nothing due.
    """
    is_published = isinstance(target.indicator.derivation, ReportedFigure | MeanGrowth)
    own = known.figures.get((target.indicator.id, target.place.id), frozenset()) if is_published else frozenset()
    occasions = {target.occasion(period) for period in known.reports | own}
    first = {target.first} if target.in_force.holds(target.first) else set()
    return tuple(sorted(first.union(period for period in occasions if period is not None)))


def must_judge(
    target: Target, period: Period, *, judged: Mapping[Occasion, VerdictHead], touches: Iterable[Touch]
) -> bool:
    """Whether the target was never judged for the period in this version, or a touch may change the verdict."""
    head = judged.get((target.id, period))
    if head is None or head.target_version != target.version:
        return True
    return any(is_affected(target, period, touch) for touch in touches)


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
            return touch.period.end <= period.end
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
    in_years = horizon.since_year <= statistical_year(touched.end) <= horizon.year and touched.end <= report.end
    if in_years and (touch.register or touch.parking):
        return True
    return touched in _pipeline_reports(target.place.city, report)
