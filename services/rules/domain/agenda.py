"""Which targets must be judged for which periods: what a submission touches, and what was never judged."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.rules.domain.derivation import figure_cells
from services.rules.domain.facts import CandidatesQuestion
from services.rules.domain.feed import Feed
from services.rules.domain.ledger import Ledger
from services.rules.domain.rows import FigureCell, statistical_year
from services.rules.domain.signal import SignalKind, SignalRule
from services.rules.domain.target import FirmsOver, NetAboveScale, ProjectStarts, ReportedFigure, Target
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


def due_occasions(target: Target, ledger: Ledger, figures: Iterable[FigureCell]) -> tuple[Period, ...]:
    """Return every period the target is judged for: its first one, and each of which something is known."""
    own = (cell.value_period for cell in figures if _is_own(cell, target))
    known = (target.occasion(period) for period in (*ledger.reports(), *own))
    return tuple(sorted({target.first, *(period for period in known if period is not None)}))


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
    derivation = target.indicator.derivation
    if derivation.feed is not touch.feed:
        return False
    report = Period.month(period.year, period.last_month)
    match derivation:
        case ProjectStarts():
            return touch.period.end <= period.end
        case NetAboveScale():
            return _affects_register(target, report, touch)
        case FirmsOver(newly=newly):
            return touch.period in ((report, Period.month(report.year - 1, 12)) if newly else (report,))
        case ReportedFigure():
            return touch.parking or bool(touch.cells.intersection(_cells(target, period)))


def concerns_rule(rule: SignalRule, touch: Touch, ledger: Ledger) -> bool:
    """Whether rows of the touched report can change the rule's signals."""
    if not rule.depends_on(touch.feed):
        return False
    if rule.kind is SignalKind.ABOVE_SCALE_ENTRY:
        return touch.register
    latest = ledger.latest_report(Feed.ENTERPRISES)
    if rule.kind is SignalKind.ABOVE_SCALE_CANDIDATE and latest is not None:
        return touch.period in _pipeline_reports(rule.place.city, latest)
    return True


def _pipeline_reports(city: str, report: Period) -> tuple[Period, Period, Period]:
    """Return the three reports from which candidates are told."""
    pipeline = CandidatesQuestion(city, report, 0)
    return (report, pipeline.year_end_before, pipeline.year_before)


def _affects_register(target: Target, report: Period, touch: Touch) -> bool:
    touched = touch.period
    in_year = statistical_year(touched.end) == target.horizon.year and touched.end <= report.end
    if in_year and (touch.register or touch.parking):
        return True
    return touched in _pipeline_reports(target.place.city, report)


def _cells(target: Target, period: Period) -> tuple[FigureCell, ...]:
    cells = figure_cells(target.indicator, target.place.id, target, period)
    if target.reference is None:
        return cells
    return cells + figure_cells(target.reference.indicator, target.reference.area, target, period)


def _is_own(cell: FigureCell, target: Target) -> bool:
    return cell.indicator == target.indicator.id and cell.area == target.place.id
