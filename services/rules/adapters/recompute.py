"""Judges a verdict again from its page alone, with the code that judged it first, and says what differs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from services.rules.adapters.evidence_codec import read_evidence, step_json
from services.rules.adapters.plan_demand import Defined, demand_of
from services.rules.domain.target import Place
from services.rules.domain.verdict import Judgement, judge_demand
from shared.kernel.errors import PlanwatchError
from shared.kernel.ids import text_hash
from shared.kernel.period import Period
from shared.reference.units_of_measure import UnitsOfMeasure

_NUMBERS = ("expected", "actual", "gap", "gap_points", "gap_percent")


class UnreadablePageError(PlanwatchError):
    """The page is none of a verdict, or lacks something judging needs."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that comes out otherwise."""

    what: str
    page: object
    recomputed: object


def recompute(page: Mapping[str, Any], units: UnitsOfMeasure) -> Judgement:
    """Judge again what the page shows; raise UnreadablePageError."""
    try:
        place = Place(
            id=page["area"], name=page["area_name"], city=page["target"]["city"], parts=frozenset({page["area"]})
        )
        defined = Defined.read(page["definition"])
        demand = demand_of(defined, page["target_id"], page["target_version"], place=place, units=units)
        return judge_demand(demand, read_evidence(page), period=Period.parse(page["period"]))
    except (KeyError, TypeError, ValueError, ValidationError) as error:
        raise UnreadablePageError(f"the page cannot be judged again: {type(error).__name__}: {error}") from error


def differences(page: Mapping[str, Any], again: Judgement) -> Iterator[Difference]:
    """Yield what of the page the new judgement does not bear out, the quote's hash included."""
    measured = {name: getattr(again.measured, name) for name in _NUMBERS}
    yield from _differ("id", page["id"], again.verdict_id)
    yield from _differ("status", page["status"], str(again.status))
    for name, value in measured.items():
        yield from _differ(name, None if page[name] is None else Decimal(page[name]), value)
    yield from _differ("reasons", [one["zh"] for one in page["reasons"]], [one.zh for one in again.reasons])
    yield from _differ("steps", page["steps"], [step_json(step) for step in again.steps])
    quote = page["definition"]["quote"]
    yield from _differ("quote_sha256", page["target"]["clause"]["quote_sha256"], text_hash(quote))


def _differ(what: str, page: object, recomputed: object) -> Iterator[Difference]:
    if page != recomputed:
        yield Difference(what, page, recomputed)
