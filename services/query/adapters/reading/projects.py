"""Investment projects as last reported, and one project with its reports."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import RowMapping, select

from services.query.adapters.reading.other_sources import Governing, cells_of
from services.query.adapters.reading.reader import Listing, Page, PageParameters, Reader
from services.query.adapters.views import PROJECT_STATEMENTS, PROJECTS
from services.query.domain.cursor import KeyKind
from services.query.domain.errors import NotFoundError


class ProjectReport(BaseModel):
    """What was reported of one project for one period."""

    model_config = ConfigDict(extra="ignore")

    code: str
    name: str
    period: str
    owner_uscc: str | None
    city: str
    area: str
    area_name: str
    industry: str | None
    kind: str
    planned_total_yuan: int
    planned_equipment_yuan: int | None
    completed_prior_yuan: int | None
    planned_year_yuan: int | None
    completed_ytd_yuan: int | None
    signed_on: date | None
    filed_on: date | None
    started_on: date | None
    start_evidence: str
    listed_on: date | None
    completed_on: date | None
    production_on: date | None
    submission_id: str
    row_number: int
    sequence: int
    source: str
    authority: str | None = Field(description="whose rows the source sends, if it named one")
    simulated: bool
    recorded_at: datetime


class GoverningProjectReport(ProjectReport, Governing):
    """The report of one period that governs."""


class ProjectDetail(ProjectReport):
    """One project: its newest report and all reports, newest first."""

    reports: list[GoverningProjectReport]


class ProjectParameters(PageParameters):
    """Filters of the projects."""

    area: str | None = None
    start_evidence: str | None = None


PROJECT_LISTING = Listing(
    name="projects",
    view=PROJECTS,
    keys={"code": KeyKind.TEXT},
    filters={
        "area": lambda value: PROJECTS.c.area == value,
        "start_evidence": lambda value: PROJECTS.c.start_evidence == value,
    },
)


async def list_projects(reader: Reader, parameters: ProjectParameters) -> Page[ProjectReport]:
    """Return the newest report of each project, by code."""
    rows, following = await reader.page(PROJECT_LISTING, parameters)
    return Page(items=[project_report(reader, row) for row in rows], next=following)


async def read_project(reader: Reader, code: str) -> ProjectDetail:
    """Return one project; raise NotFoundError."""
    reports = PROJECT_STATEMENTS.c
    stated = await reader.all(
        select(PROJECT_STATEMENTS).where(reports.code == code).order_by(reports.period_end.desc(), reports.precedence)
    )
    if not stated:
        raise NotFoundError("project", code)
    return ProjectDetail.model_validate(
        {
            **_fields(reader, stated[0]),
            "reports": [{**_fields(reader, cell.row), **cell.fields} for cell in cells_of(stated, "period_end")],
        }
    )


def project_report(reader: Reader, row: RowMapping) -> ProjectReport:
    """Return the report of a row."""
    return ProjectReport.model_validate(_fields(reader, row))


def _fields(reader: Reader, row: RowMapping) -> dict[str, object]:
    return {**row, "area_name": reader.names.area(row["area"])}
