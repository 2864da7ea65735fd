"""Chinese working days (调休 included) as the State Council announces them year by year.

The announced years come from the `chinesecalendar` package. Any other year is provisional: Monday to Friday without
the statutory days that have a fixed date (1 January, 1–2 May, 1–3 October); festivals of the lunar calendar and
exchanged days are unknown until the notice, and every answer that touches such a year says so.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from chinese_calendar import constants

_FIXED_STATUTORY_DAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
_NATIONAL_DAY = (10, 1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The announced exceptions to Monday–Friday, and the years they are complete for."""

    holidays: frozenset[date]
    exchanged_workdays: frozenset[date]
    announced_years: frozenset[int]

    @classmethod
    def announced(cls) -> "WorkingDays":
        """Return the calendar of all years announced so far."""
        holidays = frozenset(constants.holidays)
        return cls(
            holidays=holidays,
            exchanged_workdays=frozenset(constants.workdays),
            announced_years=frozenset(day.year for day in holidays if (day.month, day.day) == _NATIONAL_DAY),
        )

    def is_provisional(self, year: int) -> bool:
        """Whether the year has no official notice yet."""
        return year not in self.announced_years

    def is_working(self, day: date) -> bool:
        """Whether people work on this day."""
        if day.year not in self.announced_years:
            return day.weekday() < _SATURDAY and (day.month, day.day) not in _FIXED_STATUTORY_DAYS
        return day in self.exchanged_workdays or (day.weekday() < _SATURDAY and day not in self.holidays)

    def of_month(self, year: int, month: int) -> tuple[date, ...]:
        """Return the working days of a month in order."""
        days = (date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1))
        return tuple(day for day in days if self.is_working(day))

    def add(self, day: date, count: int) -> date:
        """Return the day that lies `count` working days after `day`; `day` itself is not counted."""
        if count < 0:
            raise ValueError("working days are counted forward")
        following = self._after(day)
        for _ in range(count):
            day = next(following)
        return day

    def between(self, first: date, last: date) -> int:
        """Return how many working days lie after `first`, up to and including `last`; zero when `last` is earlier."""
        days = (first + timedelta(days=offset) for offset in range(1, (last - first).days + 1))
        return sum(1 for day in days if self.is_working(day))

    def _after(self, day: date) -> Iterator[date]:
        while True:
            day += timedelta(days=1)
            if self.is_working(day):
                yield day
