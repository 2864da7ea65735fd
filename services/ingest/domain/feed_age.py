"""How old the newest report of a feed is, and how late the next one (trap 1: nothing is late in February)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from shared.kernel.period import Grain, Period

DueOn = Callable[[str, Period], date | None]
"""The day a feed is due for a period, None when it never reports it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedAge:
    """Days since the newest reported period ended, and days the next one is late (0: not late)."""

    age_days: int
    overdue_days: int


def age_of(feed: str, newest: Period | None, *, expected_since: date, today: date, due_on: DueOn) -> FeedAge:
    """Return the age of a feed. Before its first report, it is counted from the day it is expected since."""
    age = (today - (newest.end if newest is not None else expected_since)).days
    due = _next_due(feed, newest, expected_since, due_on)
    overdue = (today - due).days if due is not None else 0
    return FeedAge(age_days=max(0, age), overdue_days=max(0, overdue))


def _next_due(feed: str, newest: Period | None, expected_since: date, due_on: DueOn) -> date | None:
    """Return the due day of the first period after the newest one.

    A feed without monthly due days (ratings) is due once a year: the first due day after the newest report.
    """
    period = _after(newest) if newest is not None else Period.month(expected_since.year, expected_since.month)
    due = due_on(feed, period)
    if due is not None:
        return due
    since = newest.end if newest is not None else expected_since
    years = (Period.whole_year(since.year + offset) for offset in range(-1, 2))
    return next((day for year in years if (day := due_on(feed, year)) is not None and day > since), None)


def _after(period: Period) -> Period:
    if period.grain is Grain.YEAR:
        return Period.whole_year(period.year + 1)
    return period.next_report()
