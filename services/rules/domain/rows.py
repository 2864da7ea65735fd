"""Rows of the feeds as reported: each is one version of one cell, never overwritten."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from services.rules.domain.feed import Feed
from shared.kernel.period import Period


class Origin(NamedTuple):
    """Where a row came from. `sequence` is the order of its submission: of a source's versions of a cell the highest counts."""

    submission_id: str
    row_number: int
    source: str
    city: str
    period: Period
    sequence: int
    recorded_at: datetime
    correlation_id: str


class FirmReport(NamedTuple):
    """One firm in one period; `_ytd` is cumulative from 1 January."""

    name: str
    area: str
    industry: str
    operating_status: str
    above_scale: bool
    entered_on: date | None = None
    entry_kind: str | None = None
    exited_on: date | None = None
    exit_kind: str | None = None
    revenue_ytd_yuan: int | None = None
    output_ytd_yuan: int | None = None
    profit_ytd_yuan: int | None = None
    tax_ytd_yuan: int | None = None
    rd_ytd_yuan: int | None = None
    energy_ytd_tce: Decimal | None = None
    electricity_ytd_wan_kwh: Decimal | None = None
    employees: int | None = None
    land_mu: Decimal | None = None


class ProjectReport(NamedTuple):
    """One investment project as known at one period."""

    name: str
    area: str
    kind: str
    planned_total_yuan: int
    owner_uscc: str | None = None
    industry: str | None = None
    planned_equipment_yuan: int | None = None
    completed_prior_yuan: int | None = None
    planned_year_yuan: int | None = None
    completed_ytd_yuan: int | None = None
    signed_on: date | None = None
    filed_on: date | None = None
    started_on: date | None = None
    start_evidence: str = "none"
    listed_on: date | None = None
    completed_on: date | None = None
    production_on: date | None = None


class RatingReport(NamedTuple):
    """One firm's rating in one round. Class T is not rated: it is not D."""

    class_: str
    stage: str
    published_on: date
    area: str
    score: Decimal | None = None


class RecognitionReport(NamedTuple):
    """One title of one firm: a level of its kind, from the day it was granted to the day it was revoked."""

    level: str
    granted_on: date
    area: str
    name: str | None = None
    revoked_on: date | None = None


class FigureReport(NamedTuple):
    """One published figure."""

    value: Decimal
    unit: str
    status: str
    authority: str


@dataclass(frozen=True, slots=True)
class EnterpriseRow:
    """Cell: firm × period. `report` is None when the row left."""

    origin: Origin
    uscc: str
    report: FirmReport | None


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """Cell: project × period. `report` is None when the row left."""

    origin: Origin
    code: str
    report: ProjectReport | None


@dataclass(frozen=True, slots=True)
class RatingRow:
    """Cell: firm × round (its year). `report` is None when the row left."""

    origin: Origin
    uscc: str
    year: int
    report: RatingReport | None


@dataclass(frozen=True, slots=True)
class RecognitionRow:
    """Cell: firm × kind of title × batch. `report` is None when the row left."""

    origin: Origin
    uscc: str
    kind: str
    batch: str
    report: RecognitionReport | None


@dataclass(frozen=True, slots=True)
class FigureCell:
    """Which published figure: level, growth and share, and month, year-to-date and year never stand for each other."""

    indicator: str
    area: str
    value_period: Period
    measure: str
    basis: str


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One version of a published figure. `report` is None when the row left."""

    origin: Origin
    cell: FigureCell
    report: FigureReport | None


FeedRow = EnterpriseRow | ProjectRow | RatingRow | RecognitionRow | IndicatorRow


def feed_of(row: FeedRow) -> Feed:
    """Return the feed a row belongs to."""
    match row:
        case EnterpriseRow():
            return Feed.ENTERPRISES
        case ProjectRow():
            return Feed.PROJECTS
        case RatingRow():
            return Feed.RATINGS
        case RecognitionRow():
            return Feed.RECOGNITIONS
        case IndicatorRow():
            return Feed.INDICATORS


def statistical_year(day: date) -> int:
    """Return the year of the above-scale register that a day belongs to: it runs from March to the next February.

    The annual batch of a year appears with the 1–2月 report of the next one.
    """
    return day.year if day.month >= 3 else day.year - 1


def register_year(row: EnterpriseRow) -> int | None:
    """Return the statistical year of the row's report if the row says that the firm entered or left in it."""
    report = row.report
    if report is None or (report.entered_on is None and report.exited_on is None):
        return None
    year = statistical_year(row.origin.period.end)
    moved = [statistical_year(day) for day in (report.entered_on, report.exited_on) if day is not None]
    return year if year in moved else None
