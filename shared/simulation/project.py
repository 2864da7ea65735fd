"""A simulated investment project: its amounts and dates, and in which report its start counts."""

from dataclasses import dataclass
from datetime import date

from shared.simulation.firm import NEVER


def month_number(day: date) -> int:
    """Return year × 100 + month."""
    return day.year * 100 + day.month


@dataclass(frozen=True, slots=True)
class Project:
    """A simulated project; amounts in 万元. A project that is only signed has no `started_on`."""

    code: str
    serial: int
    place: int
    """Index of its area in `calibration.AREAS`."""
    owner_uscc: str
    industry: str
    kind: str
    planned_total: int
    planned_equipment: int
    signed_on: date
    filed_on: date
    started_on: date | None
    accepted_in: int
    """The report (year × 100 + last month) from which the start's evidence is accepted; NEVER where it is not."""
    listed_on: date | None
    building_months: int
    completed_on: date | None
    production_on: date | None

    @property
    def last_report(self) -> int:
        """The report after which the project is no longer reported: December of the year it went into production."""
        return NEVER if self.production_on is None else self.production_on.year * 100 + 12

    def is_reported(self, report: int) -> bool:
        """Whether the report holds the project: from its filing (备案) on, which gives it its code."""
        return month_number(self.filed_on) <= report <= self.last_report

    def completed_by(self, year: int, month: int) -> int:
        """Return the investment completed from the start to the end of the month."""
        if self.started_on is None:
            return 0
        months = (year - self.started_on.year) * 12 + month - self.started_on.month + 1
        return self.planned_total * max(0, min(months, self.building_months)) // self.building_months
