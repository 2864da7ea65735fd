"""How each kind of figure is found: the questions it asks the store, and the evidence its answers give.

Growth is never derived from levels (trap 3), bases never stand for each other (trap 4), tiers nest and go by planned
total investment (trap 5), and a figure is known only when a complete submission covers its period.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import assert_never

from services.rules.domain import firm_evidence, reasons
from services.rules.domain.evidence import Evidence, Figure, Input, input_of
from services.rules.domain.facts import (
    Facts,
    FigureFact,
    FiguresQuestion,
    ProjectFact,
    Question,
    StartsQuestion,
    Version,
)
from services.rules.domain.feed import Feed
from services.rules.domain.ledger import Ledger
from services.rules.domain.rows import FigureCell
from services.rules.domain.target import (
    FirmsOver,
    Indicator,
    NetAboveScale,
    ProjectStarts,
    ReportedFigure,
    Target,
)
from services.rules.domain.wording import Reason, Text
from shared.kernel.period import Period

_EARLIEST, _LATEST = Period.parse("1900"), Period.parse("9999")


def questions_of(target: Target, period: Period, ledger: Ledger) -> tuple[Question, ...]:
    """Return what the store must answer before the target can be judged at the period; nothing of an unknown report."""
    feed = target.indicator.derivation.feed
    if feed is not Feed.INDICATORS and ledger.first(feed, Period.month(period.year, period.last_month)) is None:
        return ()
    match target.indicator.derivation:
        case ProjectStarts():
            return (starts_question(target, period),)
        case NetAboveScale() as net:
            return firm_evidence.net_questions(target, net, period)
        case FirmsOver() as over:
            return (firm_evidence.revenue_question(target, over, period),)
        case ReportedFigure():
            cells = figure_cells(target.indicator, target.place.id, target, period)
            if target.reference is not None:
                cells += figure_cells(target.reference.indicator, target.reference.area, target, period)
            return (FiguresQuestion(cells),)
        case unreachable:
            assert_never(unreachable)


def evidence_of(target: Target, period: Period, facts: Facts, ledger: Ledger) -> Evidence:
    """Return what the facts say of the target's figure at the period."""
    match target.indicator.derivation:
        case ProjectStarts() as starts:
            return _project_starts(target, starts, period, facts=facts, ledger=ledger)
        case NetAboveScale() as net:
            return firm_evidence.net_above_scale(target, net, period, facts=facts, ledger=ledger)
        case FirmsOver() as over:
            return firm_evidence.firms_over(target, over, period, facts=facts, ledger=ledger)
        case ReportedFigure():
            return _reported(target, period, facts, ledger)
        case unreachable:
            assert_never(unreachable)


# ---- project starts -------------------------------------------------------------------------------------------------


def starts_question(target: Target, period: Period) -> StartsQuestion:
    """Ask for every project started within the target's horizon as known at the period."""
    return StartsQuestion(target.place.city, date(target.horizon.since_year, 1, 1), period.end)


def is_counted_start(project: ProjectFact, *, since: date, until: date, min_total_yuan: int) -> bool:
    """A start counts with accepted evidence, within the dates, from the tier's bound on (以上 includes it)."""
    return (
        not project.version.removed
        and project.start_evidence == "accepted"
        and project.started_on is not None
        and since <= project.started_on <= until
        and project.planned_total_yuan >= min_total_yuan
    )


def _project_starts(target: Target, starts: ProjectStarts, period: Period, *, facts: Facts, ledger: Ledger) -> Evidence:
    report = Period.month(period.year, period.last_month)
    known_by = ledger.first(Feed.PROJECTS, report)
    if known_by is None:
        return Evidence(missing=(reasons.feed_missing(Feed.PROJECTS, report),))
    question = starts_question(target, period)
    tier = [row for row in facts.starts[question] if row.largest_total_yuan >= starts.min_total_yuan]
    counted = [
        row
        for row in tier
        if target.place.holds(row.area)
        and is_counted_start(row, since=question.since, until=question.until, min_total_yuan=starts.min_total_yuan)
    ]
    source = input_of(
        "project_starts",
        Feed.PROJECTS,
        known_by=known_by.submission_id,
        considered=[row.version for row in tier],
        matched=[row.version for row in counted],
    )
    return Evidence(
        actual=Fraction(len(counted)),
        doubts=parked_doubt(ledger, Feed.PROJECTS, _EARLIEST, report),
        figures=(
            Figure(
                label=Text("已开工且佐证已认定的项目数", "Projects started with accepted evidence"),
                value=Fraction(len(counted)),
                unit=target.indicator.unit,
                feed=Feed.PROJECTS,
                period=report,
                submissions=source.submissions or (known_by.submission_id,),
            ),
        ),
        inputs=(source,),
        simulated=ledger.simulated((known_by.submission_id, *(row.version.submission_id for row in counted))),
    )


def parked_doubt(ledger: Ledger, feed: Feed, first: Period, last: Period) -> tuple[Reason, ...]:
    """Say that parked rows of these reports keep a figure from being judged, if there are any."""
    parked = ledger.parked(feed, first, last)
    return (reasons.rows_parked(feed, parked),) if parked else ()


# ---- published figures ----------------------------------------------------------------------------------------------


def figure_cells(indicator: Indicator, area: str, target: Target, period: Period) -> tuple[FigureCell, ...]:
    """Return the cells that may hold the figure, the preferred one first.

    A monthly target uses one basis throughout: year-to-date where the indicator has it. A yearly one takes the year's
    figure, else the year-to-date figure of December, else the level at the end of the year.
    """
    derivation = indicator.derivation
    if not isinstance(derivation, ReportedFigure):
        return ()
    if not target.yearly:
        basis = "ytd" if "ytd" in derivation.bases else derivation.bases[0]
        return (FigureCell(indicator.id, area, period, derivation.measure, basis),)
    december = Period.month(period.year, 12)
    places = (("year", period), ("ytd", december), ("point", december), ("point", period))
    return tuple(
        FigureCell(indicator.id, area, value_period, derivation.measure, basis)
        for basis, value_period in places
        if basis in derivation.bases
    )


def _reported(target: Target, period: Period, facts: Facts, ledger: Ledger) -> Evidence:
    own = _look_up(target, target.indicator, target.place.id, period, facts)
    found = [own]
    if target.reference is not None:
        found.append(_look_up(target, target.reference.indicator, target.reference.area, period, facts))
    known = [entry.chosen for entry in found if entry.chosen is not None]
    return Evidence(
        actual=own.value,
        reference=found[1].value if len(found) > 1 else None,
        missing=tuple(entry.problem for entry in found if entry.chosen is None),
        doubts=(*_unit_doubts(target, known), *parked_doubt(ledger, Feed.INDICATORS, _EARLIEST, _LATEST)),
        remarks=tuple(remark for fact in known for remark in _remarks(target, fact)),
        figures=tuple(_figure(target, fact) for fact in known),
        inputs=tuple(entry.source for entry in found if entry.versions),
        simulated=ledger.simulated(fact.version.submission_id for fact in known),
    )


@dataclass(frozen=True, slots=True)
class _LookUp:
    """One figure looked up: every version found in the cells that may hold it, and the one chosen."""

    indicator: Indicator
    cells: tuple[FigureCell, ...]
    versions: tuple[Version, ...]
    chosen: FigureFact | None

    @property
    def value(self) -> Fraction | None:
        return None if self.chosen is None else Fraction(self.chosen.value)

    @property
    def problem(self) -> Reason:
        return reasons.figure_missing(self.indicator.name, self.cells[0])

    @property
    def source(self) -> Input:
        return input_of(
            f"figure:{self.indicator.id}",
            Feed.INDICATORS,
            known_by=None if self.chosen is None else self.chosen.version.submission_id,
            considered=self.versions,
            matched=() if self.chosen is None else (self.chosen.version,),
        )


def _look_up(target: Target, indicator: Indicator, area: str, period: Period, facts: Facts) -> _LookUp:
    cells = figure_cells(indicator, area, target, period)
    found = [facts.figures[cell] for cell in cells if cell in facts.figures]
    chosen = next((fact for fact in found if not fact.version.removed), None)
    return _LookUp(indicator, cells, tuple(fact.version for fact in found), chosen)


def _declared(target: Target, fact: FigureFact) -> Indicator:
    if target.reference is not None and fact.cell.indicator == target.reference.indicator.id:
        return target.reference.indicator
    return target.indicator


def _unit_doubts(target: Target, known: list[FigureFact]) -> tuple[Reason, ...]:
    return tuple(
        reasons.unit_mismatch(_declared(target, fact).unit, fact.unit)
        for fact in known
        if fact.unit != _declared(target, fact).unit
    )


def _remarks(target: Target, fact: FigureFact) -> tuple[Reason, ...]:
    name = _declared(target, fact).name
    used = reasons.basis_used(name, fact.cell)
    return (used, reasons.provisional(name)) if fact.status == "provisional" else (used,)


def _figure(target: Target, fact: FigureFact) -> Figure:
    return Figure(
        label=_declared(target, fact).name,
        value=Fraction(fact.value),
        unit=fact.unit,
        feed=Feed.INDICATORS,
        period=fact.cell.value_period,
        submissions=(fact.version.submission_id,),
    )
