"""What the made-up cities report each month, from a seed; `revision` 0 is the first report, a higher one restates it.

Every row follows from its cell and its revision alone, so that any submission can be sent again with other values.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from benchmarks.restatement.numbers import INDUSTRIES, SCALE, TITLES, YI, Kind, Number, numbers_of
from benchmarks.restatement.size import Size, chance
from services.rules.domain.rows import FigureCell, FigureReport, FirmReport, ProjectReport, RecognitionReport
from shared.kernel.period import Period
from shared.simulation.identifiers import uscc

WAN = 10_000
_REPORTED_MONTHS = 30
"""A project is reported until it has long been in production."""


@dataclass(frozen=True, slots=True)
class City:
    """One city's rows of any report. `areas` are its counties, or itself where it has none."""

    id: str
    areas: tuple[str, ...]
    size: Size

    # ---- published figures

    def figures(self, report: Period, revision: int) -> Iterator[tuple[FigureCell, FigureReport]]:
        """Yield the month's published figures."""
        for number in numbers_of(self.size):
            if number.kind is Kind.FIGURE:
                yield self.figure(number, report, revision)

    def figure(self, number: Number, report: Period, revision: int) -> tuple[FigureCell, FigureReport]:
        """Return one published figure: around what its path expects."""
        low, width = (0.8, 0.4) if number.is_falling else (0.5, 0.8)
        drawn = low + width * chance(self.size.seed, self.id, number.slug, report, revision)
        value = Decimal(round(_on_path(number, report, self.size) * drawn * 100 / SCALE)) / 100
        cell = FigureCell(number.slug, self.id, report, number.measure, number.basis)
        return cell, FigureReport(value=value, unit=number.unit, status="final", authority="示例统计局")

    # ---- projects

    def projects(self, report: Period, revision: int) -> Iterator[tuple[str, ProjectReport]]:
        """Yield the projects reported in the month."""
        for serial in self.projects_of(report):
            yield self.project(serial, report, revision)

    def projects_of(self, report: Period) -> list[int]:
        """Return the serials of the projects reported in the month."""
        month = _month_number(report, self.size)
        ages = ((serial, month - self._begins(serial)) for serial in range(self.size.project_count))
        return [serial for serial, age in ages if 0 <= age <= _REPORTED_MONTHS]

    def largest_projects(self, report: Period) -> list[int]:
        """Return the serials of the month's projects, those that reach the most tiers first."""
        return sorted(
            self.projects_of(report), key=lambda serial: -self.project(serial, report, 0)[1].planned_total_yuan
        )

    def project(self, serial: int, report: Period, revision: int) -> tuple[str, ProjectReport]:
        """Return one project; a revision changes its planned total and the day of its start."""
        drawn = chance(self.size.seed, self.id, "project", serial)
        total = YI * 10 ** (2 * drawn)
        if revision:
            total *= 0.7 + 0.6 * chance(self.size.seed, self.id, serial, report, revision)
        row = ProjectReport(
            name=f"示例项目{serial}",
            area=self.areas[serial % len(self.areas)],
            kind="new",
            planned_total_yuan=_wan(total),
            industry=INDUSTRIES[serial % len(INDUSTRIES)],
            start_evidence="pending" if serial % 10 == 0 else "accepted",
            signed_on=self._told(serial, 0, report),
            started_on=self._told(serial, 4 + revision % 3, report),
            completed_on=self._told(serial, 14, report),
            production_on=self._told(serial, 18, report),
        )
        return f"BENCHMARK-{self.id}-{serial:05d}", row

    def _begins(self, serial: int) -> int:
        """Return the month of the plan's years in which a project is signed."""
        return int(12 * self.size.years * chance(self.size.seed, self.id, "begins", serial))

    def _told(self, serial: int, months: int, report: Period) -> date | None:
        """Return the day of an event so many months after the signing, once it has come."""
        day = _day_of_month(self._begins(serial) + months, self.size)
        return day if day <= report.end else None

    # ---- firms

    def firms(self, report: Period, revision: int) -> Iterator[tuple[str, FirmReport]]:
        """Yield the firms that have not left."""
        for serial in range(1, self.size.firms + 1):
            key, row = self.firm(serial, report, revision)
            if row.exited_on is None or (report.end - row.exited_on).days < 90:
                yield key, row

    def registered(self, report: Period) -> list[int]:
        """Return the serials of the firms in the above-scale register."""
        told = ((serial, self.firm(serial, report, 0)[1]) for serial in range(1, self.size.firms + 1))
        return [serial for serial, row in told if row.above_scale and row.exited_on is None]

    def firm(self, serial: int, report: Period, revision: int) -> tuple[str, FirmReport]:
        """Return one firm; a revision changes its revenue, and what follows from it."""
        seed = (self.size.seed, self.id, serial)
        monthly = 1_000_000 * 100 ** chance(*seed, "revenue")
        drawn = 0.7 + 0.6 * chance(*seed, report, revision)
        revenue = _wan(monthly * report.last_month * drawn)
        entered, exited = self._entered(serial), self._exited(serial)
        is_in = entered is not None and entered <= report.end
        row = FirmReport(
            name=f"示例企业{serial}",
            area=self.areas[serial % len(self.areas)],
            industry=f"{INDUSTRIES[serial % len(INDUSTRIES)]}10",
            operating_status="operating",
            above_scale=is_in,
            revenue_ytd_yuan=revenue,
            output_ytd_yuan=_wan(revenue * 1.1),
            profit_ytd_yuan=_wan(revenue * 0.06),
            tax_ytd_yuan=_wan(revenue * 0.03),
            employees=50 + serial,
        )
        if is_in and serial % 5 == 0:  # the others were there from the start
            row = row._replace(entered_on=entered, entry_kind="new")
        if exited is not None and exited <= report.end:
            row = row._replace(exited_on=exited, exit_kind="shrunk")
        return uscc(self.id, serial), row

    def _entered(self, serial: int) -> date | None:
        """A fifth of the firms enters some time, a fifth never."""
        if serial % 5 == 1:
            return None
        if serial % 5:
            return date(self.size.first_year - 1, 1, 1)
        return self._some_day(serial, "entered")

    def _exited(self, serial: int) -> date | None:
        if serial % 15 != 2:
            return None
        return self._some_day(serial, "exited")

    def _some_day(self, serial: int, what: str) -> date:
        return _day_of_month(int(12 * self.size.years * chance(self.size.seed, self.id, what, serial)), self.size)

    # ---- titles

    def titles(self, report: Period, revision: int) -> Iterator[tuple[tuple[str, str, str], RecognitionReport]]:
        """Yield the titles granted in the month; a revision revokes others of them."""
        for place in range(self.size.titles):
            drawn = (self.size.seed, self.id, "title", report, place)
            firm = 1 + int(self.size.firms * chance(*drawn))
            granted = report.end - timedelta(days=10)
            row = RecognitionReport(
                level="provincial",
                granted_on=granted,
                area=self.areas[firm % len(self.areas)],
                revoked_on=granted + timedelta(days=200) if chance(*drawn, revision) < 0.2 else None,
            )
            kind = TITLES[int(len(TITLES) * chance(*drawn, "kind"))]
            yield (uscc(self.id, firm), kind, f"{report}第{place}批"), row


def _on_path(number: Number, report: Period, size: Size) -> float:
    elapsed = (_month_number(report, size) + 1) / (12 * size.years)
    return number.baseline + (number.goal - number.baseline) * elapsed


def _month_number(report: Period, size: Size) -> int:
    return 12 * (report.year - size.first_year) + report.last_month - 1


def _day_of_month(month: int, size: Size) -> date:
    """Return a day in the month that comes so many after the first; later than the plan where it lies beyond."""
    return date(size.first_year + month // 12, month % 12 + 1, 15)


def _wan(yuan: float) -> int:
    """Return an amount in whole 万元, as the feeds bring it."""
    return round(yuan / WAN) * WAN
