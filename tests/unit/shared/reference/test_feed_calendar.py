from datetime import date
from pathlib import Path

import pytest

from shared.kernel.period import Period
from shared.reference.errors import BadReferenceFileError, NoDueRuleError
from shared.reference.feed_calendar import Due, FeedCalendar
from shared.reference.working_days import WorkingDays

ROOT = Path(__file__).parents[4]
DAYS = WorkingDays.announced()
CALENDAR = FeedCalendar.load(ROOT / "data" / "feed_calendar.yaml", DAYS)
FEEDS = ("enterprises", "projects", "indicators", "ratings", "recognitions")


def calendar_of(tmp_path: Path, rule: str) -> FeedCalendar:
    path = tmp_path / "calendar.yaml"
    overdue = "{red_after_working_days: 5, source: {zh: 测试, en: test}}"
    path.write_text(
        f"source: {{zh: 测试, en: test}}\noverdue: {overdue}\nfeeds: {{projects: [{rule}]}}\n", encoding="utf-8"
    )
    return FeedCalendar.load(path, DAYS)


def every_period(year: int) -> list[Period]:
    months = [f"{year}-{month:02d}" for month in range(1, 13)]
    return [Period.parse(t) for t in (*months, f"{year}-01/P2M", *(f"{year}-Q{q}" for q in range(1, 5)), str(year))]


def test_the_eighth_working_day_around_the_national_holiday_of_2026() -> None:
    """Trap 1: seven days off from 1 October and a worked Saturday on the 10th."""
    assert CALENDAR.due_on("projects", Period.parse("2026-09")) == Due(date(2026, 10, 16), provisional=False)


def test_january_and_february_are_due_together_in_march() -> None:
    due = CALENDAR.due_on("projects", Period.parse("2024-01/P2M"))
    assert due == Due(date(2024, 3, 12), provisional=False)


@pytest.mark.parametrize("feed", FEEDS)
@pytest.mark.parametrize("month", ["2024-01", "2024-02"])
def test_a_lone_january_or_february_is_never_due(feed: str, month: str) -> None:
    assert CALENDAR.due_on(feed, Period.parse(month)) is None


@pytest.mark.parametrize("feed", FEEDS)
def test_nothing_is_ever_due_in_february(feed: str) -> None:
    dues = [CALENDAR.due_on(feed, period) for year in range(2005, 2035) for period in every_period(year)]
    assert all(due.day.month != 2 for due in dues if due is not None)


@pytest.mark.parametrize("feed", FEEDS)
def test_every_due_day_is_a_working_day_after_the_period(feed: str) -> None:
    for year in range(2005, 2035):
        for period in every_period(year):
            due = CALENDAR.due_on(feed, period)
            if due is not None:
                assert due.day > period.end
                assert DAYS.is_working(due.day)


def test_december_falls_before_the_spring_festival_not_after_it() -> None:
    """28 January 2025 is 除夕; the next working day would be 5 February."""
    assert CALENDAR.due_on("enterprises", Period.parse("2024-12")) == Due(date(2025, 1, 27), provisional=False)


def test_a_worked_sunday_is_a_due_day() -> None:
    assert CALENDAR.due_on("indicators", Period.parse("2024-Q1")) == Due(date(2024, 4, 28), provisional=False)


def test_ratings_of_a_year_are_due_by_the_end_of_the_next_august() -> None:
    assert CALENDAR.due_on("ratings", Period.parse("2024")) == Due(date(2025, 8, 29), provisional=False)
    assert CALENDAR.due_on("ratings", Period.parse("2024-06")) is None


def test_titles_are_due_by_the_tenth_working_day_of_the_next_month() -> None:
    assert CALENDAR.due_on("recognitions", Period.parse("2024-06")) == Due(date(2024, 7, 12), provisional=False)
    assert CALENDAR.due_on("recognitions", Period.parse("2024")) == Due(date(2025, 3, 31), provisional=False)


def test_a_year_without_notice_says_it_is_provisional() -> None:
    due = CALENDAR.due_on("projects", Period.parse("2030-09"))
    assert due is not None
    assert due.provisional


def test_provisional_is_the_year_of_the_due_day_not_of_the_period() -> None:
    last = max(DAYS.announced_years)
    due = CALENDAR.due_on("projects", Period.month(last, 12))
    assert due is not None
    assert due.provisional


def test_a_month_with_too_few_working_days_ends_on_its_last(tmp_path: Path) -> None:
    calendar = calendar_of(tmp_path, "{grains: [month], rule: nth_working_day, n: 31, months_after: 1}")
    assert calendar.due_on("projects", Period.parse("2024-12")) == Due(date(2025, 1, 27), provisional=False)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        pytest.param("{grains: [month], rule: nth_working_day, n: 8, months_after: 2}", "February", id="December + 2"),
        pytest.param("{grains: [two_months], rule: day_of_month, n: 8, months_after: 12}", "February", id="P2M + 12"),
        pytest.param("{grains: [month], rule: day_of_month, n: 8, months_after: 0}", "greater", id="within the period"),
        pytest.param("{grains: [month], rule: someday, n: 8, months_after: 1}", "nth_working_day", id="rule"),
    ],
)
def test_a_rule_that_cannot_hold_is_refused(tmp_path: Path, rule: str, message: str) -> None:
    with pytest.raises(BadReferenceFileError, match=message):
        calendar_of(tmp_path, rule)


def test_an_unknown_feed_is_an_error_not_a_silence() -> None:
    with pytest.raises(NoDueRuleError, match="weather"):
        CALENDAR.due_on("weather", Period.parse("2024-06"))


def test_the_calendar_says_that_it_is_our_default() -> None:
    assert "本软件默认值" in CALENDAR.source_zh
    assert "default of this software" in CALENDAR.source_en
