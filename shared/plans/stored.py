"""A plan as it is stored: one JSON document with everything that its targets lean on, so that no file is needed to read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson
from pydantic import BaseModel

from shared.plans.catalogue import Indicator
from shared.plans.decomposition import Decomposition
from shared.plans.expand import expand_targets
from shared.plans.lights import Lights
from shared.plans.loader import Plan, PlanLibrary
from shared.plans.schema import Chapter, Head
from shared.plans.suspension import Suspension

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A plan with the indicators and lights its targets use, by id."""

    plan: Plan
    indicators: Mapping[str, Indicator]
    lights: Mapping[str, Lights]


def plan_document(plan: Plan, library: PlanLibrary) -> str:
    """Return the plan as JSON, the same text for the same plan."""
    targets = expand_targets(plan)
    definitions = [target.definition for target in targets]
    indicators = {one.indicator for one in definitions}
    indicators |= {one.reference.indicator for one in definitions if one.reference is not None}
    document = {
        **_dump(plan.head),
        "chapters": [_dump(chapter) for chapter in plan.chapters],
        "decomposition": None if plan.decomposition is None else _dump(plan.decomposition),
        "indicators": [_dump(library.indicators[name]) for name in sorted(indicators)],
        "target_ids": [target.id for target in targets],
        "lights": [_dump(library.lights[name]) for name in sorted({one.lights for one in definitions})],
    }
    if plan.suspensions:
        document["suspensions"] = [_dump(one) for one in plan.suspensions]
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS).decode()


def read_document(document: Mapping[str, Any]) -> StoredPlan:
    """Return the plan of a stored document; pydantic's ValidationError says what an unreadable one lacks."""
    decomposition = document.get("decomposition")
    plan = Plan(
        _read(Head, {name: document[name] for name in Head.model_fields if name in document}),
        tuple(_read(Chapter, one) for one in document["chapters"]),
        None if decomposition is None else _read(Decomposition, decomposition),
        tuple(_read(Suspension, one) for one in document.get("suspensions", ())),
    )
    return StoredPlan(
        plan,
        {one["id"]: _read(Indicator, one) for one in document["indicators"]},
        {one["id"]: _read(Lights, one) for one in document["lights"]},
    )


def _read(model: type[M], content: Mapping[str, Any]) -> M:
    return model.model_validate_json(orjson.dumps(content))


def _dump(model: BaseModel) -> Any:
    return model.model_dump(mode="json", by_alias=True)
