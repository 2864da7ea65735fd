"""Periods: written forms, order, and the joint January–February report."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.period import Grain, InvalidPeriodError, Period


@pytest.mark.parametrize("text", ["2024", "2024-Q2", "2024-06", "2024-12", "2024-01/P2M", "2024-01"])
def test_written_forms_are_read_and_written_back(text: str) -> None:
    assert str(Period.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024-13",
        "2024-00",
        "2024-Q5",
        "2024-03/P2M",
        "2024-01/P3M",
        "24-06",
        "2024-6",
        "2024-06 ",
        "0000",
        "２０２４",
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(InvalidPeriodError):
        Period.parse(text)


def test_there_is_no_february_report() -> None:
    reports = [Period.parse("2023-12")]
    for _ in range(3):
        reports.append(reports[-1].next_report())
    assert [str(report) for report in reports] == ["2023-12", "2024-01/P2M", "2024-03", "2024-04"]
    assert not Period.parse("2024-02").is_monthly_report
    assert not Period.parse("2024-01").is_monthly_report
    assert Period.parse("2024-01/P2M").is_monthly_report


@pytest.mark.parametrize(
    ("text", "start", "end", "months"),
    [
        ("2024-01/P2M", date(2024, 1, 1), date(2024, 2, 29), 2),
        ("2023-01/P2M", date(2023, 1, 1), date(2023, 2, 28), 2),
        ("2024-Q3", date(2024, 7, 1), date(2024, 9, 30), 9),
        ("2024", date(2024, 1, 1), date(2024, 12, 31), 12),
        ("2024-06", date(2024, 6, 1), date(2024, 6, 30), 6),
    ],
)
def test_bounds_and_elapsed_months(text: str, start: date, end: date, months: int) -> None:
    period = Period.parse(text)
    assert (period.start, period.end, period.last_month) == (start, end, months)


def test_of_two_periods_that_end_together_the_longer_comes_later() -> None:
    ordered = sorted(map(Period.parse, ["2024", "2024-Q4", "2024-12", "2024-11"]))
    assert [str(period) for period in ordered] == ["2024-11", "2024-12", "2024-Q4", "2024"]


@given(st.integers(1990, 2100), st.integers(1, 12))
def test_every_month_belongs_to_one_monthly_report(year: int, month: int) -> None:
    report = Period.month(year, month)
    assert report.is_monthly_report
    assert report.start <= date(year, month, 1) <= report.end
    assert report.year_before().year == year - 1
    assert report < report.next_report()
    assert (report.grain is Grain.TWO_MONTHS) == (month <= 2)


def test_a_whole_year_is_the_period_its_number_names() -> None:
    assert Period.whole_year(2024) == Period.parse("2024")
