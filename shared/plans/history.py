"""Historic figures that plans state: facts, and the baselines of targets."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from shared.kernel.errors import PlanwatchError
from shared.kernel.period import Grain, Period
from shared.plans.catalogue import Basis, Indicator
from shared.plans.loader import Plan
from shared.plans.mention import Fact, TargetRef
from shared.plans.schema import Clause
from shared.plans.statements import Measures, half_a_digit, number_ref

_OF_MONTHS: tuple[Basis, ...] = ("ytd", "month")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One historic figure in its indicator's unit; `rounding` is half of its last written digit, in that unit too.

    `key` tells which figure it is: indicator, area, scope (baselines only), period, basis.
    """

    ref: TargetRef
    quote: str
    key: tuple[str, str, str, str, str]
    value: Decimal
    rounding: Decimal
    written: str

    def agrees_with(self, other: "Figure") -> bool:
        """Whether both are the same figure, one perhaps rounded (2740 and 2739.6): exact, bounds included."""
        return abs(self.value - other.value) <= (
            0 if self.rounding == other.rounding else max(self.rounding, other.rounding)
        )


def basis_of(fact: Fact, indicator: Indicator) -> Basis | None:
    """Return the basis of one of a fact's figures: as given, else the first the indicator has for such a period."""
    if fact.basis is not None:
        return fact.basis
    return fitting_basis(fact.period, indicator)


def fitting_basis(period: str, indicator: Indicator) -> Basis | None:
    """Return a year's basis `year`, a month's `ytd` or `month`, `point` where the indicator knows nothing else."""
    bases = indicator.reported.bases if indicator.reported is not None else ()
    if bases == ("point",):
        return "point"
    if Period.parse(period).grain is Grain.YEAR:
        return "year" if "year" in bases else None
    return next((basis for basis in _OF_MONTHS if basis in bases), None)


def fact_ref(clause: Clause, fact: Fact, indicator: str, city: str) -> TargetRef:
    """Return how a plan refers to one figure of a fact: `<clause>/<indicator>@<period>`, with `~<area>` outside the city."""
    elsewhere = f"~{fact.area}" if fact.area not in (None, city) else ""
    return f"{clause.id}/{indicator}@{fact.period}{elsewhere}"


def figures_of(plan: Plan, measures: Measures) -> Iterator[Figure]:
    """Return every fact and every baseline in the order of the document."""
    for clause in plan.clauses:
        for fact in clause.facts:
            yield from (figure for _, figure in figures_of_fact(plan, clause, fact, measures))
        yield from _baselines(plan, clause, measures)


def figures_of_fact(plan: Plan, clause: Clause, fact: Fact, measures: Measures) -> Iterator[tuple[str, Figure]]:
    """Return the figures of one fact with their indicators; what lint refuses is left out."""
    for name, value in fact.values.items():
        indicator = measures.indicators.get(name)
        if indicator is None:
            continue
        unit = fact.units.get(name, indicator.unit)
        converted = measures.convert(value, unit, name)
        rounding = measures.convert(half_a_digit(value), unit, name)
        period = period_of(fact)
        if converted is None or rounding is None or period is None:
            continue
        basis = "year" if period.grain is Grain.YEAR else basis_of(fact, indicator) or ""
        figure = Figure(
            ref=fact_ref(clause, fact, name, plan.head.city),
            quote=fact.quote,
            key=(name, fact.area or plan.head.city, "", str(period), basis),
            value=converted,
            rounding=rounding,
            written=f"{value}{unit}",
        )
        yield name, figure


def period_of(fact: Fact) -> Period | None:
    """Return the period of a fact; None for what is no period."""
    try:
        return Period.parse(fact.period)
    except PlanwatchError:
        return None


def _baselines(plan: Plan, clause: Clause, measures: Measures) -> Iterator[Figure]:
    for target in clause.targets:
        if target.baseline is None:
            continue
        value = measures.convert(target.baseline.value, target.unit, target.indicator)
        rounding = measures.convert(half_a_digit(target.baseline.value), target.unit, target.indicator)
        if value is None or rounding is None:
            continue
        yield Figure(
            ref=number_ref(clause, target),
            quote=target.baseline.quote,
            key=(
                target.indicator,
                target.area or plan.head.city,
                target.scope or "",
                str(target.baseline.year),
                "year",
            ),
            value=value,
            rounding=rounding,
            written=f"{target.baseline.value}{target.as_written}",
        )
