"""What a verdict was judged from, as JSON: exact, so that it can be judged again from there."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from services.rules.domain.evidence import Compounded, Evidence, Figure, Input, Outlook
from services.rules.domain.feed import Feed
from services.rules.domain.steps import Step
from services.rules.domain.wording import Reason, Text
from shared.kernel.period import Period

Json = Mapping[str, Any]


def evidence_json(evidence: Evidence) -> Json:
    """Return what the kept verdict's other columns do not hold: the exact figures, and what is missing or in doubt."""
    compounded = evidence.compounded
    return {
        "actual": _exact(evidence.actual),
        "reference": _exact(evidence.reference),
        "compounded": None
        if compounded is None
        else {"product": _exact(compounded.product), "years": compounded.years},
        "missing": [reason_json(one) for one in evidence.missing],
        "doubts": [reason_json(one) for one in evidence.doubts],
        "remarks": [reason_json(one) for one in evidence.remarks],
        "sources": [reason_json(one) for one in evidence.sources],
    }


def read_evidence(verdict: Json) -> Evidence:
    """Return the evidence of a verdict as the API answers it; a KeyError or ValueError says what it lacks."""
    kept, outlook = verdict["evidence"], verdict["outlook"]
    compounded = kept["compounded"]
    return Evidence(
        actual=_fraction(kept["actual"]),
        reference=_fraction(kept["reference"]),
        compounded=None if compounded is None else Compounded(Fraction(compounded["product"]), compounded["years"]),
        missing=reasons_of(kept["missing"]),
        doubts=reasons_of(kept["doubts"]),
        remarks=reasons_of(kept["remarks"]),
        sources=reasons_of(kept["sources"]),
        figures=tuple(figure_of(one) for one in verdict["figures"]),
        inputs=tuple(_input(one) for one in verdict["inputs"]),
        outlook=None if outlook is None else _outlook(outlook),
        simulated=verdict["simulated"],
    )


def reason_json(reason: Reason) -> Json:
    """Return a reason."""
    return {"code": reason.code, "zh": reason.zh, "en": reason.en}


def step_json(step: Step) -> Json:
    """Return one line of the arithmetic."""
    return {
        "code": step.code,
        "zh": step.name.zh,
        "en": step.name.en,
        "formula": step.formula,
        "value": step.value,
        "unit": step.unit,
    }


def figure_of(stored: Json) -> Figure:
    """Return a figure as it is told."""
    return Figure(
        label=Text(stored["label_zh"], stored["label_en"]),
        value=None if stored["value"] is None else Fraction(stored["value"]),
        unit=stored["unit"],
        feed=Feed(stored["feed"]),
        period=Period.parse(stored["period"]),
        submissions=tuple(stored["submissions"]),
    )


def _input(stored: Json) -> Input:
    return Input(
        name=stored["name"],
        feed=Feed(stored["feed"]),
        periods=tuple(Period.parse(one) for one in stored["periods"]),
        known_by=stored["known_by"],
        submissions=tuple(stored["submissions"]),
        submission_count=stored["submission_count"],
        considered=stored["considered"],
        matched=stored["matched"],
        digest=stored["digest"],
        entities=tuple(stored["entities"]),
    )


def _outlook(stored: Json) -> Outlook:
    return Outlook(
        net_so_far=stored["net_so_far"],
        candidates=stored["candidates"],
        untold=stored["untold"],
        digest=stored["digest"],
    )


def reasons_of(stored: Sequence[Json]) -> tuple[Reason, ...]:
    """Return reasons as they are kept."""
    return tuple(Reason(one["code"], one["zh"], one["en"]) for one in stored)


def _exact(number: Fraction | None) -> str | None:
    return None if number is None else str(number)


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)
