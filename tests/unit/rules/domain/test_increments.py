from fractions import Fraction

from services.rules.domain.increments import Step, accumulated, averaged, moved, season_of
from shared.kernel.period import Period
from tests.contracts.rules_rows import period


def points(**values: int) -> list[tuple[Period, Fraction]]:
    return [(Period.month(2024, int(month[1:])), Fraction(value)) for month, value in values.items()]


def year(number: int, monthly: list[int]) -> list[tuple[Period, Fraction]]:
    """Return year-to-date values from what each month brought."""
    return [(Period.month(number, month), Fraction(sum(monthly[:month]))) for month in range(2, 13)]


DECEMBER = period("2024-12")


def test_january_and_february_are_one_step_of_two_months() -> None:
    course = accumulated(points(m2=4, m3=6), first_year=2024, last=DECEMBER, season=None)
    assert course.steps == (Step(Fraction(4), Fraction(2)), Step(Fraction(2), Fraction(1)))
    assert [course.rate, course.value, course.ahead] == [2, 6, 9]


def test_a_missing_report_makes_the_next_step_longer() -> None:
    course = accumulated(points(m2=4, m5=10), first_year=2024, last=DECEMBER, season=None)
    assert course.steps[1] == Step(Fraction(6), Fraction(3))


def test_several_years_add_up_from_the_first_one_on() -> None:
    course = accumulated(points(m2=28), first_year=2022, last=period("2025-12"), season=None)
    assert course.steps == (Step(Fraction(28), Fraction(26)),)
    assert course.ahead == 22


def test_a_level_has_no_step_before_its_first_point() -> None:
    assert moved(points(m3=100, m4=103), last=DECEMBER).steps == (Step(Fraction(3), Fraction(1)),)


def test_a_mean_is_the_sum_of_what_the_months_contribute() -> None:
    """6 % to February and 7 % to March: March alone was 9 %."""
    course = averaged(points(m2=6, m3=7), first_year=2024, last=DECEMBER)
    assert course.steps == (Step(Fraction(12), Fraction(2)), Step(Fraction(9), Fraction(1)))


def test_on_the_seasons_clock_a_strong_month_lasts_longer() -> None:
    season = season_of(year(2023, [5] * 11 + [45]), before=2024)
    assert season is not None
    course = accumulated(points(m2=20, m11=110), first_year=2024, last=DECEMBER, season=season)
    assert course.ahead == Fraction(12 * 45, 100)
    assert course.rate * course.ahead == 90


def test_years_of_another_size_teach_the_same_shares() -> None:
    small, large = [1] * 11 + [9], [10] * 11 + [90]
    season = season_of([*year(2022, small), *year(2023, large)], before=2024)
    assert season is not None
    assert season.reached[11] == Fraction(11, 20)
    assert season.freedom == 10


def test_an_incomplete_year_and_later_years_teach_nothing() -> None:
    assert season_of(year(2023, [1] * 12)[:-1], before=2024) is None
    assert season_of(year(2024, [1] * 12), before=2024) is None


def test_a_month_that_brought_nothing_in_any_year_makes_no_clock() -> None:
    assert season_of(year(2023, [1] * 6 + [0] + [1] * 5), before=2024) is None


def test_years_that_ran_differently_stray_further_than_independent_months_explain() -> None:
    late, early = [1] * 6 + [2] * 6, [2] * 6 + [1] * 6
    drifting = season_of([*year(2022, late), *year(2023, early)], before=2024)
    mixed = season_of([*year(2022, [1, 2] * 6), *year(2023, [2, 1] * 6)], before=2024)
    assert drifting is not None
    assert mixed is not None
    assert drifting.straying(6) > 1 > mixed.straying(6)
