"""Rows of the feed `projects`: every project from its filing to the end of the year it goes into production."""

from collections.abc import Iterable, Iterator
from datetime import date

from shared.kernel.period import Period
from shared.simulation.calibration import AREAS
from shared.simulation.firm_rows import Row, report_number
from shared.simulation.project import Project

PROJECT_COLUMNS = (
    "code",
    "name",
    "owner_uscc",
    "area",
    "industry",
    "kind",
    "planned_total",
    "planned_equipment",
    "completed_prior",
    "planned_year",
    "completed_ytd",
    "signed_on",
    "filed_on",
    "started_on",
    "start_evidence",
    "listed_on",
    "completed_on",
    "production_on",
)


def project_rows(projects: Iterable[Project], period: Period) -> Iterator[Row]:
    """Yield one row for every project that the period's report holds, as known at the end of the period."""
    report = report_number(period)
    return (_row(project, period, report) for project in projects if project.is_reported(report))


def _row(project: Project, period: Period, report: int) -> Row:
    area = AREAS[project.place]
    return {
        "code": project.code,
        "name": f"模拟项目{project.serial:04d}({area.short_name})",
        "owner_uscc": project.owner_uscc,
        "area": area.area,
        "industry": project.industry,
        "kind": project.kind,
        "planned_total": str(project.planned_total),
        "planned_equipment": str(project.planned_equipment),
        **_investment(project, period),
        "signed_on": _known(project.signed_on, period),
        "filed_on": _known(project.filed_on, period),
        "started_on": _known(project.started_on, period),
        "start_evidence": _evidence(project, period, report),
        "listed_on": _known(project.listed_on, period),
        "completed_on": _known(project.completed_on, period),
        "production_on": _known(project.production_on, period),
    }


def _investment(project: Project, period: Period) -> Row:
    prior = project.completed_by(period.year - 1, 12)
    return {
        "completed_prior": str(prior),
        "planned_year": str(project.completed_by(period.year, 12) - prior),
        "completed_ytd": str(project.completed_by(period.year, period.last_month) - prior),
    }


def _known(day: date | None, period: Period) -> str | None:
    return day.isoformat() if day is not None and day <= period.end else None


def _evidence(project: Project, period: Period, report: int) -> str:
    if project.started_on is None or project.started_on > period.end:
        return "none"
    return "accepted" if project.accepted_in <= report else "pending"
