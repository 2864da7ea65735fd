"""Periods of submissions (trap 1: there is no February)."""

from datetime import date

import pytest

from services.ingest.domain.errors import CellError
from services.ingest.domain.feeds import FeedName
from services.ingest.domain.report_period import parse_report_period

TODAY = date(2024, 7, 20)


@pytest.mark.parametrize(
    ("text", "feed"),
    [
        pytest.param("2024-06", "enterprises", id="month"),
        pytest.param("2024-01/P2M", "projects", id="January and February"),
        pytest.param("2023-08", "ratings", id="ratings take the month they are reported in"),
        pytest.param("2023", "indicators", id="indicators know years"),
        pytest.param("2023", "recognitions", id="titles of a whole year"),
        pytest.param("2024-05", "recognitions", id="titles of a month"),
        pytest.param("2024-07", "ratings", id="the running month"),
    ],
)
def test_known_periods(text: str, feed: str) -> None:
    assert str(parse_report_period(text, FeedName(feed), today=TODAY)) == text


@pytest.mark.parametrize(
    ("text", "feed", "code"),
    [
        pytest.param("2024-02", "enterprises", "period.no_february", id="February"),
        pytest.param("2024-01", "indicators", "period.no_february", id="January"),
        pytest.param("2023", "enterprises", "period.grain", id="year of a monthly feed"),
        pytest.param("2023", "ratings", "period.grain", id="year of ratings"),
        pytest.param("2024-Q2", "indicators", "period.grain", id="quarter"),
        pytest.param("2024-03/P2M", "projects", "period.form", id="two other months"),
        pytest.param("2024-08", "projects", "period.future", id="not begun"),
        pytest.param("六月", "projects", "period.form", id="words"),
        pytest.param(202406, "projects", "period.form", id="number"),
    ],
)
def test_unknown_periods(text: object, feed: str, code: str) -> None:
    with pytest.raises(CellError) as caught:
        parse_report_period(text, FeedName(feed), today=TODAY)
    assert caught.value.flaw.code == code


def test_february_is_told_what_to_use() -> None:
    with pytest.raises(CellError) as caught:
        parse_report_period("2024-02", FeedName.PROJECTS, today=TODAY)
    assert "2024-01/P2M" in caught.value.flaw.zh
    assert "2024-01/P2M" in caught.value.flaw.en
