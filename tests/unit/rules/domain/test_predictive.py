from fractions import Fraction

import pytest

from services.rules.domain.predictive import EventCount, Student, exact, student_quantile, widening


@pytest.mark.parametrize(
    ("freedom", "quantile"),
    [
        pytest.param(1, "3.077683537175", id="Cauchy"),
        pytest.param(2, "1.885618083164", id="two"),
        pytest.param(10, "1.372183641110", id="ten"),
        pytest.param(30, "1.310415025391", id="thirty"),
    ],
)
def test_the_bounds_of_students_t_are_those_of_the_tables(freedom: int, quantile: str) -> None:
    assert abs(exact(student_quantile(freedom)) - Fraction(quantile)) < Fraction(1, 10**11)


def test_a_tail_of_students_t_agrees_with_its_quantile() -> None:
    found = Student(Fraction(100), Fraction(25), 3)
    spread = found.spread()
    assert spread.median == 100
    assert spread.high - 100 == 100 - spread.low
    assert abs(found.at_least(spread.high) - Fraction(1, 10)) < Fraction(1, 10**25)
    assert abs(found.at_least(spread.low) - Fraction(9, 10)) < Fraction(1, 10**25)


def test_a_whole_number_is_reached_from_half_below_it_on() -> None:
    continuous, whole = Student(Fraction(10), Fraction(4), 5), Student(Fraction(10), Fraction(4), 5, whole=True)
    assert whole.at_least(Fraction(11)) == continuous.at_least(Fraction(21, 2))
    assert whole.above(Fraction(11)) == continuous.at_least(Fraction(23, 2))


def test_without_variance_the_center_is_certain() -> None:
    still = Student(Fraction(0), Fraction(0), 3)
    assert [still.at_least(Fraction(0)), still.above(Fraction(0))] == [1, 0]


def test_a_number_of_events_is_negative_binomial() -> None:
    """Mean 4, variance 8: size 4, success ½, so that none happens with (½)⁴, one with 4·(½)⁵, at most three with ½."""
    found = EventCount(10, Fraction(4), Fraction(8))
    assert found.at_least(Fraction(10)) == 1
    assert abs(found.at_least(Fraction(11)) - Fraction(15, 16)) < Fraction(1, 10**30)
    assert abs(found.above(Fraction(11)) - Fraction(13, 16)) < Fraction(1, 10**30)
    spread = found.spread()
    assert [int(one) for one in (spread.low, spread.median, spread.high)] == [11, 13, 18]


def test_an_unreachable_number_has_hardly_a_chance() -> None:
    assert EventCount(0, Fraction(1), Fraction(2)).at_least(Fraction(10**9)) < Fraction(1, 10**6)


def test_few_degrees_of_freedom_widen_more() -> None:
    assert widening(2) > widening(5) > widening(30) > 1
