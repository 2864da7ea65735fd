"""The made-up plans as plan documents: the same models, and the same path into the catalogue, as plan files."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path as FilePath
from typing import Any

from benchmarks.restatement.numbers import SCALE, Kind, Number, Path, numbers_of
from benchmarks.restatement.size import Size
from services.rules.adapters.plan_documents import plan_definitions
from services.rules.application.catalogue import PlanDefinition
from shared.kernel.ids import text_hash
from shared.plans.catalogue import Indicator
from shared.plans.lights import LightsFile
from shared.plans.loader import Plan, PlanLibrary, parse
from shared.plans.schema import Chapter, Head

CLAUSE = "m1"
_QUOTE = "示例指标达到示例数值"
_OFFICE = {"lead": ("示例局",), "quote": "示例局牵头"}
_NAME = {"zh": "示例", "en": "Example"}
_INDICATOR_KINDS = {Kind.FIGURE: "flow", Kind.SUM_PROJECTS: "flow", Kind.SUM_FIRMS: "flow"}


def plan_id(city: str, last_year: int) -> str:
    """Return the id of a city's plan."""
    return f"benchmark-{city}-{last_year}"


def definitions(size: Size, plans_dir: FilePath) -> tuple[PlanDefinition, ...]:
    """Return the plans of each city, with the lights of the real plans."""
    numbers = numbers_of(size)
    plans = [_plan(city, numbers, years) for city in size.city_ids for years in size.plans]
    lights = parse(plans_dir / "lights.yaml", LightsFile).model.lights
    return plan_definitions(
        PlanLibrary(
            plans={one.head.id: one for one in plans},
            indicators={one.slug: Indicator.model_validate(_indicator(one)) for one in numbers},
            lights={one.id: one for one in lights},
            units={},
        )
    )


def _plan(city: str, numbers: Sequence[Number], years: tuple[int, int]) -> Plan:
    first, last = years
    head = {
        "id": plan_id(city, last),
        "title": _NAME,
        "issuer": "示例局",
        "effective": {"first_year": first, "last_year": last},
        "city": city,
        "office": _OFFICE,
        "text_sha256": text_hash(f"{city} {first}"),
    }
    clause = {
        "id": CLAUSE,
        "kind": "measure",
        "title": "示例举措",
        "targets": tuple(_target(one, first, last) for one in numbers),
        "signals": _signals(),
    }
    chapter = Chapter.model_validate({"title": "示例", "clauses": (clause,)})
    return Plan(Head.model_validate(head), (chapter,))


def _signals() -> tuple[Mapping[str, Any], ...]:
    """What real plans name beside their targets: firms that entered, firms that may, and great projects started."""
    return (
        {"slug": "entries", "kind": "above_scale_entry", "name": _NAME, "alert": False, "quote": _QUOTE},
        {
            "slug": "candidates",
            "kind": "above_scale_candidate",
            "name": _NAME,
            "alert": False,
            "quote": _QUOTE,
            "min_revenue_yuan": "20000000",
        },
        {
            "slug": "starts",
            "kind": "project_start",
            "name": _NAME,
            "alert": False,
            "quote": _QUOTE,
            "min_total_yuan": "5000000000",
        },
    )


def _target(number: Number, first: int, last: int) -> Mapping[str, Any]:
    with_baseline = number.path in {Path.BASELINE_LINEAR, Path.BASELINE_GROWTH}
    baseline = {"value": _text(number.baseline), "year": first - 1, "quote": _QUOTE}
    return {
        "slug": number.slug,
        "name": {"zh": f"示例{number.slug}", "en": f"Example {number.slug}"},
        "indicator": number.slug,
        "value": _text(number.goal),
        "comparator": "le" if number.is_falling else "ge",
        "comparator_stated": True,
        "direction": "down" if number.is_falling else "up",
        "unit": number.unit,
        "quote": _QUOTE,
        "horizon": _horizon(number, last, with_baseline=with_baseline),
        "baseline": baseline if with_baseline else None,
        "pace": _pace(number),
        "frequency": "month",
    }


def _horizon(number: Number, last: int, *, with_baseline: bool) -> Mapping[str, Any]:
    if number.yearly:
        return {"kind": "annual"}
    return {"kind": "level_at_year" if with_baseline else "cumulative_by", "year": last}


def _pace(number: Number) -> Mapping[str, Any]:
    pace = {"kind": str(number.path), "stated": False}
    if number.path is Path.STEPPED:
        return {**pace, "shares": ({"month": 2, "years_after": 1, "share": "1"},)}
    return pace


def _indicator(number: Number) -> Mapping[str, Any]:
    reported = {
        "measure": number.measure,
        "bases": (number.basis,),
        "authority": "示例统计局",
        "availability": "published",
    }
    return {
        "id": number.slug,
        "name": {"zh": f"示例{number.slug}", "en": f"Example {number.slug}"},
        "definition": _NAME,
        "unit": number.unit,
        "kind": _INDICATOR_KINDS.get(number.kind, "count"),
        "integer": number.kind not in _INDICATOR_KINDS,
        "derived": _derived(number),
        "reported": reported if number.kind is Kind.FIGURE else None,
    }


def _derived(number: Number) -> Mapping[str, Any] | None:
    industries = (number.industry,) if number.industry else ()
    line = str(number.line_yuan)
    derived: dict[Kind, Mapping[str, Any]] = {
        Kind.COUNT_PROJECTS: {"event": number.choice, "min_total_yuan": line},
        Kind.SUM_PROJECTS: {"event": number.choice, "min_total_yuan": line, "field": "planned_total"},
        Kind.COUNT_REGISTER: {"industries": industries},
        Kind.SUM_FIRMS: {"industries": industries, "field": number.choice},
        Kind.FIRMS_ABOVE: {"min_revenue_yuan": line, "inclusive": True},
        Kind.FIRMS_CROSSING: {"min_revenue_yuan": line, "inclusive": True},
        Kind.NET: {},
        Kind.HOLDERS: {"kind": "count_recognitions", "count": "holders", "titles": ({"kind": number.choice},)},
        Kind.GRANTS: {"kind": "count_recognitions", "count": "grants", "titles": ({"kind": number.choice},)},
    }
    return {"kind": str(number.kind), **derived[number.kind]} if number.kind in derived else None


def _text(amount: int) -> str:
    return format(Decimal(amount) / SCALE, "f")
