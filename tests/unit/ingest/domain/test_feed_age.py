"""How old and how late feeds are, by the project's own calendar."""

from datetime import date
from pathlib import Path

import pytest

from services.ingest.adapters.reference_data import load_due_days
from services.ingest.domain.feed_age import FeedAge, age_of
from shared.kernel.period import Period

DUE_ON = load_due_days(Path("data"))


@pytest.mark.parametrize(
    ("feed", "newest", "today", "overdue"),
    [
        pytest.param("projects", "2024-12", date(2025, 2, 28), 0, id="nothing is overdue in February"),
        pytest.param("enterprises", "2024-12", date(2025, 2, 28), 0, id="nor for firms"),
        pytest.param("projects", "2024-12", date(2025, 3, 12), 0, id="on the 8th working day of March"),
        pytest.param("projects", "2024-12", date(2025, 3, 13), 1, id="a day later"),
        pytest.param("ratings", "2025-06", date(2025, 8, 30), 1, id="the round of 2024 was due on 29 August"),
        pytest.param("ratings", "2025-08", date(2026, 8, 31), 0, id="the next round is not late yet"),
        pytest.param("recognitions", "2024-11", date(2025, 1, 15), 0, id="titles of December, on the 10th working day"),
        pytest.param("recognitions", "2024-11", date(2025, 1, 16), 1, id="a day later"),
        pytest.param("recognitions", "2024", date(2026, 4, 1), 1, id="titles of 2025, where they come by the year"),
        pytest.param("indicators", "2024", date(2026, 4, 1), 1, id="yearly figures of 2025 were due on 31 March"),
    ],
)
def test_overdue_days(feed: str, newest: str, today: date, overdue: int) -> None:
    age = age_of(feed, Period.parse(newest), expected_since=date(2024, 1, 1), today=today, due_on=DUE_ON)
    assert age.overdue_days == overdue


def test_feed_that_never_came_is_counted_from_when_it_is_expected() -> None:
    age = age_of("projects", None, expected_since=date(2024, 6, 3), today=date(2024, 7, 20), due_on=DUE_ON)
    assert age == FeedAge(age_days=47, overdue_days=10)


def test_age_counts_from_the_end_of_the_period() -> None:
    age = age_of(
        "projects", Period.parse("2024-06"), expected_since=date(2024, 1, 1), today=date(2024, 7, 5), due_on=DUE_ON
    )
    assert age == FeedAge(age_days=5, overdue_days=0)
