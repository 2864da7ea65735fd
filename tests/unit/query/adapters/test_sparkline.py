from datetime import date
from decimal import Decimal

from services.query.adapters.pages.sparkline import HEIGHT, MARGIN, WIDTH, Judged, sparkline

MARCH, JUNE, DECEMBER = date(2025, 3, 31), date(2025, 6, 30), date(2025, 12, 31)


def judged(on: date, expected: str | None, actual: str | None) -> Judged:
    return Judged(on, Decimal(expected) if expected else None, Decimal(actual) if actual else None)


def test_nothing_known_draws_nothing() -> None:
    assert sparkline([], Decimal(60), until=DECEMBER) is None
    assert sparkline([judged(MARCH, "15", None)], Decimal(60), until=DECEMBER) is None


def test_time_runs_to_the_horizon_and_the_goal_is_at_the_top() -> None:
    chart = sparkline([judged(MARCH, "15", "0"), judged(DECEMBER, "60", "60")], Decimal(60), until=DECEMBER)
    assert chart is not None
    assert chart.actual == f"{MARGIN}.0,{HEIGHT - MARGIN}.0 {WIDTH - MARGIN}.0,{MARGIN}.0"
    assert chart.target == f"{MARGIN}.0"
    assert chart.last == (f"{WIDTH - MARGIN}.0", f"{MARGIN}.0")


def test_a_year_half_over_fills_half_the_box() -> None:
    chart = sparkline([judged(date(2024, 12, 31), None, "1"), judged(JUNE, None, "2")], None, until=DECEMBER)
    assert chart is not None
    assert chart.last is not None
    assert abs(Decimal(chart.last[0]) - WIDTH // 2) < 2


def test_a_missing_period_leaves_a_gap_in_the_points() -> None:
    chart = sparkline([judged(MARCH, "15", "11"), judged(JUNE, "30", None)], Decimal(60), until=DECEMBER)
    assert chart is not None
    assert (len(chart.actual.split()), len(chart.expected.split())) == (1, 2)


def test_all_values_zero_is_drawn_at_the_bottom_without_dividing_by_zero() -> None:
    assert sparkline([judged(MARCH, None, "0")], Decimal(0), until=MARCH) is not None
