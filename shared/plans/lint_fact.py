"""Lint of the historic figures a plan states: known areas, periods and indicators, units that convert, a basis that fits."""

from collections.abc import Iterator

from shared.plans.catalogue import Indicator
from shared.plans.findings import LintFinding
from shared.plans.history import basis_of, period_of
from shared.plans.lint_area import lint_area
from shared.plans.lint_number import not_stated
from shared.plans.mention import Fact
from shared.plans.numerals import is_stated
from shared.plans.spot import Spot
from shared.plans.surroundings import Surroundings


def lint_fact(fact: Fact, spot: Spot, surroundings: Surroundings) -> Iterator[LintFinding]:
    """Find what keeps a fact from being loaded through the `indicators` feed."""
    yield from lint_area(fact.area, spot.below("area"), surroundings.is_known_area)
    if period_of(fact) is None:
        yield spot.find("period.form", f"“{fact.period}”不是期别", f"{fact.period!r} is no period", "period")
    for name, value in fact.values.items():
        indicator = surroundings.indicators.get(name)
        here = spot.below("values", name)
        if indicator is None or indicator.reported is None:
            yield here.find(
                "indicator.unknown",
                f"没有可报送的指标“{name}”：改正编号，或给它写 reported",
                f"no reported indicator {name!r}: correct the id, or say how it is `reported`",
            )
            continue
        unit = fact.units.get(name, indicator.unit)
        if not is_stated(value, unit, fact.quote):
            yield not_stated(here, f"{value:f}{unit}")
        if not surroundings.is_known_unit(unit) or not surroundings.are_compatible_units(unit, indicator.unit):
            yield here.find("unit.incompatible", f"单位“{unit}”不可换算", f"{unit!r} cannot be converted")
        yield from _lint_basis(fact, indicator, spot)


def _lint_basis(fact: Fact, indicator: Indicator, spot: Spot) -> Iterator[LintFinding]:
    bases = indicator.reported.bases if indicator.reported is not None else ()
    if fact.basis is not None and fact.basis not in bases:
        yield spot.find("fact.basis", f"指标没有口径“{fact.basis}”", f"no basis {fact.basis!r}", "basis")
    if fact.basis is None and period_of(fact) is not None and basis_of(fact, indicator) is None:
        yield spot.find(
            "fact.basis",
            f"指标“{indicator.id}”没有“{fact.period}”这种期别的口径",
            f"{indicator.id!r} has no basis for a period such as {fact.period!r}",
            "period",
        )
