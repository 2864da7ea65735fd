"""Plan files as the definitions that are stored."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson
from pydantic import BaseModel

from services.rules.application.ports import PlanDefinition, TargetDefinition
from shared.kernel.ids import text_hash
from shared.plans.catalogue import Derived, Indicator
from shared.plans.expand import YearTarget, expand_targets
from shared.plans.loader import Plan, PlanLibrary


def plan_definitions(library: PlanLibrary) -> tuple[PlanDefinition, ...]:
    """Return every plan of the library, by id."""
    return tuple(_plan_definition(library.plans[plan_id], library) for plan_id in sorted(library.plans))


def _plan_definition(plan: Plan, library: PlanLibrary) -> PlanDefinition:
    head = plan.head
    targets = expand_targets(plan)
    used = _indicators_of(targets, library)
    lights = {target.definition.lights for target in targets}
    document = _json(
        {
            **_dump(head),
            "chapters": [_dump(chapter) for chapter in plan.chapters],
            "indicators": [_dump(used[name]) for name in sorted(used)],
            "lights": [_dump(library.lights[name]) for name in sorted(lights)],
        }
    )
    return PlanDefinition(
        plan_id=head.id,
        title=head.title.zh,
        document_number=head.document_number,
        issuer=head.issuer,
        issued_on=head.issued_on,
        effective_on=date(head.effective.first_year, 1, 1),
        city=head.city,
        text_sha256=head.text_sha256,
        content=text_hash(document),
        document=document,
        targets=tuple(_target_definition(target, library) for target in targets),
    )


def _indicators_of(targets: tuple[YearTarget, ...], library: PlanLibrary) -> dict[str, Indicator]:
    names = {target.definition.indicator for target in targets}
    names |= {target.definition.reference.indicator for target in targets if target.definition.reference is not None}
    return {name: library.indicators[name] for name in names}


def _target_definition(target: YearTarget, library: PlanLibrary) -> TargetDefinition:
    indicator = library.indicators[target.definition.indicator]
    reference = target.definition.reference
    document = {
        "definition": _dump(target.definition),
        "clause": {"id": target.clause.id, "number": target.clause.number, "title": target.clause.title},
        "responsible": _dump(target.responsible),
        "since_year": target.since_year,
        "year": target.year,
        "indicator": _dump(indicator),
        "reference_indicator": None if reference is None else _dump(library.indicators[reference.indicator]),
        "lights": _dump(library.lights[target.definition.lights]),
        "derived": isinstance(indicator.source, Derived),
    }
    text = _json(document)
    return TargetDefinition(
        target_id=target.id,
        clause_id=target.clause.id,
        area=target.area,
        city=target.head.city,
        indicator=target.definition.indicator,
        content=text_hash(text + _json({**_dump(target.head), **_candidate_line(target)})),
        document=text,
    )


def _candidate_line(target: YearTarget) -> Mapping[str, Any]:
    return {"signals": [_dump(rule) for rule in target.clause.signals]}


def _dump(model: BaseModel) -> Any:
    return model.model_dump(mode="json", by_alias=True)


def _json(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
