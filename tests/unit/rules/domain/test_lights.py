from fractions import Fraction

import pytest

from services.rules.domain.errors import LightsGapError
from services.rules.domain.lights import Light, Lights, ShortfallUnit
from tests.contracts.rules_targets import lights

POINTS, PERCENT = lights(ShortfallUnit.POINTS), lights(ShortfallUnit.PERCENT)


@pytest.mark.parametrize(
    ("shortfall", "light"),
    [
        pytest.param("-5", Light.GREEN, id="ahead"),
        pytest.param("0", Light.GREEN, id="exactly on pace"),
        pytest.param("1/1000000", Light.YELLOW, id="behind by next to nothing"),
        pytest.param("30", Light.YELLOW, id="exactly 30"),
        pytest.param("30000001/1000000", Light.RED, id="a little more than 30"),
    ],
)
def test_a_bound_met_exactly_belongs_to_its_inclusive_side(shortfall: str, light: Light) -> None:
    assert POINTS.grade(Fraction(shortfall), goal=Fraction(100), expected=Fraction(50)) is light


def test_behind_by_30_points_and_behind_by_30_per_cent_are_different_things() -> None:
    """Pace 50 % of the target, reached 20 %: 30 points behind, and 60 per cent of what was expected (trap 8)."""
    goal, expected, shortfall = Fraction(200), Fraction(100), Fraction(60)
    assert POINTS.grade(shortfall, goal=goal, expected=expected) is Light.YELLOW
    assert PERCENT.grade(shortfall, goal=goal, expected=expected) is Light.RED


def test_behind_by_10_points_of_a_small_path_is_far_behind_in_per_cent() -> None:
    goal, expected, shortfall = Fraction(100), Fraction(25), Fraction(10)
    assert POINTS.grade(shortfall, goal=goal, expected=expected) is Light.YELLOW
    assert PERCENT.grade(shortfall, goal=goal, expected=expected) is Light.RED  # 40 per cent


def test_behind_is_red_and_ahead_is_green_never_the_other_way_round() -> None:
    """Business-climate lights show overheating in red; here red always means lagging (trap 8)."""
    assert POINTS.grade(Fraction(90), goal=Fraction(100), expected=Fraction(95)) is Light.RED
    assert POINTS.grade(Fraction(-90), goal=Fraction(100), expected=Fraction(5)) is Light.GREEN


@pytest.mark.parametrize("grading", [POINTS, PERCENT])
def test_against_a_base_of_zero_any_shortfall_is_red_and_none_is_green(grading: Lights) -> None:
    zero = Fraction(0)
    assert grading.grade(Fraction(1), goal=zero, expected=zero) is Light.RED
    assert grading.grade(zero, goal=zero, expected=zero) is Light.GREEN


def test_a_gap_in_the_bands_is_an_error_and_no_light() -> None:
    gappy = Lights("gappy", ShortfallUnit.POINTS, POINTS.bands[::2])
    with pytest.raises(LightsGapError):
        gappy.grade(Fraction(10), goal=Fraction(100), expected=Fraction(50))
