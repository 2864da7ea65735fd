"""What a target may not say, and what it may (trap 15: zero is a legal target)."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.plans.schema import Pace, Target

TARGET: dict[str, Any] = {
    "slug": "t",
    "name": {"zh": "目标", "en": "target"},
    "indicator": "i",
    "value": "5",
    "comparator": "ge",
    "comparator_stated": True,
    "direction": "up",
    "unit": "户",
    "horizon": {"kind": "annual"},
    "pace": {"kind": "linear", "stated": False},
    "frequency": "month",
    "binding": "expected",
    "lights": "default",
    "quote": "5户",
}
PACE: TypeAdapter[Pace] = TypeAdapter(Pace)


def share(month: int, value: str, years_after: int = 0) -> dict[str, Any]:
    return {"month": month, "share": value, "years_after": years_after}


def test_zero_is_a_legal_target_of_something_that_must_not_happen() -> None:
    target = Target.model_validate({**TARGET, "value": "0", "comparator": "le", "direction": "down"})
    assert target.value == Decimal(0)


def test_decimals_keep_every_digit_of_the_text() -> None:
    target = Target.model_validate({**TARGET, "value": "0.10"})
    assert str(target.value) == "0.10"
    assert target.model_dump(mode="json")["value"] == "0.10"


@pytest.mark.parametrize("text", ["1,000", "1e3", "39%", "", " 5", "５", "NaN"])
def test_a_number_is_plain_decimal_text(text: str) -> None:
    with pytest.raises(ValidationError, match="decimal text"):
        Target.model_validate({**TARGET, "value": text})


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"value": None}, id="neither value nor reference"),
        pytest.param({"reference": {"indicator": "i", "area": "1"}}, id="both"),
        pytest.param({"comparator": "lt"}, id="lt and up"),
        pytest.param({"direction": "down"}, id="ge and down"),
    ],
)
def test_contradictions_within_a_target_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Target.model_validate({**TARGET, **changes})


def test_every_kind_of_pace_is_read() -> None:
    baseline = {"value": "36.1", "year": 2020, "quote": "2020年36.1"}
    shares = (share(3, "0.25"), share(12, "1"))
    kinds: list[dict[str, Any]] = [
        {"kind": "linear"},
        {"kind": "integer"},
        {"kind": "schedule", "shares": shares},
        {"kind": "stepped", "shares": (share(12, "0.3"), share(2, "1", years_after=1))},
        {"kind": "baseline_linear", "baseline": baseline},
        {"kind": "baseline_growth", "baseline": baseline},
        {"kind": "at_horizon"},
    ]
    assert [PACE.validate_python({**kind, "stated": True}).kind for kind in kinds] == [kind["kind"] for kind in kinds]


@pytest.mark.parametrize(
    "shares",
    [
        pytest.param((), id="none"),
        pytest.param((share(6, "0.5"),), id="never complete"),
        pytest.param((share(6, "0.6"), share(9, "0.5"), share(12, "1")), id="falling"),
        pytest.param((share(6, "0.5"), share(6, "1")), id="a month twice"),
        pytest.param((share(2, "0.5", years_after=1), share(12, "1")), id="out of order"),
        pytest.param((share(13, "1"),), id="no such month"),
        pytest.param((share(6, "0.5"), share(12, "1.5")), id="more than all"),
    ],
)
def test_shares_of_a_pace_rise_to_one(shares: tuple[dict[str, Any], ...]) -> None:
    with pytest.raises(ValidationError):
        PACE.validate_python({"kind": "stepped", "stated": True, "shares": shares})
