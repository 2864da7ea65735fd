"""What a target may not say, and what it may (trap 15: zero is a legal target)."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.plans.horizon import Pace
from shared.plans.mention import Restatement, Target
from shared.plans.responsible import Responsible

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
        pytest.param({"upper": "5"}, id="a range that ends where it begins"),
        pytest.param({"pace": {"kind": "baseline_linear", "stated": True}}, id="a path from nowhere"),
        pytest.param({"milestones": ({"year": 2024, "value": "3"},)}, id="milestones of an annual target"),
        pytest.param(
            {"horizon": {"kind": "level_at_year", "year": 2025}, "milestones": ({"year": 2025, "value": "3"},)},
            id="a milestone in the target's own year",
        ),
    ],
)
def test_what_cannot_be_true_of_a_target_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Target.model_validate({**TARGET, **changes})


def test_a_unit_is_as_written_even_where_none_is_written() -> None:
    assert Target.model_validate(TARGET).as_written == "户"
    assert Target.model_validate({**TARGET, "unit_written": ""}).as_written == ""


def test_a_restatement_has_its_own_words() -> None:
    restated = Restatement.model_validate(
        {
            "slug": "r",
            "target": "c/t",
            "value": "5",
            "qualifier": "左右",
            "comparator": "ge",
            "comparator_stated": False,
            "unit": "户",
            "quote": "5户左右",
        }
    )
    assert (restated.target, restated.qualifier) == ("c/t", "左右")


@pytest.mark.parametrize(
    "responsible",
    [
        pytest.param({"quote": "谁"}, id="nobody"),
        pytest.param({"lead": ("局",)}, id="stated without words"),
        pytest.param({"lead": ("局",), "basis": "issuer", "quote": "局"}, id="issuer with words"),
    ],
)
def test_units_and_the_words_that_name_them_go_together(responsible: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Responsible.model_validate(responsible)


def test_the_first_lead_answers_and_else_the_first_named() -> None:
    led = Responsible.model_validate({"support": ("甲",), "lead": ("乙",), "quote": "乙甲"})
    unled = Responsible.model_validate({"support": ("甲", "丙"), "quote": "甲丙"})
    assert (led.answering, unled.answering) == ("乙", "甲")


def test_every_kind_of_pace_is_read() -> None:
    shares = (share(3, "0.25"), share(12, "1"))
    kinds: list[dict[str, Any]] = [
        {"kind": "linear"},
        {"kind": "integer"},
        {"kind": "schedule", "shares": shares},
        {"kind": "stepped", "shares": (share(12, "0.3"), share(2, "1", years_after=1))},
        {"kind": "baseline_linear", "yearly": "2.1"},
        {"kind": "baseline_growth"},
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
