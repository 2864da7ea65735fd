"""Plan files as the definitions that are stored."""

from collections.abc import Mapping
from typing import Any

import orjson
from pydantic import BaseModel

from services.rules.adapters.plan_derivations import counts_within_horizon
from services.rules.adapters.plan_parts import first_year_of
from services.rules.application.catalogue import PlanDefinition, TargetDefinition
from shared.kernel.ids import text_hash
from shared.plans.expand import YearTarget, expand_targets
from shared.plans.loader import Plan, PlanLibrary
from shared.plans.schema import Head
from shared.plans.stored import plan_document


def plan_definitions(library: PlanLibrary) -> tuple[PlanDefinition, ...]:
    """Return every plan of the library, by id."""
    return tuple(_plan_definition(library.plans[plan_id], library) for plan_id in sorted(library.plans))


def _plan_definition(plan: Plan, library: PlanLibrary) -> PlanDefinition:
    head = plan.head
    document = plan_document(plan, library)
    return PlanDefinition(
        plan_id=head.id,
        title=head.title.zh,
        document_number=head.document_number,
        issuer=head.issuer,
        issued_on=head.issued_on,
        effective_on=head.effective_on,
        city=head.city,
        text_sha256=head.text_sha256,
        content=text_hash(document),
        document=document,
        targets=tuple(_target_definition(target, library) for target in expand_targets(plan)),
    )


def _target_definition(target: YearTarget, library: PlanLibrary) -> TargetDefinition:
    definition = target.definition
    indicator = library.indicators[definition.indicator]
    reference = definition.reference
    baseline = target.baseline
    document = {
        "definition": _dump(definition),
        "clause": {"id": target.clause.id, "number": target.clause.number, "title": target.clause.title},
        "value": None if target.value is None else format(target.value, "f"),
        "quote": target.quote,
        "baseline": None if baseline is None else _dump(baseline),
        "part_of": target.part_of,
        "responsible": {**_dump(target.responsible), "answering": target.responsible.answering},
        "since_year": target.since_year,
        "first_year": first_year_of(target, counts_within_horizon=counts_within_horizon(indicator)),
        "year": target.year,
        "indicator": _dump(indicator),
        "reference_indicator": None if reference is None else _dump(library.indicators[reference.indicator]),
        "lights": _dump(library.lights[definition.lights]),
        "derived": indicator.derived is not None,
    }
    if target.suspensions:
        document["suspensions"] = [_dump(one) for one in target.suspensions]
    text = _json(document)
    return TargetDefinition(
        target_id=target.id,
        clause_id=target.clause.id,
        area=target.area,
        city=target.head.city,
        indicator=definition.indicator,
        content=text_hash(text + _json({**_document_named(target.head), **_candidate_line(target)})),
        document=text,
    )


def _document_named(head: Head) -> Mapping[str, Any]:
    """What a target tells of its document; other words of the head change no target."""
    return {"id": head.id, "title": head.title.zh, "document_number": head.document_number, "city": head.city}


def _candidate_line(target: YearTarget) -> Mapping[str, Any]:
    return {"signals": [_dump(rule) for rule in target.clause.signals]}


def _dump(model: BaseModel) -> Any:
    return model.model_dump(mode="json", by_alias=True)


def _json(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
