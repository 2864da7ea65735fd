"""A statistical period (期) as a value: a month, a quarter, a year, or the joint January–February report.

Written forms, as on the wire and in files: `2024-06`, `2024-01/P2M`, `2024-Q2`, `2024`.
January and February are surveyed and published together (国家统计局, since 2013), so monthly feeds know
`2024-01/P2M` and neither `2024-01` nor `2024-02`.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from shared.kernel.errors import PlanwatchError

_FORM = re.compile(
    r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>\d{2})(?:/P(?P<months>\d{1,2})M)?))?", re.ASCII
)
JANUARY_FEBRUARY_MONTHS = 2


class InvalidPeriodError(PlanwatchError):
    """The text is not one of the written forms of a period."""


class Grain(StrEnum):
    """How long a period is."""

    MONTH = "month"
    TWO_MONTHS = "two_months"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS = {Grain.MONTH: 1, Grain.TWO_MONTHS: 2, Grain.QUARTER: 3, Grain.YEAR: 12}


@lru_cache(maxsize=4096)  # a few hundred months, each asked for thousands of times
def _last_day(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


@dataclass(frozen=True, slots=True)
class Period:
    """A period by its first month and its grain. Ordered by its end, then longest first."""

    year: int
    first_month: int
    grain: Grain

    @classmethod
    @lru_cache(maxsize=1024)  # every row names its period, and a submission's rows all the same one
    def parse(cls, text: str) -> "Period":
        """Read a written form; raise InvalidPeriodError for anything else (`2024-13`, `2024-03/P2M`)."""
        match = _FORM.fullmatch(text)
        if match is None or match["year"] < "1900":
            raise InvalidPeriodError(f"not a period: {text!r}")
        year = int(match["year"])
        if match["quarter"]:
            return cls(year, 3 * int(match["quarter"]) - 2, Grain.QUARTER)
        if match["month"] is None:
            return cls.whole_year(year)
        month = int(match["month"])
        if not 1 <= month <= 12:
            raise InvalidPeriodError(f"no such month: {text!r}")
        if match["months"] is None:
            return cls(year, month, Grain.MONTH)
        if month != 1 or int(match["months"]) != JANUARY_FEBRUARY_MONTHS:
            raise InvalidPeriodError(f"only January and February are reported jointly: {text!r}")
        return cls(year, 1, Grain.TWO_MONTHS)

    @classmethod
    def month(cls, year: int, month: int) -> "Period":
        """Return the monthly report that covers this month: January and February give `year-01/P2M`."""
        if month <= JANUARY_FEBRUARY_MONTHS:
            return cls(year, 1, Grain.TWO_MONTHS)
        return cls(year, month, Grain.MONTH)

    @classmethod
    def whole_year(cls, year: int) -> "Period":
        """Return the year as one period."""
        return cls(year, 1, Grain.YEAR)

    @property
    def last_month(self) -> int:
        """The number of the last month, which is also the number of months elapsed in the year."""
        return self.first_month + _MONTHS[self.grain] - 1

    @property
    def start(self) -> date:
        """The first day."""
        return date(self.year, self.first_month, 1)

    @property
    def end(self) -> date:
        """The last day."""
        return _last_day(self.year, self.last_month)

    @property
    def is_monthly_report(self) -> bool:
        """Whether monthly feeds know this period: `YYYY-01/P2M` or March to December."""
        return self.grain is Grain.TWO_MONTHS or (
            self.grain is Grain.MONTH and self.first_month > JANUARY_FEBRUARY_MONTHS
        )

    def next_report(self) -> "Period":
        """Return the monthly report after this one: `2024-12` is followed by `2025-01/P2M`."""
        return Period.month(self.year + 1, 1) if self.last_month == 12 else Period.month(self.year, self.last_month + 1)

    def year_before(self) -> "Period":
        """Return the same period one year earlier."""
        return Period(self.year - 1, self.first_month, self.grain)

    def year_after(self) -> "Period":
        """Return the same period one year later."""
        return Period(self.year + 1, self.first_month, self.grain)

    def __str__(self) -> str:
        """Return the written form."""
        match self.grain:
            case Grain.YEAR:
                return f"{self.year:04d}"
            case Grain.QUARTER:
                return f"{self.year:04d}-Q{self.last_month // 3}"
            case Grain.TWO_MONTHS:
                return f"{self.year:04d}-01/P2M"
            case Grain.MONTH:
                return f"{self.year:04d}-{self.first_month:02d}"

    def __lt__(self, other: "Period") -> bool:
        """Order by the last day; of two that end together, the longer one comes later."""
        mine, its = _MONTHS[self.grain], _MONTHS[other.grain]
        return (self.year, self.first_month + mine, mine) < (other.year, other.first_month + its, its)
