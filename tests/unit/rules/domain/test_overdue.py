from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest

from services.rules.domain.alerting import Severity
from services.rules.domain.feed import Feed
from services.rules.domain.ledger import Ledger, Report
from services.rules.domain.overdue import Silence, silences_of
from services.rules.domain.runs import Run
from shared.kernel.period import Grain
from tests.contracts.rules_duties import DUTIES, DUTY
from tests.contracts.rules_rows import period

AUGUST = {"2026-08": date(2026, 9, 10)}
"""The report of August came in time; September's is due on the 8th working day of October, Friday 16 October 2026."""


def silence(
    arrivals: Mapping[str, date], day: date, *, feed: Feed = Feed.PROJECTS, grain: Grain = Grain.MONTH
) -> Silence:
    reports = tuple(
        Report(
            feed=feed,
            period=period(when),
            submission_id=when,
            parked=0,
            arrived_at=datetime(on.year, on.month, on.day, 1, tzinfo=UTC),
        )
        for when, on in arrivals.items()
    )
    found = silences_of(DUTY, Ledger(reports), DUTIES, day=day)
    return next(one for one in found if (one.chain.feed, one.chain.grain) == (feed, grain))


def missing(*args: object, **kwargs: object) -> list[str]:
    return [str(one.period) for one in silence(*args, **kwargs).missing]  # type: ignore[arg-type]


def told(run: Run) -> tuple[str, str, str | None, str, str]:
    return (
        str(run.since),
        str(run.until),
        None if run.ended_by is None else str(run.ended_by),
        run.severity,
        run.worst,
    )


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param(date(2026, 10, 10), [], id="the exchanged Saturday after the holiday is a working day"),
        pytest.param(date(2026, 10, 16), [], id="on its due day a report is in time"),
        pytest.param(date(2026, 10, 17), ["2026-09"], id="on the day after it is overdue"),
        pytest.param(date(2026, 11, 11), ["2026-09"], id="October is in time until the 8th working day of November"),
        pytest.param(date(2026, 11, 12), ["2026-09", "2026-10"], id="then both are overdue"),
    ],
)
def test_a_report_is_overdue_from_the_day_after_its_due_day(day: date, expected: list[str]) -> None:
    assert missing(AUGUST, day) == expected


@pytest.mark.parametrize(
    ("day", "days", "severity"),
    [
        pytest.param(date(2026, 10, 18), 0, Severity.YELLOW, id="a weekend counts nothing"),
        pytest.param(date(2026, 10, 19), 1, Severity.YELLOW, id="Monday is the first working day late"),
        pytest.param(date(2026, 10, 23), 5, Severity.YELLOW, id="five working days are yellow"),
        pytest.param(date(2026, 10, 26), 6, Severity.RED, id="more are red"),
    ],
)
def test_lateness_is_counted_in_working_days(day: date, days: int, severity: Severity) -> None:
    found = silence(AUGUST, day)
    assert [one.days for one in found.missing] == [days]
    assert [run.severity for run in found.runs] == [severity]


def test_working_days_late_include_exchanged_saturdays_and_leave_out_the_holiday() -> None:
    july = {"2026-07": date(2026, 8, 10)}
    found = silence(july, date(2026, 10, 10), feed=Feed.INDICATORS)
    assert found.missing == (), "figures entered once are no monthly duty"
    twice = {**july, "2026-06": date(2026, 7, 20)}
    late = silence(twice, date(2026, 10, 10), feed=Feed.INDICATORS).missing
    assert [(str(one.period), one.due_on, one.days) for one in late] == [("2026-08", date(2026, 9, 28), 5)]


def test_nothing_is_overdue_in_february() -> None:
    december = {"2026-12": date(2027, 1, 12)}
    first, last = date(2027, 2, 1), date(2027, 2, 28)
    assert missing(december, first) == missing(december, last) == missing(december, date(2027, 3, 1)) == []
    assert missing(december, date(2027, 3, 31)) == ["2027-01/P2M"]


@pytest.mark.parametrize(
    "arrivals",
    [
        pytest.param({}, id="a feed that never reported"),
        pytest.param({"2024-05": date(2026, 9, 10), "2025-12": date(2026, 9, 10)}, id="years loaded later"),
        pytest.param({"2026-08": date(2026, 10, 20)}, id="a report that came when the next was due already"),
    ],
)
def test_nothing_is_owed_before_a_report_came_in_time(arrivals: Mapping[str, date]) -> None:
    assert silence(arrivals, date(2026, 12, 31)).runs == ()


def test_older_years_loaded_later_are_no_duty() -> None:
    backfilled = {**AUGUST, "2023-12": date(2026, 9, 20), "2026-05": date(2026, 9, 20)}
    assert missing(backfilled, date(2026, 10, 19)) == ["2026-09"]


def test_nothing_is_owed_when_the_plans_have_ended() -> None:
    last = {"2027-12": date(2028, 1, 5)}
    assert missing(last, date(2028, 12, 31)) == []


def test_a_report_that_comes_ends_the_run() -> None:
    came = {**AUGUST, "2026-09": date(2026, 10, 20)}
    assert [told(run) for run in silence(came, date(2026, 10, 21)).runs] == [
        ("2026-09", "2026-09", "2026-09", "yellow", "yellow")
    ]


def test_a_report_in_time_leaves_no_run_whenever_it_reached_this_service() -> None:
    assert silence({**AUGUST, "2026-09": date(2026, 10, 16)}, date(2026, 10, 21)).runs == ()


def test_one_run_goes_on_until_every_report_has_come() -> None:
    second = {**AUGUST, "2026-09": date(2026, 11, 20)}
    day = date(2026, 11, 23)
    assert [told(run) for run in silence(second, day).runs] == [("2026-09", "2026-10", None, "red", "red")]
    both = {**second, "2026-10": date(2026, 11, 24)}
    assert [told(run) for run in silence(both, day).runs] == [("2026-09", "2026-10", "2026-10", "red", "red")]


def test_a_report_in_time_between_two_late_ones_parts_the_runs() -> None:
    arrivals = {**AUGUST, "2026-09": date(2026, 10, 19), "2026-10": date(2026, 11, 5)}
    runs = silence(arrivals, date(2026, 12, 31)).runs
    assert [told(run)[:3] for run in runs] == [("2026-09", "2026-09", "2026-09"), ("2026-11", "2026-11", None)]


def test_yearly_reports_are_a_chain_of_their_own() -> None:
    rounds = {"2025": date(2026, 8, 20)}
    found = silence(rounds, date(2027, 9, 1), feed=Feed.RATINGS, grain=Grain.YEAR)
    assert (found.chain.id, [str(one.period) for one in found.missing]) == ("feed/ratings/year", ["2026"])
