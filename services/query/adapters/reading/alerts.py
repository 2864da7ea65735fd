"""Alerts with their history and notices."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import RowMapping, select

from services.query.adapters.reading.reader import Listing, Page, PageParameters, Reader
from services.query.adapters.views import ALERT_EVENTS, ALERTS, NOTICES
from services.query.domain.cursor import KeyKind
from services.query.domain.errors import NotFoundError
from shared.contracts.findings import FindingChanged, FindingKind, Severity

AlertState = Literal["open", "acknowledged", "suspended", "made_good", "retracted", "closed"]


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore")


class Alert(_Row):
    """Something a responsible unit must act on: one uninterrupted run (episode) of it."""

    id: str
    target_id: str = Field(description="the target; of firms rated D the signal rule, of overdue reports `feed/<feed>`")
    plan_id: str
    kind: FindingKind
    area: str
    area_name: str
    city: str
    episode: int
    state: AlertState
    severity: Severity
    name_zh: str
    name_en: str
    opened_at: datetime
    opened_period: str
    since_period: str
    period: str
    updated_at: datetime
    closed_at: datetime | None
    ground: str | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    units: list[str]
    simulated: bool
    retroactive: bool = Field(
        description="found after its period had been judged otherwise: by a correction or late figures"
    )
    until_period: str | None = Field(description="last period in breach")
    worst: Severity | None = Field(description="the worst light of the breach")
    breached_on: date | None = Field(description="end of the first period in breach")
    due_on: date | None = Field(description="first deadline, counted from the day of discovery")
    stale_since: str | None = Field(description="first period without a figure; silence is never a recovery")
    suspended_until: date | None
    suspended_by: str | None
    suspended_unit: str | None
    suspension_approver: str | None
    suspension_reason: str | None
    previous: str | None = Field(description="the alert of the breach before this one")


class AlertEvent(_Row):
    """One change of an alert."""

    id: int
    at: datetime
    change: str
    state: AlertState
    severity: Severity
    period: str
    actor: str | None
    unit: str | None
    comment: str | None


class Notice(_Row):
    """One message to one recipient, and how its delivery stands."""

    id: str
    unit: str
    role: str
    channel: str
    recipient: str
    cause: str
    state: str
    subject: str
    body_text: str
    created_at: datetime
    attempts: int
    next_attempt_at: datetime | None
    sent_at: datetime | None
    last_error: str | None


class AlertDetail(Alert):
    """One alert with what was found, its history (oldest first) and its notices."""

    finding: FindingChanged
    history: list[AlertEvent]
    notices: list[Notice]


class AlertParameters(PageParameters):
    """Filters of the alerts. `state` may be given more than once."""

    state: list[AlertState] | None = None
    severity: Severity | None = None
    unit: str | None = Field(default=None, description="name of a responsible unit, as the document writes it")
    target: str | None = Field(default=None, description="id of the target or signal rule")


ALERT_LISTING = Listing(
    name="alerts",
    view=ALERTS,
    keys={"opened_at": KeyKind.INSTANT, "alert_id": KeyKind.TEXT},
    descending=True,
    filters={
        "state": lambda value: ALERTS.c.state.in_(value),
        "severity": lambda value: ALERTS.c.severity == value,
        "unit": lambda value: ALERTS.c.units.contains([value]),
        "target": lambda value: ALERTS.c.target_id == value,
    },
)


async def list_alerts(reader: Reader, parameters: AlertParameters) -> Page[Alert]:
    """Return the alerts, the one opened last first."""
    rows, following = await reader.page(ALERT_LISTING, parameters)
    return Page(items=[Alert.model_validate(_fields(row)) for row in rows], next=following)


async def read_alert(reader: Reader, alert_id: str) -> AlertDetail:
    """Return one alert; raise NotFoundError."""
    row = await reader.find(select(ALERTS).where(ALERTS.c.alert_id == alert_id))
    if row is None:
        raise NotFoundError("alert", alert_id)
    events = await reader.all(
        select(ALERT_EVENTS).where(ALERT_EVENTS.c.alert_id == alert_id).order_by(ALERT_EVENTS.c.event_id)
    )
    notices = await reader.all(
        select(NOTICES).where(NOTICES.c.alert_id == alert_id).order_by(NOTICES.c.created_at, NOTICES.c.notice_id)
    )
    return AlertDetail.model_validate(
        {
            **_fields(row),
            "history": [{**event, "id": event["event_id"]} for event in events],
            "notices": [{**notice, "id": notice["notice_id"]} for notice in notices],
        }
    )


async def responsible_units(reader: Reader) -> list[str]:
    """Return the names of all units that alerts name, for the filter."""
    rows = await reader.all(select(ALERTS.c.units).distinct())
    return sorted({unit for row in rows for unit in row["units"]})


def _fields(row: RowMapping) -> dict[str, object]:
    finding = row["finding"]
    return {
        **row,
        "id": row["alert_id"],
        "plan_id": finding["plan"]["id"],
        "name_zh": finding["name_zh"],
        "name_en": finding["name_en"],
        "retroactive": bool(row["retroactive"]),
    }
