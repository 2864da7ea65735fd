"""Every version of what was ever reported of a firm or a project: who said it, when and why, and when it counted."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from pydantic import Field
from sqlalchemy import RowMapping, Table, select

from services.query.adapters.reading.enterprises import FirmRating, FirmReport, firm_rating, firm_report
from services.query.adapters.reading.projects import ProjectReport, project_report
from services.query.adapters.reading.reader import Listing, Page, PageParameters, Reader
from services.query.adapters.reading.recognitions import Recognition, recognition_of
from services.query.adapters.reading.version_origin import VersionOrigin
from services.query.adapters.views import (
    ENTERPRISE_VERSIONS,
    PROJECT_VERSIONS,
    RATING_VERSIONS,
    RECOGNITION_VERSIONS,
)
from services.query.domain.cursor import KeyKind
from services.query.domain.errors import NotFoundError

Report = TypeVar("Report")


class Version(VersionOrigin, Generic[Report]):
    """One version of one report."""

    period: str
    report: Report | None = Field(description="what it says; null where it removes the report")


def _listing(name: str, view: Table, entity: str, cell: dict[str, KeyKind]) -> Listing:
    return Listing(
        name=name,
        view=view,
        keys={**cell, "sequence": KeyKind.INTEGER, "row_number": KeyKind.INTEGER},
        descending=True,
        filters={entity: lambda value: view.c[entity] == value},
    )


FIRM_VERSIONS = _listing("enterprise-versions", ENTERPRISE_VERSIONS, "uscc", {"period_end": KeyKind.DATE})
FIRM_RATING_VERSIONS = _listing("rating-versions", RATING_VERSIONS, "uscc", {"year": KeyKind.INTEGER})
TITLE_VERSIONS = _listing(
    "recognition-versions", RECOGNITION_VERSIONS, "uscc", {"kind": KeyKind.TEXT, "batch": KeyKind.TEXT}
)
PROJECT_REPORT_VERSIONS = _listing("project-versions", PROJECT_VERSIONS, "code", {"period_end": KeyKind.DATE})


async def list_firm_versions(reader: Reader, uscc: str, parameters: PageParameters) -> Page[Version[FirmReport]]:
    """Return every version of every report of a firm, newest period first; raise NotFoundError for an unknown firm."""
    await _check_firm(reader, uscc)
    rows, following = await reader.page(FIRM_VERSIONS, parameters, uscc=uscc)
    return Page(
        items=[Version[FirmReport].model_validate(_version(reader, row, firm_report)) for row in rows], next=following
    )


async def list_rating_versions(reader: Reader, uscc: str, parameters: PageParameters) -> Page[Version[FirmRating]]:
    """Return every version of every rating of a firm, newest round first; raise NotFoundError for an unknown firm."""
    await _check_firm(reader, uscc)
    rows, following = await reader.page(FIRM_RATING_VERSIONS, parameters, uscc=uscc)
    return Page(
        items=[Version[FirmRating].model_validate(_version(reader, row, firm_rating)) for row in rows], next=following
    )


async def list_title_versions(reader: Reader, uscc: str, parameters: PageParameters) -> Page[Version[Recognition]]:
    """Return every version of every title of a firm, title by title; raise NotFoundError for an unknown firm."""
    await _check_firm(reader, uscc)
    rows, following = await reader.page(TITLE_VERSIONS, parameters, uscc=uscc)
    return Page(
        items=[Version[Recognition].model_validate(_version(reader, row, recognition_of)) for row in rows],
        next=following,
    )


async def list_project_versions(reader: Reader, code: str, parameters: PageParameters) -> Page[Version[ProjectReport]]:
    """Return every version of every report of a project, newest period first; raise NotFoundError for an unknown one."""
    if await reader.find(select(PROJECT_VERSIONS.c.code).where(PROJECT_VERSIONS.c.code == code).limit(1)) is None:
        raise NotFoundError("project", code)
    rows, following = await reader.page(PROJECT_REPORT_VERSIONS, parameters, code=code)
    return Page(
        items=[Version[ProjectReport].model_validate(_version(reader, row, project_report)) for row in rows],
        next=following,
    )


async def _check_firm(reader: Reader, uscc: str) -> None:
    for view in (ENTERPRISE_VERSIONS, RATING_VERSIONS, RECOGNITION_VERSIONS):
        if await reader.find(select(view.c.uscc).where(view.c.uscc == uscc).limit(1)) is not None:
            return
    raise NotFoundError("enterprise", uscc)


def _version(reader: Reader, row: RowMapping, report: Callable[[Reader, RowMapping], Any]) -> dict[str, object]:
    return {**row, "report": None if row["removed"] else report(reader, row)}
