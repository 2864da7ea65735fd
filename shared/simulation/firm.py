"""A simulated firm: who it is, its revenue of every year, and when it enters and leaves the above-scale register."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

NEVER = 9999_12
"""A month number (year × 100 + month) that no report reaches."""


class EntryKind(StrEnum):
    """How a firm entered the register."""

    NEW = "new"
    GROWN = "grown"
    MOVED_IN = "moved_in"
    CHANGED = "changed"


class ExitKind(StrEnum):
    """Why a firm left the register."""

    CLOSED = "closed"
    SHRUNK = "shrunk"
    MOVED_OUT = "moved_out"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Life:
    """The firm's way through the register. `…_in` are the reports (year × 100 + last month) that first show it."""

    founded: int
    seen_in: int = 0
    entered_in: int = NEVER
    entered_on: date | None = None
    entry_kind: EntryKind | None = None
    exited_in: int = NEVER
    exited_on: date | None = None
    exit_kind: ExitKind | None = None

    def is_above_scale(self, report: int) -> bool:
        """Whether the register holds the firm in the report."""
        return self.entered_in <= report < self.exited_in

    def is_candidate(self, report: int) -> bool:
        """Whether the report shows the firm before it enters the register, if it ever does."""
        return self.seen_in <= report < min(self.entered_in, self.exited_in)

    def is_reported(self, report: int) -> bool:
        """Whether the report has a row of the firm; the last one is that of its exit."""
        return self.seen_in <= report <= self.exited_in


@dataclass(frozen=True, slots=True)
class Ratios:
    """What the firm's other figures are, per mille of its revenue (kWh and tonnes as in calibration.py)."""

    output: int
    margin: int
    tax: int
    research: int
    energy: int
    electricity: int
    revenue_per_head: int
    """万元."""
    revenue_per_mu: int
    """万元."""


@dataclass(frozen=True, slots=True)
class Firm:
    """A simulated firm. `revenue` holds one amount a year, in hundredths of 万元, the first for `base_year`."""

    uscc: str
    serial: int
    place: int
    """Index of its area in `calibration.AREAS`."""
    industry: str
    ratios: Ratios
    shape: tuple[int, ...]
    loss: int
    """A fixed yearly loss, in hundredths of 万元, booked in the first report of the year."""
    life: Life
    revenue: tuple[int, ...]
    base_year: int

    def revenue_to_date(self, year: int, month: int) -> int:
        """Return the revenue of the year up to the end of the month, as the firm reports it."""
        life, shape = self.life, self.shape
        index = year - self.base_year
        if life.seen_in // 100 > year or index < 0:
            return 0
        month = self.active_month(year, month)
        before = shape[life.seen_in % 100 - 1] if life.seen_in // 100 == year and life.seen_in % 100 > 2 else 0
        return self.revenue[index] * (shape[month] - before) // 10_000

    def active_month(self, year: int, month: int) -> int:
        """Return the last month, up to the given one, in which the firm worked: who closes stops two months before."""
        life = self.life
        if life.exit_kind is not ExitKind.CLOSED or life.exited_in // 100 != year:
            return month
        return min(month, max(2, life.exited_in % 100 - 2))

    def revenue_of_last_year(self, year: int, month: int) -> int:
        """Return the revenue of the twelve months up to the end of the month."""
        now = self.revenue_to_date(year, month)
        if month == 12:
            return now
        return now + self.revenue_to_date(year - 1, 12) - self.revenue_to_date(year - 1, month)
