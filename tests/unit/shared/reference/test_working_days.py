from datetime import date

import pytest

from shared.reference.working_days import WorkingDays

DAYS = WorkingDays.announced()


@pytest.mark.parametrize(
    ("day", "working"),
    [
        pytest.param(date(2026, 9, 20), True, id="Sunday worked for 国庆 2026"),
        pytest.param(date(2026, 10, 1), False, id="国庆"),
        pytest.param(date(2026, 10, 7), False, id="last day of 国庆, a Wednesday"),
        pytest.param(date(2026, 10, 8), True, id="day after 国庆"),
        pytest.param(date(2026, 10, 10), True, id="Saturday worked for 国庆 2026"),
        pytest.param(date(2026, 10, 11), False, id="plain Sunday"),
        pytest.param(date(2025, 1, 28), False, id="除夕 2025, a Tuesday"),
    ],
)
def test_announced_years_follow_the_notice(day: date, *, working: bool) -> None:
    assert DAYS.is_working(day) is working
    assert not DAYS.is_provisional(day.year)


def test_the_eighth_working_day_of_october_2026_counts_the_saturday() -> None:
    """Without 调休 it would be Monday the 19th, without the holiday Monday the 12th."""
    assert DAYS.of_month(2026, 10)[7] == date(2026, 10, 16)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        pytest.param(date(2031, 10, 1), False, id="statutory"),
        pytest.param(date(2031, 10, 6), True, id="Monday: the holiday's length is unknown"),
        pytest.param(date(2031, 10, 4), False, id="Saturday: exchanges are unknown"),
    ],
)
def test_a_year_without_notice_is_provisional(day: date, *, working: bool) -> None:
    assert DAYS.is_provisional(2031)
    assert DAYS.is_working(day) is working


def test_adding_working_days_skips_holidays_and_counts_exchanged_days() -> None:
    assert DAYS.add(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert DAYS.add(date(2026, 9, 30), 3) == date(2026, 10, 10)
    assert DAYS.add(date(2026, 10, 1), 0) == date(2026, 10, 1)
    with pytest.raises(ValueError, match="forward"):
        DAYS.add(date(2026, 10, 1), -1)


def test_between_counts_what_add_adds() -> None:
    start = date(2026, 9, 18)
    for count in range(20):
        assert DAYS.between(start, DAYS.add(start, count)) == count
    assert DAYS.between(date(2026, 10, 8), date(2026, 10, 1)) == 0
