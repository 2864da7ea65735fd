from decimal import Decimal
from fractions import Fraction

import pytest

from services.rules.domain.evidence import Compounded, Evidence
from services.rules.domain.lights import ShortfallUnit
from services.rules.domain.pace import (
    AtHorizon,
    BaselineGrowth,
    BaselineLinear,
    Integer,
    Linear,
    Pace,
    Schedule,
    Step,
    Stepped,
)
from services.rules.domain.quantity import MeanGrowth
from services.rules.domain.target import Comparator, Direction
from services.rules.domain.verdict import judge
from services.rules.domain.wording import exactly, rounded
from tests.contracts.rules_rows import period
from tests.contracts.rules_targets import lights, target

HALF = Step(6, 0, Decimal("0.5"))
WHOLE = Step(12, 0, Decimal(1))


def steps(pace: Pace, goal: str = "60", actual: int = 20, when: str = "2024-06") -> dict[str, tuple[str, str]]:
    verdict = judge(target(goal, pace=pace), Evidence(actual=Fraction(actual)), period=period(when))
    return {step.code: (step.formula, step.value) for step in verdict.steps}


@pytest.mark.parametrize(
    ("pace", "formula", "value"),
    [
        pytest.param(Linear(), "60 × 0.5", "30", id="linear"),
        pytest.param(Schedule((HALF, WHOLE)), "60 × 0.5", "30", id="schedule"),
        pytest.param(Stepped((HALF, WHOLE)), "60 × 0.5", "30", id="stepped"),
        pytest.param(BaselineLinear(Decimal(40), 2023), "40 + (60 − 40) × 0.5", "50", id="line from a baseline"),
        pytest.param(
            BaselineGrowth(Decimal(40), 2023), "40 × (60 ÷ 40) ^ 0.5", "48.989794855664", id="growth from a baseline"
        ),
    ],
)
def test_the_path_is_shown_as_it_is_worked_out(pace: Pace, formula: str, value: str) -> None:
    assert steps(pace)["expected"] == (formula, value)


def test_an_integer_pace_rounds_down() -> None:
    assert steps(Integer(), "10", 3, "2024-05")["expected"] == ("⌊10 × 5/12⌋", "4")


def test_the_end_of_the_horizon_expects_the_goal_and_shows_no_light() -> None:
    shown = steps(AtHorizon(), actual=61, when="2024-12")
    assert (shown["expected"], shown["is_met"]) == (("60", "60"), ("61 ≥ 60", "yes"))
    assert "light" not in shown


def test_gap_shares_and_light_follow_from_the_numbers() -> None:
    shown = steps(Linear())
    assert shown["gap"] == ("20 − 30", "-10")
    assert shown["gap_points"] == ("-10 ÷ 60 × 100", "-50/3")
    assert shown["gap_percent"] == ("-10 ÷ 30 × 100", "-100/3")
    assert shown["is_met"] == ("20 ≥ 60", "no")
    assert shown["light"] == ("10 ÷ 60 × 100 = 50/3 ∈ (0, 30]", "yellow")


def test_of_a_target_that_must_stay_below_the_shortfall_is_the_excess() -> None:
    judged = target("60", direction=Direction.DOWN, comparator=Comparator.LE, grading=lights(ShortfallUnit.PERCENT))
    verdict = judge(judged, Evidence(actual=Fraction(45)), period=period("2024-06"))
    (light,) = [step for step in verdict.steps if step.code == "light"]
    assert (light.formula, light.value) == ("15 ÷ 30 × 100 = 50 ∈ (30, +∞)", "red")


def test_a_goal_of_zero_divides_nothing() -> None:
    shown = steps(Linear(), "0", 1)
    assert not {"gap_points", "gap_percent"} & set(shown)
    assert shown["is_met"] == ("1 ≥ 0", "yes")


def test_a_mean_growth_is_compared_by_the_products_of_its_years() -> None:
    mean = target(
        "8", derivation=MeanGrowth(("year",), 2020), pace=AtHorizon(), unit="%", year=2022, since=2020, yearly=True
    )
    evidence = Evidence(actual=Fraction(8), compounded=Compounded(Fraction(11664, 10000), 2))
    verdict = judge(mean, evidence, period=period("2022"))
    assert [step.formula for step in verdict.steps if step.code == "is_met"] == ["1.1664 ≥ (1 + 8 ÷ 100) ^ 2"]


def test_where_nothing_was_compared_there_are_no_steps() -> None:
    assert judge(target(), Evidence(), period=period("2024-06")).steps == ()


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        pytest.param(Fraction(3), "3", id="whole"),
        pytest.param(Fraction(-1, 8), "-0.125", id="a decimal"),
        pytest.param(Fraction(1, 3), "1/3", id="no decimal ends"),
        pytest.param(Fraction(1, 10**12), "0.000000000001", id="twelve places"),
        pytest.param(Fraction(1, 10**13), "1/10000000000000", id="more places"),
        pytest.param(Fraction(10**15), "1000000000000000", id="never an exponent"),
    ],
)
def test_numbers_are_shown_exactly(number: Fraction, shown: str) -> None:
    assert exactly(number) == shown
    assert Fraction(exactly(number)) == number


def test_the_steps_end_where_the_verdict_does() -> None:
    verdict = judge(target("7"), Evidence(actual=Fraction(2)), period=period("2024-05"))
    values = {step.code: step.value for step in verdict.steps}
    told = {
        code: rounded(Fraction(values[code])) for code in ("expected", "actual", "gap", "gap_points", "gap_percent")
    }
    assert told == {code: getattr(verdict, code) for code in told}
