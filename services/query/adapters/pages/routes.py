"""The pages: each reads with the functions of the API and renders one template."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field

from services.query.adapters.dependencies import ReaderDependency, RendererDependency
from services.query.adapters.pages.overview import read_overview
from services.query.adapters.reading.alerts import AlertParameters, AlertState, list_alerts, responsible_units
from services.query.adapters.reading.corrections import CorrectionParameters, list_corrections
from services.query.adapters.reading.enterprises import read_firm
from services.query.adapters.reading.forecasts import forecast_now
from services.query.adapters.reading.plan_document import read_plan_document
from services.query.adapters.reading.plans import read_plan
from services.query.adapters.reading.projects import read_project
from services.query.adapters.reading.reader import MAX_LIMIT, PageParameters
from services.query.adapters.reading.signals import SignalParameters, list_signals, signal_choices
from services.query.adapters.reading.submissions import SubmissionParameters, list_submissions, read_feeds
from services.query.adapters.reading.targets import TargetParameters
from services.query.adapters.reading.verdicts import VerdictParameters, list_verdicts, read_verdict
from services.query.adapters.reading.year_before import read_target_detail
from shared.contracts.findings import Severity

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
_ACTIVE: list[AlertState] = ["open", "acknowledged", "suspended", "made_good"]


class OverviewParameters(TargetParameters):
    """What the overview shows."""

    plan: str | None = None


class AlertPageParameters(PageParameters):
    """What the list of alerts shows; `active` is everything neither closed nor retracted."""

    state: AlertState | Literal["active", "all"] = "active"
    severity: Severity | None = None
    unit: str | None = None

    @property
    def for_reading(self) -> AlertParameters:
        """The same for the API's read function."""
        states: list[AlertState] | None
        match self.state:
            case "active":
                states = _ACTIVE
            case "all":
                states = None
            case one:
                states = [one]
        return AlertParameters(
            limit=self.limit, cursor=self.cursor, state=states, severity=self.severity, unit=self.unit
        )


class FeedPageParameters(SubmissionParameters):
    """What the page of feeds shows: a shorter list than the API's."""

    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = 15


class AlertResult(BaseModel):
    """What the alert's page reports after an action. Its address is sent in notices, and messengers add to addresses."""

    model_config = ConfigDict(extra="ignore")

    done: Literal["acknowledged"] | None = None


@router.get("/")
async def overview(
    request: Request,
    reader: ReaderDependency,
    renderer: RendererDependency,
    parameters: Annotated[OverviewParameters, Query()],
) -> HTMLResponse:
    """The plan's targets with their lights."""
    found = await read_overview(reader, parameters.plan, TargetParameters(**parameters.model_dump(exclude={"plan"})))
    if found is None:
        return renderer.page(request, "no_plan.html", simulated=False)
    return renderer.page(request, "overview.html", parameters=parameters, simulated=found.simulated, overview=found)


@router.get("/plans/{plan_id}")
async def plan(request: Request, reader: ReaderDependency, renderer: RendererDependency, plan_id: str) -> HTMLResponse:
    """A plan in its document's own order."""
    found = await read_plan_document(reader, plan_id)
    return renderer.page(request, "plan.html", document=found, simulated=found.simulated)


@router.get("/targets/{target_id:path}")
async def target(
    request: Request,
    reader: ReaderDependency,
    renderer: RendererDependency,
    target_id: str,
    parameters: Annotated[PageParameters, Query()],
) -> HTMLResponse:
    """One target."""
    found = await read_target_detail(reader, target_id)
    verdicts = await list_verdicts(reader, found, VerdictParameters(cursor=parameters.cursor, limit=24))
    return renderer.page(
        request,
        "target.html",
        target=found,
        plan=await read_plan(reader, found.plan_id),
        verdicts=verdicts,
        detail=await read_verdict(reader, found.verdict.id) if found.verdict else None,
        forecast=await forecast_now(reader, target_id),
        signals=await list_signals(reader, SignalParameters(clause=f"{found.plan_id}/{found.clause.id}", limit=8)),
        alerts=await list_alerts(reader, AlertParameters(target=target_id, limit=5)),
        simulated=any(verdict.simulated for verdict in verdicts.items),
    )


@router.get("/verdicts/{verdict_id}")
async def verdict(
    request: Request, reader: ReaderDependency, renderer: RendererDependency, verdict_id: str
) -> HTMLResponse:
    """One verdict: how it came about, from which figures, and how to judge it again."""
    found = await read_verdict(reader, verdict_id)
    return renderer.page(
        request,
        "verdict.html",
        verdict=found,
        target=found.target,
        origin=str(request.base_url).rstrip("/"),
        simulated=found.simulated,
    )


@router.get("/alerts")
async def alerts(
    request: Request,
    reader: ReaderDependency,
    renderer: RendererDependency,
    parameters: Annotated[AlertPageParameters, Query()],
) -> HTMLResponse:
    """The list of alerts."""
    found = await list_alerts(reader, parameters.for_reading)
    return renderer.page(
        request,
        "alerts.html",
        parameters=parameters,
        alerts=found,
        units=await responsible_units(reader),
        simulated=any(alert.simulated for alert in found.items),
    )


@router.get("/signals")
async def signals(
    request: Request,
    reader: ReaderDependency,
    renderer: RendererDependency,
    parameters: Annotated[SignalParameters, Query()],
) -> HTMLResponse:
    """The list of signals."""
    found = await list_signals(reader, parameters)
    choices = await signal_choices(reader)
    return renderer.page(
        request,
        "signals.html",
        parameters=parameters,
        signals=found,
        areas=choices.areas,
        periods=choices.periods,
        simulated=any(signal.simulated for signal in found.items),
    )


@router.get("/feeds")
async def feeds(
    request: Request,
    reader: ReaderDependency,
    renderer: RendererDependency,
    parameters: Annotated[FeedPageParameters, Query()],
) -> HTMLResponse:
    """What arrived and what is missing."""
    submissions = await list_submissions(reader, parameters)
    cities = (await read_feeds(reader)).items
    return renderer.page(
        request,
        "feeds.html",
        cities=cities,
        submissions=submissions,
        simulated=any(submission.simulated for submission in submissions.items),
    )


@router.get("/corrections")
async def corrections(
    request: Request,
    reader: ReaderDependency,
    renderer: RendererDependency,
    parameters: Annotated[CorrectionParameters, Query()],
) -> HTMLResponse:
    """Who restated what, when and why."""
    found = await list_corrections(reader, parameters)
    return renderer.page(
        request,
        "corrections.html",
        parameters=parameters,
        corrections=found,
        simulated=any(one.simulated for one in found.items),
    )


@router.get("/enterprises/{uscc}")
async def enterprise(
    request: Request, reader: ReaderDependency, renderer: RendererDependency, uscc: str
) -> HTMLResponse:
    """One firm."""
    firm = await read_firm(reader, uscc)
    found = await list_signals(reader, SignalParameters(entity=uscc, limit=20))
    return renderer.page(request, "enterprise.html", firm=firm, signals=found, simulated=firm.simulated)


@router.get("/projects/{code}")
async def project(request: Request, reader: ReaderDependency, renderer: RendererDependency, code: str) -> HTMLResponse:
    """One project."""
    found = await read_project(reader, code)
    signals = await list_signals(reader, SignalParameters(entity=code, limit=20))
    return renderer.page(request, "project.html", project=found, signals=signals, simulated=found.simulated)
