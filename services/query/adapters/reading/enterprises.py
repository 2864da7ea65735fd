"""Firms as last reported, and one firm with its reports, ratings and titles."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import RowMapping, select

from services.query.adapters.reading.other_sources import Governing, cells_of
from services.query.adapters.reading.reader import Listing, Page, PageParameters, Reader
from services.query.adapters.reading.recognitions import GoverningRecognition, recognitions_of
from services.query.adapters.views import ENTERPRISE_STATEMENTS, ENTERPRISES, RATING_STATEMENTS
from services.query.domain.cursor import KeyKind
from services.query.domain.errors import NotFoundError
from shared.contracts.wire import Number


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore")

    submission_id: str
    row_number: int
    sequence: int
    source: str
    authority: str | None = Field(description="whose rows the source sends, if it named one")
    simulated: bool
    recorded_at: datetime


class FirmReport(_Row):
    """What one firm reported for one period; `_ytd` values are cumulative from 1 January."""

    uscc: str
    name: str
    period: str
    city: str
    area: str
    area_name: str
    industry: str
    operating_status: str
    above_scale: bool
    entered_on: date | None
    entry_kind: str | None
    exited_on: date | None
    exit_kind: str | None
    revenue_ytd_yuan: int | None
    output_ytd_yuan: int | None
    profit_ytd_yuan: int | None
    tax_ytd_yuan: int | None
    rd_ytd_yuan: int | None
    energy_ytd_tce: Number | None
    electricity_ytd_wan_kwh: Number | None
    employees: int | None
    land_mu: Number | None


class FirmRating(_Row):
    """The resource-use rating of a firm in the round of one year. T means not rated."""

    year: int
    class_: str = Field(serialization_alias="class")
    score: Number | None
    stage: str
    published_on: date


class GoverningFirmReport(FirmReport, Governing):
    """The report of one period that governs."""


class GoverningRating(FirmRating, Governing):
    """The rating of one round that governs, and who sent it."""

    source: str
    authority: str | None


class FirmDetail(FirmReport):
    """One firm: its newest report, all reports (newest first), its ratings and its titles (newest first)."""

    reports: list[GoverningFirmReport]
    ratings: list[GoverningRating]
    recognitions: list[GoverningRecognition]


class FirmParameters(PageParameters):
    """Filters of the firms."""

    area: str | None = None
    above_scale: bool | None = None


FIRM_LISTING = Listing(
    name="enterprises",
    view=ENTERPRISES,
    keys={"uscc": KeyKind.TEXT},
    filters={
        "area": lambda value: ENTERPRISES.c.area == value,
        "above_scale": lambda value: ENTERPRISES.c.above_scale.is_(value),
    },
)


async def list_firms(reader: Reader, parameters: FirmParameters) -> Page[FirmReport]:
    """Return the newest report of each firm, by uscc."""
    rows, following = await reader.page(FIRM_LISTING, parameters)
    return Page(items=[firm_report(reader, row) for row in rows], next=following)


async def read_firm(reader: Reader, uscc: str) -> FirmDetail:
    """Return one firm; raise NotFoundError."""
    reports, ratings = ENTERPRISE_STATEMENTS.c, RATING_STATEMENTS.c
    stated = await reader.all(
        select(ENTERPRISE_STATEMENTS)
        .where(reports.uscc == uscc)
        .order_by(reports.period_end.desc(), reports.precedence)
    )
    if not stated:
        raise NotFoundError("enterprise", uscc)
    rated = await reader.all(
        select(RATING_STATEMENTS).where(ratings.uscc == uscc).order_by(ratings.year.desc(), ratings.precedence)
    )
    return FirmDetail.model_validate(
        {
            **_fields(reader, stated[0]),
            "reports": [{**_fields(reader, cell.row), **cell.fields} for cell in cells_of(stated, "period_end")],
            "ratings": [{**_rated(cell.row), **cell.fields} for cell in cells_of(rated, "year")],
            "recognitions": await recognitions_of(reader, uscc),
        }
    )


def firm_report(reader: Reader, row: RowMapping) -> FirmReport:
    """Return the report of a row."""
    return FirmReport.model_validate(_fields(reader, row))


def firm_rating(_reader: Reader, row: RowMapping) -> FirmRating:
    """Return the rating of a row."""
    return FirmRating.model_validate(_rated(row))


def _rated(row: RowMapping) -> dict[str, object]:
    return {**row, "class_": row["class"]}


def _fields(reader: Reader, row: RowMapping) -> dict[str, object]:
    return {**row, "area_name": reader.names.area(row["area"])}
