"""What a target demands, from its definition as it is stored: in a plan's document, or beside a verdict."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

import orjson
from pydantic import BaseModel

from services.rules.adapters import plan_parts as parts
from services.rules.adapters.plan_derivations import published_of
from services.rules.domain import target as domain
from services.rules.domain.alerting import Binding
from services.rules.domain.pace import Horizon
from services.rules.domain.quantity import Derivation, base_unit
from shared.plans.catalogue import Indicator
from shared.plans.lights import Lights
from shared.plans.mention import Baseline, Target
from shared.plans.suspension import Suspension
from shared.reference.units_of_measure import UnitsOfMeasure

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Defined:
    """A target of one year with what it leans on. `value` is that of the year; `baseline` is where its path begins."""

    definition: Target
    value: Decimal | None
    baseline: Baseline | None
    since_year: int
    year: int
    indicator: Indicator
    reference_indicator: Indicator | None
    lights: Lights
    suspensions: tuple[Suspension, ...] = ()

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Defined":
        """Read a stored definition; pydantic's ValidationError or a KeyError says what it lacks."""
        baseline, reference = stored["baseline"], stored["reference_indicator"]
        return cls(
            definition=_read(Target, stored["definition"]),
            value=None if stored["value"] is None else Decimal(stored["value"]),
            baseline=None if baseline is None else _read(Baseline, baseline),
            since_year=stored["since_year"],
            year=stored["year"],
            indicator=_read(Indicator, stored["indicator"]),
            reference_indicator=None if reference is None else _read(Indicator, reference),
            lights=_read(Lights, stored["lights"]),
            suspensions=tuple(_read(Suspension, one) for one in stored.get("suspensions", ())),
        )


def demand_of(
    defined: Defined, identifier: str, version: int, *, place: domain.Place, units: UnitsOfMeasure
) -> domain.Demand:
    """Return what the target demands."""
    definition = defined.definition
    pace, pace_stated = parts.pace_of(definition.pace, defined.baseline)
    return domain.Demand(
        id=identifier,
        version=version,
        place=place,
        goal=defined.value,
        upper=definition.upper if defined.value == definition.value else None,
        reference=_reference(defined, units),
        comparator=domain.Comparator(definition.comparator),
        comparator_stated=definition.comparator_stated,
        direction=domain.Direction(definition.direction),
        unit=definition.unit,
        factor=units.convert(parts.ONE, from_unit=defined.indicator.unit, to_unit=definition.unit),
        horizon=Horizon(defined.since_year, defined.year),
        pace=pace,
        pace_stated=pace_stated,
        yearly=definition.frequency == "year",
        lights=parts.lights_of(defined.lights),
        binding=Binding(definition.binding),
        suspensions=tuple(parts.suspension_of(one) for one in defined.suspensions),
    )


def indicator_of(indicator: Indicator, derivation: Derivation, units: UnitsOfMeasure) -> domain.Indicator:
    """Return an indicator, with the factor from the base unit of its derivation to its own."""
    base = base_unit(derivation)
    scale = parts.ONE if base is None else units.convert(parts.ONE, from_unit=base, to_unit=indicator.unit)
    return domain.Indicator(indicator.id, parts.text_of(indicator.name), indicator.unit, derivation, scale=scale)


def _reference(defined: Defined, units: UnitsOfMeasure) -> domain.Reference | None:
    """Return the second figure of a relative target: a published one."""
    reference, indicator = defined.definition.reference, defined.reference_indicator
    if reference is None or indicator is None:
        return None
    return domain.Reference(indicator_of(indicator, published_of(indicator), units), reference.area)


def _read(model: type[M], content: Mapping[str, Any]) -> M:
    return model.model_validate_json(orjson.dumps(content))
