from dataclasses import replace
from datetime import date

import pytest

from services.rules.domain.feed import Feed
from services.rules.domain.rows import EnterpriseRow, feed_of, register_year, statistical_year
from tests.contracts.rules_rows import MakeRow, firm, gone_firm, project, push


def made(make: MakeRow, when: str) -> EnterpriseRow:
    row = push(Feed.ENTERPRISES, when, [make], sequence=1).rows[0]
    assert isinstance(row, EnterpriseRow)
    return row


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2024, 2, 29), 2023),
        (date(2024, 3, 1), 2024),
        (date(2024, 12, 31), 2024),
        (date(2025, 2, 28), 2024),
        (date(2025, 3, 1), 2025),
    ],
)
def test_a_statistical_year_runs_from_march_to_february(day: date, year: int) -> None:
    assert statistical_year(day) == year


@pytest.mark.parametrize(
    ("when", "report", "year"),
    [
        pytest.param("2024-06", {"entered_on": date(2024, 5, 1)}, 2024, id="entered this year"),
        pytest.param("2024-06", {"exited_on": date(2024, 5, 1)}, 2024, id="left this year"),
        pytest.param("2024-06", {"entered_on": date(2024, 2, 1)}, None, id="entered the year before"),
        pytest.param("2025-01/P2M", {"entered_on": date(2025, 1, 5)}, 2024, id="entered with the annual batch"),
        pytest.param("2024-06", {}, None, id="never entered"),
    ],
)
def test_the_register_year_of_a_row_is_that_of_its_own_report(
    when: str, report: dict[str, object], year: int | None
) -> None:
    assert register_year(made(firm("x", **report), when)) == year


def test_a_row_that_left_has_no_register_year() -> None:
    assert register_year(made(gone_firm("x"), "2024-06")) is None


def test_a_row_knows_its_feed() -> None:
    row = push(Feed.PROJECTS, "2024-06", [project("p")], sequence=1).rows[0]
    assert feed_of(replace(row)) is Feed.PROJECTS
