"""Builds what is judged from stored plan documents: plan models become the domain's own types."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import orjson
from pydantic import BaseModel

from services.rules.adapters import plan_parts as parts
from services.rules.application.ports import Catalogue
from services.rules.domain import target as domain
from services.rules.domain.errors import UnsupportedPlanError
from services.rules.domain.lights import Lights
from services.rules.domain.pace import Horizon
from services.rules.domain.signal import SignalKind, SignalRule
from shared.kernel.period import Period
from shared.plans import catalogue, schema
from shared.plans.expand import PlanSignal, YearTarget, expand_signals, expand_targets
from shared.plans.lights import Lights as LightsModel
from shared.plans.loader import Plan
from shared.reference.areas import Areas
from shared.reference.units_of_measure import UnitsOfMeasure

M = TypeVar("M", bound=BaseModel)


class CatalogueBuilder:
    """Builds targets and rules of plans with the reference data they lean on."""

    def __init__(self, areas: Areas, units: UnitsOfMeasure) -> None:
        self._areas = areas
        self._units = units

    def build(self, documents: Iterable[str], versions: Mapping[str, int]) -> Catalogue:
        """Return the catalogue of stored plan documents; `versions` gives the version of each target."""
        targets: list[domain.Target] = []
        rules: list[SignalRule] = []
        for text in documents:
            document = orjson.loads(text)
            plan = Plan(_read(schema.Head, document), tuple(_read(schema.Chapter, one) for one in document["chapters"]))
            indicators = {one["id"]: _read(catalogue.Indicator, one) for one in document["indicators"]}
            lights = {one["id"]: parts.lights_of(_read(LightsModel, one)) for one in document["lights"]}
            targets += [
                self._target(target, indicators, lights, versions[target.id]) for target in expand_targets(plan)
            ]
            rules += [self._rule(signal, plan) for signal in expand_signals(plan)]
        return Catalogue(tuple(targets), tuple(rules))

    def _target(
        self,
        target: YearTarget,
        indicators: dict[str, catalogue.Indicator],
        lights: dict[str, Lights],
        version: int,
    ) -> domain.Target:
        definition = target.definition
        indicator = parts.indicator_of(indicators[definition.indicator], target.clause)
        yearly = definition.frequency == "year"
        first_year = target.head.effective.first_year if yearly else target.since_year
        built = domain.Target(
            id=target.id,
            version=version,
            plan=parts.plan_of(target.head),
            clause=parts.clause_of(target.clause, definition.quote),
            units=parts.units_of(target.responsible),
            name=parts.text_of(definition.name),
            indicator=indicator,
            place=self._place(target.area, target.head.city),
            goal=definition.value,
            reference=parts.reference_of(definition, indicators, target.clause),
            comparator=domain.Comparator(definition.comparator),
            comparator_stated=definition.comparator_stated,
            direction=domain.Direction(definition.direction),
            unit=definition.unit,
            factor=self._units.convert(parts.ONE, from_unit=indicator.unit, to_unit=definition.unit),
            horizon=Horizon(target.since_year, target.year),
            pace=parts.pace_of(definition.pace),
            pace_stated=definition.pace.stated,
            yearly=yearly,
            first=Period.parse(f"{min(first_year, target.year):04d}") if yearly else Period.month(first_year, 1),
            lights=lights[definition.lights],
        )
        parts.check_judgeable(built)
        return built

    def _rule(self, signal: PlanSignal, plan: Plan) -> SignalRule:
        rule, head = signal.rule, signal.head
        if rule.alert and not isinstance(rule, schema.ClassDFinal):
            raise UnsupportedPlanError(f"{signal.id}: only class D signals can alert")
        return SignalRule(
            id=signal.id,
            kind=SignalKind(rule.kind),
            plan=parts.plan_of(head),
            clause=parts.clause_of(signal.clause, rule.quote),
            units=parts.units_of(signal.clause.responsible),
            name=parts.text_of(rule.name),
            place=self._place(head.city, head.city),
            first_year=head.effective.first_year,
            last_year=head.effective.last_year,
            line_yuan=parts.line_of(rule),
            tiers_yuan=parts.tiers_of(plan),
            alert=rule.alert,
        )

    def _place(self, area: str, city: str) -> domain.Place:
        parts = frozenset(part.id for part in self._areas.within(area))
        return domain.Place(id=area, name=self._areas.name(area), city=city, parts=parts)


def _read(model: type[M], content: Mapping[str, Any]) -> M:
    """Read stored JSON; keys beside the model's own (a plan document holds more than its head) are left out."""
    names = {field.alias or name for name, field in model.model_fields.items()}
    return model.model_validate_json(orjson.dumps({key: value for key, value in content.items() if key in names}))
