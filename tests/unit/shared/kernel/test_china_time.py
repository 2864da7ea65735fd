from datetime import UTC, date, datetime

from shared.kernel.china_time import day_in_china, end_of_period
from shared.kernel.period import Period


def test_the_day_in_china_begins_eight_hours_before_that_of_utc() -> None:
    assert day_in_china(datetime(2024, 12, 31, 15, 59, tzinfo=UTC)) == date(2024, 12, 31)
    assert day_in_china(datetime(2024, 12, 31, 16, 0, tzinfo=UTC)) == date(2025, 1, 1)


def test_a_period_is_over_when_its_last_day_is_over_in_china() -> None:
    assert end_of_period(Period.parse("2024")) == datetime(2024, 12, 31, 16, 0, tzinfo=UTC)
