from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.domain.errors import UnsupportedPlanError
from services.rules.domain.pace import (
    AtHorizon,
    BaselineGrowth,
    BaselineLinear,
    Horizon,
    Integer,
    Linear,
    Pace,
    Schedule,
    Step,
    Stepped,
    expected_value,
    last_period,
)
from tests.contracts.rules_rows import period

YEAR = Horizon(2024, 2024)
QUARTERS = (Step(3, 0, Decimal("0.2")), Step(6, 0, Decimal("0.5")), Step(12, 0, Decimal(1)))
NEXT_FEBRUARY = Stepped((Step(2, 1, Decimal(1)),))


def expected(pace: Pace, goal: str, when: str, *, horizon: Horizon = YEAR) -> Fraction | None:
    return expected_value(pace, Fraction(goal), horizon=horizon, period=period(when))


@pytest.mark.parametrize(
    ("pace", "goal", "when", "value"),
    [
        pytest.param(
            Linear(), "200", "2024-01/P2M", Fraction(100, 3), id="linear counts both months of the first report"
        ),
        pytest.param(Linear(), "60", "2024-06", Fraction(30), id="linear at half of the year"),
        pytest.param(Linear(), "60", "2024-12", Fraction(60), id="linear ends at the goal"),
        pytest.param(Linear(), "60", "2024", Fraction(60), id="linear of a whole year"),
        pytest.param(Integer(), "10", "2024-01/P2M", Fraction(1), id="10 projects: floor(10·2/12) = 1"),
        pytest.param(Integer(), "10", "2024-03", Fraction(2), id="10 projects: floor(10·3/12) = 2"),
        pytest.param(Integer(), "10", "2024-05", Fraction(4), id="10 projects: floor(10·5/12) = 4"),
        pytest.param(Integer(), "10", "2024-06", Fraction(5), id="10 projects: half a year is 5"),
        pytest.param(Integer(), "10", "2024-11", Fraction(9), id="10 projects: floor(10·11/12) = 9"),
        pytest.param(Integer(), "10", "2024-12", Fraction(10), id="10 projects: the goal at the end"),
        pytest.param(Schedule(QUARTERS), "60", "2024-01/P2M", None, id="a schedule before its first step is not due"),
        pytest.param(Schedule(QUARTERS), "60", "2024-03", Fraction(12), id="a schedule at a step"),
        pytest.param(Schedule(QUARTERS), "60", "2024-05", Fraction(12), id="between two steps the earlier one holds"),
        pytest.param(Schedule(QUARTERS), "60", "2024-12", Fraction(60), id="a schedule ends at the goal"),
        pytest.param(NEXT_FEBRUARY, "300", "2024-12", None, id="a stepped pace is not due in other months"),
        pytest.param(NEXT_FEBRUARY, "300", "2025-01/P2M", Fraction(300), id="it falls with the 1–2月 report"),
        pytest.param(NEXT_FEBRUARY, "300", "2025-03", None, id="and not after it"),
        pytest.param(AtHorizon(), "9", "2024-11", None, id="at the horizon: not before"),
        pytest.param(AtHorizon(), "9", "2024-12", Fraction(9), id="at the horizon"),
        pytest.param(Linear(), "0", "2024-06", Fraction(0), id="a goal of zero has a path of zero"),
    ],
)
def test_what_a_pace_expects(pace: Pace, goal: str, when: str, value: Fraction | None) -> None:
    assert expected(pace, goal, when) == value


def test_a_horizon_of_several_years_is_one_path() -> None:
    assert expected(Linear(), "48", "2024-12", horizon=Horizon(2024, 2025)) == 24


@pytest.mark.parametrize(("when", "value"), [("2020", 30), ("2022", 34), ("2025", 40), ("2026", 40), ("2022-06", 33)])
def test_a_baseline_path_runs_from_the_end_of_the_baselines_year(when: str, value: int) -> None:
    assert expected(BaselineLinear(Decimal(30), 2020), "40", when, horizon=Horizon(2025, 2025)) == value


def test_a_falling_baseline_path_falls() -> None:
    assert expected(BaselineLinear(Decimal(50), 2020), "40", "2021", horizon=Horizon(2025, 2025)) == 48


def test_a_growth_path_is_exact_at_its_ends_and_constant_between() -> None:
    pace, horizon = BaselineGrowth(Decimal(100), 2020), Horizon(2022, 2022)
    assert expected(pace, "121", "2020", horizon=horizon) == 100
    assert expected(pace, "121", "2021", horizon=horizon) == 110
    assert expected(pace, "121", "2022", horizon=horizon) == 121


def test_a_growth_path_needs_positive_ends() -> None:
    with pytest.raises(UnsupportedPlanError):
        expected(BaselineGrowth(Decimal(0), 2020), "121", "2021", horizon=Horizon(2022, 2022))


@pytest.mark.parametrize(
    ("pace", "yearly", "last"),
    [
        pytest.param(Linear(), False, "2024-12", id="a monthly target ends with December"),
        pytest.param(Linear(), True, "2024", id="a yearly target ends with its year"),
        pytest.param(NEXT_FEBRUARY, False, "2025-01/P2M", id="a stepped one with its last step"),
    ],
)
def test_the_period_whose_verdict_is_final(pace: Pace, *, yearly: bool, last: str) -> None:
    assert last_period(pace, horizon=YEAR, yearly=yearly) == period(last)


@given(goal=st.decimals(0, 10**9, places=4), month=st.integers(3, 12))
def test_linear_is_exact(goal: Decimal, month: int) -> None:
    assert expected(Linear(), str(goal), f"2024-{month:02d}") == Fraction(goal) * month / 12
