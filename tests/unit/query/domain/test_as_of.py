from datetime import UTC, date, datetime, timedelta

import pytest

from services.query.domain.as_of import read_as_of
from services.query.domain.errors import InstantInFutureError, InstantUnreadableError

NOW = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)  # noon in China


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        pytest.param("2025-06-30T18:00:00+08:00", datetime(2025, 6, 30, 10, tzinfo=UTC), id="an instant with offset"),
        pytest.param("2025-06-30T10:00:00Z", datetime(2025, 6, 30, 10, tzinfo=UTC), id="in UTC"),
        pytest.param("2025-06-30t10:00:00z", datetime(2025, 6, 30, 10, tzinfo=UTC), id="small letters"),
        pytest.param(
            "2025-06-30T10:00:00.123456Z", datetime(2025, 6, 30, 10, 0, 0, 123456, UTC), id="to the microsecond"
        ),
        pytest.param("2025-06-30T18:00:00 08:00", datetime(2025, 6, 30, 10, tzinfo=UTC), id="a plus not escaped"),
        pytest.param("2025-06-30T05:00:00-05:00", datetime(2025, 6, 30, 10, tzinfo=UTC), id="west of Greenwich"),
        pytest.param(
            "2025-06-30", datetime(2025, 6, 30, 15, 59, 59, 999999, UTC), id="a date is the end of the day in China"
        ),
        pytest.param("2026-03-05T04:00:00Z", NOW, id="this very instant"),
    ],
)
def test_a_text_names_an_instant(text: str, instant: datetime) -> None:
    found = read_as_of(text, now=NOW)
    assert (found.asked, found.instant) == (instant, instant)


def test_what_is_recorded_at_midnight_belongs_to_the_next_day() -> None:
    assert read_as_of("2025-06-30", now=NOW).instant < datetime(2025, 6, 30, 16, tzinfo=UTC)


def test_of_a_day_that_is_not_over_the_present_is_shown_while_its_end_was_asked_for() -> None:
    found = read_as_of("2026-03-05", now=NOW)
    assert found.instant == NOW
    assert found.asked == datetime(2026, 3, 5, 15, 59, 59, 999999, UTC)
    assert found.day == date(2026, 3, 5)


@pytest.mark.parametrize(
    "text",
    ["2026-03-05T04:00:01Z", "2026-03-06", "9999-12-31", (NOW + timedelta(days=1)).isoformat()],
    ids=["a second ahead", "tomorrow in China", "the last day there is", "a day ahead"],
)
def test_the_future_is_refused(text: str) -> None:
    with pytest.raises(InstantInFutureError) as refused:
        read_as_of(text, now=NOW, parameter="updatedAfter")
    assert refused.value.parameter == "updatedAfter"


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "2025-06-30T18:00:00",
        "2025-06-30 18:00",
        "2025-02-30",
        "2025-06-30T25:00:00Z",
        "2025-06-30T18:00:00+99:00",
        "0000-01-01",
        "0001-01-01T00:00:00+08:00",
        "20250630",
        "2025-W27",
        "٢٠٢٥-06-30",
        "infinity",
    ],
)
def test_anything_else_is_unreadable(text: str) -> None:
    with pytest.raises(InstantUnreadableError):
        read_as_of(text, now=NOW)
