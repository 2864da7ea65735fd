"""Verdicts: the history of a target, and one verdict with all it was made from."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import RowMapping, Table, select

from services.query.adapters.reading.definitions import TargetDefinition, target_definition
from services.query.adapters.reading.forecasts import Forecast, forecast_at
from services.query.adapters.reading.lights import Light, light_of
from services.query.adapters.reading.reader import Listing, Page, PageParameters, Reader
from services.query.adapters.views import CURRENT_VERDICTS, PLANS, TARGET_VERSIONS, VERDICTS
from services.query.domain.cursor import KeyKind
from services.query.domain.errors import NotFoundError
from shared.contracts.findings import Figure, Reason, Suspension
from shared.contracts.wire import Number


class Verdict(BaseModel):
    """The judgement of one target for one period."""

    model_config = ConfigDict(extra="ignore")

    id: str
    target_id: str
    target_version: int
    area: str
    area_name: str
    period: str
    period_end: date
    sequence: int
    recorded_at: datetime
    status: str
    light: Light
    expected: Number | None
    actual: Number | None
    gap: Number | None = Field(description="actual − expected, in the target's unit")
    gap_points: Number | None = Field(description="the gap in percentage points of the target")
    gap_percent: Number | None = Field(description="the gap in per cent of expected")
    pace: str | None
    reasons: list[Reason]
    simulated: bool = Field(description="at least one figure comes from a simulated source")


class Input(BaseModel):
    """The row versions one figure was computed from; `digest` covers all that were considered."""

    model_config = ConfigDict(extra="ignore")

    name: str
    feed: str
    periods: list[str]
    known_by: str | None = Field(description="the submission that made the period known")
    submissions: list[str]
    submission_count: int = Field(description="more than listed where there are very many")
    considered: int
    matched: int
    digest: str
    entities: list[str]


class Outlook(BaseModel):
    """The pipeline of a stepped target: firms whose last 12 months passed the line but that are not in the register."""

    model_config = ConfigDict(extra="ignore")

    net_so_far: int
    candidates: int
    untold: int = Field(description="firms whose last 12 months cannot be told from the reports")
    zh: str
    en: str


class Evidence(BaseModel):
    """Exact numbers as fractions `n/d`, and what was missing, in doubt or worth a remark."""

    actual: str | None
    reference: str | None = Field(description="the second figure of a relative target")
    compounded: dict[str, Any] | None = Field(description="of a mean growth: product of 1 + g, and of how many years")
    missing: list[Reason]
    doubts: list[Reason]
    remarks: list[Reason]
    sources: list[Reason] = Field(description="where sources differ, and whose figure governs")


class Step(BaseModel):
    """One line of the arithmetic."""

    code: str
    zh: str
    en: str
    formula: str
    value: str
    unit: str


class VerdictDetail(Verdict):
    """One verdict with its inputs, the target in the version used, and the clause."""

    plan_id: str
    plan_title: str
    document_number: str
    correlation_id: str | None
    figures: list[Figure]
    inputs: list[Input] = Field(description="the versions of the facts used")
    outlook: Outlook | None = Field(description="what may still come but does not count yet; null where there is none")
    target: TargetDefinition
    definition: dict[str, Any] = Field(
        description="the target's version as its plan defines it, lights and pace included"
    )
    evidence: Evidence | None = Field(description="exactly what was judged; null for verdicts of before it was kept")
    steps: list[Step] = Field(description="the arithmetic, step by step; none where nothing was compared")
    forecast: Forecast | None = Field(description="stated as of this period; null where none was")
    suspension: Suspension | None = Field(description="what suspends it; null where nothing does")
    current: bool = Field(description="no newer verdict exists for this target, area and period")


def _listing(name: str, view: Table) -> Listing:
    return Listing(
        name=name,
        view=view,
        keys={"period_end": KeyKind.DATE, "sequence": KeyKind.INTEGER},
        descending=True,
        filters={
            "city": lambda value: view.c.city == value,
            "target_id": lambda value: view.c.target_id == value,
            "status": lambda value: view.c.status == value,
        },
    )


VERDICT_LISTING = _listing("verdicts", CURRENT_VERDICTS)
VERDICT_HISTORY = _listing("verdict-history", VERDICTS)


class VerdictParameters(PageParameters):
    """Filters of a target's verdicts."""

    modes = frozenset({"history"})

    status: str | None = None
    history: bool = Field(default=False, description="every verdict of every period, those that others replaced too")


async def list_verdicts(reader: Reader, target: TargetDefinition, parameters: VerdictParameters) -> Page[Verdict]:
    """Return the current verdict of each period of a target, or with `history` every one, newest period first."""
    listing = VERDICT_HISTORY if parameters.history else VERDICT_LISTING
    rows, following = await reader.page(listing, parameters, city=target.city, target_id=target.id)
    return Page(items=[verdict_of(reader, row) for row in rows], next=following)


async def read_verdict(reader: Reader, verdict_id: str) -> VerdictDetail:
    """Return one verdict, current or not; raise NotFoundError."""
    newest = select(VERDICTS).where(VERDICTS.c.verdict_id == verdict_id).order_by(VERDICTS.c.sequence.desc())
    row = await reader.find(newest)
    if row is None:
        raise NotFoundError("verdict", verdict_id)
    target = await reader.find(
        select(TARGET_VERSIONS).where(
            TARGET_VERSIONS.c.target_id == row["target_id"], TARGET_VERSIONS.c.version == row["target_version"]
        )
    )
    plan = await reader.find(select(PLANS).where(PLANS.c.plan_id == row["plan_id"]))
    if target is None or plan is None:
        raise NotFoundError("target version", f"{row['target_id']} {row['target_version']}")
    definition = target_definition(reader, target)
    return VerdictDetail(
        **verdict_of(reader, row).model_dump(),
        plan_id=row["plan_id"],
        plan_title=plan["title"],
        document_number=plan["document_number"],
        correlation_id=row["correlation_id"],
        figures=row["figures"] or [],
        inputs=row["inputs"],
        outlook=row["outlook"],
        target=definition,
        definition=target["definition"],
        evidence=row["evidence"],
        steps=row["steps"],
        forecast=await forecast_at(reader, row["target_id"], row["period"]),
        suspension=_suspension(row, definition),
        current=await _is_current(reader, row),
    )


def _suspension(row: RowMapping, target: TargetDefinition) -> Suspension | None:
    if row["status"] != "suspended":
        return None
    return next((one for one in target.suspensions if one.since <= row["period_end"] <= one.until), None)


async def current_verdicts(reader: Reader, city: str, target_ids: Sequence[str]) -> Mapping[str, list[Verdict]]:
    """Return the current verdicts of several targets of a city, oldest period first."""
    statement = (
        select(CURRENT_VERDICTS)
        .where(CURRENT_VERDICTS.c.city == city, CURRENT_VERDICTS.c.target_id.in_(target_ids))
        .order_by(CURRENT_VERDICTS.c.period_end, CURRENT_VERDICTS.c.sequence)
    )
    found: dict[str, list[Verdict]] = {target_id: [] for target_id in target_ids}
    for row in await reader.all(statement):
        found[row["target_id"]].append(verdict_of(reader, row))
    return found


def verdict_of(reader: Reader, row: RowMapping) -> Verdict:
    """Return the model of a row of either verdict view."""
    return Verdict.model_validate(
        {
            **row,
            "id": row["verdict_id"],
            "area_name": reader.names.area(row["area"]),
            "light": light_of(row["light"]),
            "reasons": row["reasons"] or [],
        }
    )


async def _is_current(reader: Reader, row: RowMapping) -> bool:
    newest = await reader.find(
        select(CURRENT_VERDICTS.c.verdict_id).where(
            CURRENT_VERDICTS.c.city == row["city"],
            CURRENT_VERDICTS.c.target_id == row["target_id"],
            CURRENT_VERDICTS.c.area == row["area"],
            CURRENT_VERDICTS.c.period == row["period"],
        )
    )
    return newest is not None and newest["verdict_id"] == row["verdict_id"]
