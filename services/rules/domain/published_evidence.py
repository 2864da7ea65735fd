"""Figures taken as they are published.

Growth is never derived from levels (trap 3), bases never stand for each other (trap 4), and where sources differ one governs
and the others are told (trap 11).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from fractions import Fraction
from math import prod

from services.rules.domain import reasons, source_reasons
from services.rules.domain.evidence import Compounded, Evidence, Figure, Input, input_of, parked_doubt
from services.rules.domain.facts import (
    Facts,
    FigureFact,
    FiguresQuestion,
)
from services.rules.domain.feed import Feed
from services.rules.domain.figure_sources import Ruling, ruling_of
from services.rules.domain.ledger import Ledger
from services.rules.domain.quantity import MeanGrowth, ReportedFigure
from services.rules.domain.rows import FigureCell
from services.rules.domain.target import Indicator, Target
from services.rules.domain.version import (
    Version,
)
from services.rules.domain.wording import Reason
from shared.kernel.period import Period

_ROOT_PRECISION = 50
_MEAN_PLACES = Decimal("0.0001")


def figure_cells(indicator: Indicator, area: str, target: Target, period: Period) -> tuple[FigureCell, ...]:
    """Return the cells that may hold the figure, the preferred one first.

    A monthly target uses one basis throughout: year-to-date where the indicator has it. A yearly one takes the year's
    figure, else the year-to-date figure of December, else the level at the end of the year.
    """
    derivation = indicator.derivation
    if not isinstance(derivation, ReportedFigure | MeanGrowth):
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


def reported_questions(target: Target, period: Period) -> tuple[FiguresQuestion, ...]:
    """Ask for every cell that may hold a figure of the target."""
    return (FiguresQuestion(target_cells(target, period)),)


def target_cells(target: Target, period: Period) -> tuple[FigureCell, ...]:
    """Return every cell that may hold a figure the target is judged by at the period; none when it is not a published one."""
    derivation = target.indicator.derivation
    if isinstance(derivation, MeanGrowth):
        years = [Period.whole_year(year) for year in derivation.years(period.year)]
        return tuple(cell for year in years for cell in figure_cells(target.indicator, target.place.id, target, year))
    cells = figure_cells(target.indicator, target.place.id, target, period)
    if target.reference is None:
        return cells
    return cells + figure_cells(target.reference.indicator, target.reference.area, target, period)


def reported_figure(target: Target, period: Period, facts: Facts, ledger: Ledger) -> Evidence:
    """Return the published figure, of a relative target together with the one it is compared with."""
    own = _look_up(target, target.indicator, target.place.id, period, facts)
    found = [own]
    if target.reference is not None:
        found.append(_look_up(target, target.reference.indicator, target.reference.area, period, facts))
    reference = found[1].value if len(found) > 1 else None
    return replace(_looked_up(target, found, ledger), actual=own.value, reference=reference)


def mean_growth(target: Target, growth: MeanGrowth, period: Period, *, facts: Facts, ledger: Ledger) -> Evidence:
    """Return the mean of the published growth of each year so far; every year without one is named."""
    years = [Period.whole_year(year) for year in growth.years(period.year)]
    found = [_look_up(target, target.indicator, target.place.id, year, facts) for year in years]
    known = _chosen(found)
    behind = _looked_up(target, found, ledger)
    impossible = tuple(reasons.growth_impossible(fact.cell.value_period) for fact in known if fact.value < -100)
    compounded = Compounded(prod((1 + Fraction(fact.value) / 100 for fact in known), start=Fraction(1)), len(known))
    return replace(
        behind,
        actual=None if behind.missing or impossible or not known else mean_percent(compounded),
        compounded=compounded,
        doubts=(*impossible, *behind.doubts),
    )


def mean_percent(compounded: Compounded) -> Fraction:
    """Return the mean growth in per cent, to 4 decimals: for showing; what is met is decided by the products."""
    with localcontext(prec=_ROOT_PRECISION):
        product = Decimal(compounded.product.numerator) / Decimal(compounded.product.denominator)
        mean = product ** (Decimal(1) / compounded.years) - 1
        return Fraction((mean * 100).quantize(_MEAN_PLACES))


@dataclass(frozen=True, slots=True)
class _LookUp:
    """One figure looked up: every statement found in the cells that may hold it, and the ruling on the cell taken."""

    indicator: Indicator
    cells: tuple[FigureCell, ...]
    versions: tuple[Version, ...]
    ruling: Ruling

    @property
    def chosen(self) -> FigureFact | None:
        return self.ruling.governing

    @property
    def value(self) -> Fraction | None:
        return None if self.chosen is None else Fraction(self.chosen.value)

    @property
    def problem(self) -> Reason:
        """Why nothing was chosen: what is there without governing is provisional, and the target accepts none."""
        others = self.ruling.others
        if others:
            same_cell = [one for one in others if one.cell == others[0].cell]
            return reasons.only_provisional(self.indicator.name, same_cell)
        return reasons.figure_missing(self.indicator.name, self.cells[0])

    @property
    def told(self) -> tuple[Reason, ...]:
        """What a reader must know of the sources."""
        chosen, others = self.ruling.governing, self.ruling.others
        stated = others if chosen is None else (chosen, *others)
        unranked = {one.authority for one in stated if one.rank is None}
        differing = self.ruling.conflicting
        conflict = (
            (source_reasons.sources_conflict(self.indicator.name, chosen, differing),) if chosen and differing else ()
        )
        return (*conflict, *(source_reasons.authority_unranked(name) for name in sorted(unranked)))

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
    """Take the first of the cells of which a figure governs; the statements of all of them are looked at."""
    cells = figure_cells(indicator, area, target, period)
    stated = [facts.figures.get(cell, ()) for cell in cells]
    rulings = [ruling_of(statements, final_only=_final_only(indicator)) for statements in stated]
    none = Ruling(None, tuple(one for ruling in rulings for one in ruling.others))
    return _LookUp(
        indicator,
        cells,
        tuple(one.version for statements in stated for one in statements),
        next((ruling for ruling in rulings if ruling.governing is not None), none),
    )


def _final_only(indicator: Indicator) -> bool:
    return isinstance(indicator.derivation, ReportedFigure | MeanGrowth) and indicator.derivation.final_only


def _chosen(found: Sequence[_LookUp]) -> list[FigureFact]:
    return [entry.chosen for entry in found if entry.chosen is not None]


def _looked_up(target: Target, found: Sequence[_LookUp], ledger: Ledger) -> Evidence:
    """Return what stands behind the figures looked up, without what they make together."""
    known = _chosen(found)
    return Evidence(
        missing=tuple(entry.problem for entry in found if entry.chosen is None),
        doubts=(*_unit_doubts(target, known), *parked_doubt(ledger, Feed.INDICATORS)),
        remarks=tuple(remark for fact in known for remark in _remarks(target, fact)),
        sources=tuple(dict.fromkeys(told for entry in found for told in entry.told)),
        figures=tuple(_figure(target, fact) for fact in known),
        inputs=tuple(entry.source for entry in found if entry.versions),
        simulated=ledger.simulated(fact.version.submission_id for fact in known),
    )


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
