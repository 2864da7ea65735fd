"""Builds what is judged from stored plan documents: plan models become the domain's own types."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

import orjson
from pydantic import ValidationError

from services.rules.adapters import plan_parts as parts
from services.rules.adapters.plan_demand import Defined, demand_of, indicator_of
from services.rules.adapters.plan_derivations import counts_within_horizon, derivation_of
from services.rules.application.catalogue import Catalogue
from services.rules.domain import target as domain
from services.rules.domain.errors import UnsupportedPlanError
from services.rules.domain.in_force import ALWAYS, InForce
from services.rules.domain.signal import SignalKind, SignalRule
from services.rules.domain.target_history import joined
from shared.kernel.period import Period
from shared.plans import schema
from shared.plans.expand import PlanSignal, YearTarget, expand_signals, expand_targets
from shared.plans.loader import Plan
from shared.plans.stored import StoredPlan, read_document
from shared.reference.areas import Areas
from shared.reference.units_of_measure import UnitsOfMeasure


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredVersion:
    """One stored version of a plan: the periods it judges, and the version of each of its targets.

    Signal rules are those of the newest version.
    """

    document: str
    versions: Mapping[str, int]
    in_force: InForce = ALWAYS
    is_newest: bool = True


class CatalogueBuilder:
    """Builds targets and rules of plans with the reference data they lean on."""

    def __init__(self, areas: Areas, units: UnitsOfMeasure) -> None:
        self._areas = areas
        self._units = units

    def build(self, plans: Iterable[StoredVersion]) -> Catalogue:
        """Return the catalogue of stored plan versions."""
        targets: list[domain.Target] = []
        rules: list[SignalRule] = []
        for one in plans:
            stored = _readable(one)
            if stored is None:
                continue
            targets += [self._target(target, stored, one) for target in expand_targets(stored.plan)]
            if one.is_newest:
                rules += [self._rule(signal, stored.plan) for signal in expand_signals(stored.plan)]
        return Catalogue(joined(targets), tuple(rules))

    def _target(self, target: YearTarget, stored: StoredPlan, of: StoredVersion) -> domain.Target:
        indicator = stored.indicators[target.definition.indicator]
        demand = demand_of(
            _defined(target, stored),
            target.id,
            of.versions[target.id],
            place=self._place(target.area, target.head.city),
            units=self._units,
        )
        first_year = parts.first_year_of(target, counts_within_horizon=counts_within_horizon(indicator))
        built = domain.Target(
            **{field.name: getattr(demand, field.name) for field in fields(demand)},
            plan=parts.plan_of(target.head),
            clause=parts.clause_of(target.clause, target.quote),
            units=parts.units_of(target.responsible),
            name=parts.text_of(target.definition.name),
            indicator=indicator_of(indicator, derivation_of(indicator, target.definition, target.clause), self._units),
            first=Period.whole_year(first_year) if demand.yearly else Period.month(first_year, 1),
            in_force=of.in_force,
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
            units=parts.units_of(signal.responsible),
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


def _defined(target: YearTarget, stored: StoredPlan) -> Defined:
    definition = target.definition
    reference = definition.reference
    return Defined(
        definition=definition,
        value=target.value,
        baseline=target.baseline,
        since_year=target.since_year,
        year=target.year,
        indicator=stored.indicators[definition.indicator],
        reference_indicator=None if reference is None else stored.indicators[reference.indicator],
        lights=stored.lights[definition.lights],
        suspensions=target.suspensions,
    )


def _readable(version: StoredVersion) -> StoredPlan | None:
    """Return the plan of a stored version.

    None for one that judges no period and was stored in a form of long ago: what was told of its targets stays as it is.
    """
    try:
        return read_document(orjson.loads(version.document))
    except (ValidationError, KeyError):
        if version.in_force.is_empty:
            return None
        raise
