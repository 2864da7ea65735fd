"""Rules in shadow, and how the alerts they would have raised differ from the live ones. Known of now alone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import RowMapping, select

from services.query.adapters.reading.alerts import AlertState
from services.query.adapters.reading.reader import Listing, Page, PageParameters, Reader
from services.query.adapters.views import SHADOW_ALERTS, SHADOWS
from services.query.domain.cursor import KeyKind
from services.query.domain.errors import NotFoundError, PastNotKeptError
from shared.contracts.findings import FindingKind, Severity

ShadowState = Literal["running", "ended", "failed", "lost"]
Outcome = Literal["added", "lost", "severity", "dates", "same"]
DIFFERENT: Final[list[Outcome]] = ["added", "lost", "severity", "dates"]


class OutcomeCounts(BaseModel):
    """How many alerts there are of each outcome."""

    model_config = ConfigDict(extra="ignore")

    added: int = Field(description="the shadow alone would have raised them")
    lost: int = Field(description="the live rules alone raised them")
    severity: int = Field(description="both, with another light")
    dates: int = Field(description="both, for another period or since another one")
    same: int

    @property
    def different(self) -> int:
        """How many are not the same."""
        return self.added + self.lost + self.severity + self.dates


class Shadow(BaseModel):
    """Changed plans that run beside the live ones. They raise nothing and tell nobody."""

    model_config = ConfigDict(extra="ignore")

    name: str
    city: str | None = Field(description="null: every city")
    city_name: str | None
    plan_ids: list[str]
    fingerprint: str = Field(description="hash of everything the plans say")
    state: ShadowState = Field(description="lost: its process is gone and left no reason")
    reason: str | None = Field(description="why it failed")
    started_at: datetime = Field(description="in shadow since, with these plans")
    ended_at: datetime | None
    rounds_done: int = Field(description="rounds of the live journal it has judged")
    rounds_known: int = Field(description="of so many")
    round: int | None = Field(description="the round after which it was last compared")
    round_at: datetime | None
    compared_at: datetime | None = Field(description="when it was last compared; null until it has caught up once")
    alerts: OutcomeCounts
    simulated: bool


class ShadowSide(BaseModel):
    """An alert as one side opened it, and what has become of it."""

    alert_id: str | None = Field(description="the live alert; of the shadow null, since there is none")
    since: str = Field(description="first period in breach when it opened")
    period: str = Field(description="the period it opened on")
    severity: Severity = Field(description="the light it opened with")
    worst: Severity = Field(description="the worst light it ever had")
    state: AlertState
    opened_at: datetime


class ShadowAlert(BaseModel):
    """A live alert and the one the shadow would have raised in its place; at most one is null."""

    model_config = ConfigDict(extra="ignore")

    outcome: Outcome
    target_id: str = Field(description="the target, or the signal rule")
    has_target: bool = Field(description="the live plans have this target too")
    kind: FindingKind
    plan_id: str
    city: str
    area: str
    area_name: str
    name_zh: str
    name_en: str
    quote: str
    live: ShadowSide | None
    shadow: ShadowSide | None
    simulated: bool


class ShadowParameters(PageParameters):
    """Filters of the shadows."""

    state: ShadowState | None = None


class ShadowAlertParameters(PageParameters):
    """Filters of the alerts of a shadow. `outcome` may be given more than once."""

    outcome: list[Outcome] | None = None
    target: str | None = Field(default=None, description="id of the target or signal rule")


SHADOW_LISTING = Listing(
    name="shadows",
    view=SHADOWS,
    keys={"name": KeyKind.TEXT},
    filters={"state": lambda value: SHADOWS.c.state == value},
)
SHADOW_ALERT_LISTING = Listing(
    name="shadow alerts",
    view=SHADOW_ALERTS,
    keys={
        "rank": KeyKind.INTEGER,
        "target_id": KeyKind.TEXT,
        "area": KeyKind.TEXT,
        "kind": KeyKind.TEXT,
        "place": KeyKind.INTEGER,
    },
    filters={
        "outcome": lambda value: SHADOW_ALERTS.c.outcome.in_(value),
        "target": lambda value: SHADOW_ALERTS.c.target_id == value,
        "shadow_name": lambda value: SHADOW_ALERTS.c.shadow_name == value,
    },
)


async def list_shadows(reader: Reader, parameters: ShadowParameters) -> Page[Shadow]:
    """Return the shadows by name; raise PastNotKeptError when looking back."""
    _refuse_the_past(reader)
    rows, following = await reader.page(SHADOW_LISTING, parameters)
    return Page(items=[_shadow(reader, row) for row in rows], next=following)


async def read_shadow(reader: Reader, name: str) -> Shadow:
    """Return one shadow; raise NotFoundError, or PastNotKeptError when looking back."""
    _refuse_the_past(reader)
    row = await reader.find(select(SHADOWS).where(SHADOWS.c.name == name))
    if row is None:
        raise NotFoundError("shadow", name)
    return _shadow(reader, row)


async def list_shadow_alerts(reader: Reader, name: str, parameters: ShadowAlertParameters) -> Page[ShadowAlert]:
    """Return the alerts of both sides, the added first, then the lost, those that differ, and the same."""
    await read_shadow(reader, name)
    rows, following = await reader.page(SHADOW_ALERT_LISTING, parameters, shadow_name=name)
    return Page(items=[ShadowAlert.model_validate(dict(row)) for row in rows], next=following)


def _refuse_the_past(reader: Reader) -> None:
    if reader.as_of is not None:
        raise PastNotKeptError("shadow")


def _shadow(reader: Reader, row: RowMapping) -> Shadow:
    city: str | None = row["city"]
    fields: Mapping[str, Any] = {**row, "city_name": None if city is None else reader.names.area(city), "alerts": row}
    return Shadow.model_validate(fields)
