"""`/v1/indicators`, `/v1/enterprises`, `/v1/projects`, `/v1/recognitions`, `/v1/submissions`, `/v1/feeds`."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.query.adapters.api.answers import answers
from services.query.adapters.dependencies import ReaderDependency
from services.query.adapters.reading.enterprises import FirmDetail, FirmParameters, FirmReport, list_firms, read_firm
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
)

router = APIRouter(prefix="/v1")


@router.get("/indicators", tags=["facts"], summary="Indicators", responses=answers())
async def indicators(reader: ReaderDependency, parameters: Annotated[PageParameters, Query()]) -> Page[Indicator]:
    """Those that targets name or figures arrived of."""
    return await list_indicators(reader, parameters)


@router.get("/indicators/{indicator}/values", tags=["facts"], summary="An indicator's figures", responses=answers(404))
async def indicator_values(
    reader: ReaderDependency, indicator: str, parameters: Annotated[FigureParameters, Query()]
) -> Page[IndicatorFigure]:
    """The newest version of each, newest period first."""
    return await list_figures(reader, indicator, parameters)


@router.get("/enterprises", tags=["facts"], summary="Firms", responses=answers())
async def enterprises(reader: ReaderDependency, parameters: Annotated[FirmParameters, Query()]) -> Page[FirmReport]:
    """The newest report of each, by uscc."""
    return await list_firms(reader, parameters)


@router.get("/enterprises/{uscc}", tags=["facts"], summary="One firm", responses=answers(404))
async def enterprise(reader: ReaderDependency, uscc: str) -> FirmDetail:
    """With all reports, ratings and titles."""
    return await read_firm(reader, uscc)


@router.get("/projects", tags=["facts"], summary="Investment projects", responses=answers())
async def projects(reader: ReaderDependency, parameters: Annotated[ProjectParameters, Query()]) -> Page[ProjectReport]:
    """The newest report of each, by project code."""
    return await list_projects(reader, parameters)


@router.get("/projects/{code}", tags=["facts"], summary="One project", responses=answers(404))
async def project(reader: ReaderDependency, code: str) -> ProjectDetail:
    """With all reports."""
    return await read_project(reader, code)


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


@router.get("/feeds", tags=["feeds"], summary="Which feeds arrived, which are missing", responses=answers())
async def feeds(reader: ReaderDependency) -> Page[CityFeeds]:
    """Of every city and period."""
    return await read_feeds(reader)
