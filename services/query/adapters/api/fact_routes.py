"""`/v1/indicators`, `/v1/enterprises`, `/v1/projects`, `/v1/recognitions`, `/v1/submissions`, `/v1/corrections`, `/v1/feeds`."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.query.adapters.api.answers import answers
from services.query.adapters.dependencies import ReaderDependency, SdmxReaderDependency, UpdatedAfterDependency
from services.query.adapters.reading.corrections import Correction, CorrectionParameters, list_corrections
from services.query.adapters.reading.enterprises import (
    FirmDetail,
    FirmParameters,
    FirmRating,
    FirmReport,
    list_firms,
    read_firm,
)
from services.query.adapters.reading.figure_history import (
    FigureVersion,
    list_figure_changes,
    list_figure_versions,
)
from services.query.adapters.reading.indicators import (
    FigureParameters,
    Indicator,
    IndicatorFigure,
    list_figures,
    list_indicators,
)
from services.query.adapters.reading.projects import (
    ProjectDetail,
    ProjectParameters,
    ProjectReport,
    list_projects,
    read_project,
)
from services.query.adapters.reading.reader import Page, PageParameters
from services.query.adapters.reading.recognitions import Recognition, RecognitionParameters, list_recognitions
from services.query.adapters.reading.submissions import (
    CityFeeds,
    Submission,
    SubmissionParameters,
    list_submissions,
    read_feeds,
    read_submission,
)
from services.query.adapters.reading.versions import (
    Version,
    list_firm_versions,
    list_project_versions,
    list_rating_versions,
    list_title_versions,
)

router = APIRouter(prefix="/v1")


@router.get("/indicators", tags=["facts"], summary="Indicators", responses=answers())
async def indicators(reader: ReaderDependency, parameters: Annotated[PageParameters, Query()]) -> Page[Indicator]:
    """Those that targets name or figures arrived of."""
    return await list_indicators(reader, parameters)


@router.get("/indicators/{indicator}/values", tags=["facts"], summary="An indicator's figures", responses=answers(404))
async def indicator_values(
    reader: SdmxReaderDependency,
    indicator: str,
    updated_after: UpdatedAfterDependency,
    parameters: Annotated[FigureParameters, Query()],
) -> Page[FigureVersion] | Page[IndicatorFigure]:
    """The newest version of each, newest period first; with SDMX's parameters what changed, or every version."""
    if parameters.include_history:
        return await list_figure_versions(reader, indicator, parameters, updated_after)
    if updated_after is not None:
        return await list_figure_changes(reader, indicator, parameters, updated_after)
    return await list_figures(reader, indicator, parameters)


@router.get("/enterprises", tags=["facts"], summary="Firms", responses=answers())
async def enterprises(reader: ReaderDependency, parameters: Annotated[FirmParameters, Query()]) -> Page[FirmReport]:
    """The newest report of each, by uscc."""
    return await list_firms(reader, parameters)


@router.get("/enterprises/{uscc}", tags=["facts"], summary="One firm", responses=answers(404))
async def enterprise(reader: ReaderDependency, uscc: str) -> FirmDetail:
    """With all reports, ratings and titles."""
    return await read_firm(reader, uscc)


@router.get("/enterprises/{uscc}/versions", tags=["history"], summary="Versions of reports", responses=answers(404))
async def enterprise_versions(
    reader: ReaderDependency, uscc: str, parameters: Annotated[PageParameters, Query()]
) -> Page[Version[FirmReport]]:
    """Every version of every report of a firm: who, when, why; newest period first, removals too."""
    return await list_firm_versions(reader, uscc, parameters)


@router.get(
    "/enterprises/{uscc}/ratings/versions", tags=["history"], summary="Versions of ratings", responses=answers(404)
)
async def rating_versions(
    reader: ReaderDependency, uscc: str, parameters: Annotated[PageParameters, Query()]
) -> Page[Version[FirmRating]]:
    """Every version of every rating of a firm, newest round first."""
    return await list_rating_versions(reader, uscc, parameters)


@router.get(
    "/enterprises/{uscc}/recognitions/versions", tags=["history"], summary="Versions of titles", responses=answers(404)
)
async def recognition_versions(
    reader: ReaderDependency, uscc: str, parameters: Annotated[PageParameters, Query()]
) -> Page[Version[Recognition]]:
    """Every version of every title of a firm, title by title."""
    return await list_title_versions(reader, uscc, parameters)


@router.get("/projects", tags=["facts"], summary="Investment projects", responses=answers())
async def projects(reader: ReaderDependency, parameters: Annotated[ProjectParameters, Query()]) -> Page[ProjectReport]:
    """The newest report of each, by project code."""
    return await list_projects(reader, parameters)


@router.get("/projects/{code}", tags=["facts"], summary="One project", responses=answers(404))
async def project(reader: ReaderDependency, code: str) -> ProjectDetail:
    """With all reports."""
    return await read_project(reader, code)


@router.get("/projects/{code}/versions", tags=["history"], summary="Versions of reports", responses=answers(404))
async def project_versions(
    reader: ReaderDependency, code: str, parameters: Annotated[PageParameters, Query()]
) -> Page[Version[ProjectReport]]:
    """Every version of every report of a project: who, when, why; newest period first, removals too."""
    return await list_project_versions(reader, code, parameters)


@router.get("/recognitions", tags=["facts"], summary="Titles granted to firms", responses=answers())
async def recognitions(
    reader: ReaderDependency, parameters: Annotated[RecognitionParameters, Query()]
) -> Page[Recognition]:
    """The newest version of each, revoked ones too, by uscc, kind and batch."""
    return await list_recognitions(reader, parameters)


@router.get("/submissions", tags=["feeds"], summary="Submissions", responses=answers())
async def submissions(
    reader: ReaderDependency, parameters: Annotated[SubmissionParameters, Query()]
) -> Page[Submission]:
    """What was pushed and how much of it was read, the newest first."""
    return await list_submissions(reader, parameters)


@router.get("/submissions/{submission_id}", tags=["feeds"], summary="One submission", responses=answers(404))
async def submission(reader: ReaderDependency, submission_id: str) -> Submission:
    """How much of it was read, and why it was sent."""
    return await read_submission(reader, submission_id)


@router.get("/corrections", tags=["history"], summary="Corrections", responses=answers())
async def corrections(
    reader: ReaderDependency, parameters: Annotated[CorrectionParameters, Query()]
) -> Page[Correction]:
    """Every restating submission: who, when, why and how many rows it changed, the newest first."""
    return await list_corrections(reader, parameters)


@router.get("/feeds", tags=["feeds"], summary="Which feeds arrived, which are missing", responses=answers())
async def feeds(reader: ReaderDependency) -> Page[CityFeeds]:
    """Of every city and period."""
    return await read_feeds(reader)
