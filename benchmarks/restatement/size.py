"""How much is measured, and the reports it spans."""

from dataclasses import dataclass
from functools import cached_property
from zlib import crc32

from shared.kernel.period import Period

CITIES = ("320600", "320700", "321200", "321300", "320300")
LAST_YEAR = 2025
_SPAN = 2**32


@dataclass(frozen=True, kw_only=True)
class Size:
    """`months` of reports (January and February are one) from `first_year` on; plans cover the years until 2025.

    Of each city: `targets` numbers of its plan, `projects` begun a year, `firms`, and `titles` granted a month.
    """

    seed: int = 1
    cities: int = 5
    targets: int = 400
    months: int = 60
    projects: int = 60
    firms: int = 300
    titles: int = 5
    repeats: int = 5
    first_year: int = 2021
    plan_years: int | None = None
    """Plans of so many years follow each other; None: one spans them all."""

    @property
    def city_ids(self) -> tuple[str, ...]:
        """The cities measured."""
        return CITIES[: self.cities]

    @property
    def plans(self) -> tuple[tuple[int, int], ...]:
        """The first and last year of each plan of a city."""
        length = self.plan_years or self.years
        firsts = range(self.first_year, LAST_YEAR + 1, length)
        return tuple((first, min(first + length - 1, LAST_YEAR)) for first in firsts)

    @property
    def years(self) -> int:
        """How many years the plans cover."""
        return LAST_YEAR - self.first_year + 1

    @cached_property
    def reports(self) -> tuple[Period, ...]:
        """Every monthly report, the oldest first."""
        ends = ((self.first_year + (month - 1) // 12, (month - 1) % 12 + 1) for month in range(2, self.months + 1))
        return tuple(dict.fromkeys(Period.month(year, month) for year, month in ends))

    @property
    def project_count(self) -> int:
        """How many projects a city has in all."""
        return self.projects * self.years


def chance(*parts: object) -> float:
    """Return a number from 0 to 1, without 1, that the parts alone decide: the same on every machine."""
    return crc32("/".join(map(str, parts)).encode()) / _SPAN


def first_year_of(months: int) -> int:
    """Return the year in which so many months begin, when they end with 2025 or during it."""
    return LAST_YEAR + 1 - (months + 11) // 12


QUICK = Size(cities=2, targets=100, months=14, projects=20, firms=40, repeats=1, first_year=2024)
"""Enough to see that everything works."""
QUICK_GROWTH = (5, 14)
