"""The tables of schema `alerts`."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Boolean, Date, Identity, Index, MetaData, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import DateTime, Field, SQLModel

from shared.adapters.outbox import OutboxColumns
from shared.adapters.parked import ParkedColumns

SCHEMA = "alerts"
METADATA = MetaData(schema=SCHEMA)
_INSTANT = DateTime(timezone=True)
_QUEUED = text("state = 'queued'")
_ACTIVE = text("state = ANY (ARRAY['open', 'acknowledged', 'suspended'])")
_TO_SUSPEND = text("suspended_from IS NOT NULL AND state = ANY (ARRAY['open', 'acknowledged'])")


class AlertRow(SQLModel, table=True):
    """One episode of an alert as it stands now.

    `until_period`, `worst` and `breached_on` may be missing only in rows that a replica of before they were kept writes
    during an upgrade. `suspended_from` is the day on which the plan begins to suspend the target, of what is not over.
    """

    metadata: ClassVar[MetaData] = METADATA
    __tablename__: ClassVar[Any] = "alerts"
    __table_args__ = (
        UniqueConstraint("target_id", "area", "kind", "episode"),
        Index("alerts_one_open", "target_id", "area", "kind", unique=True, postgresql_where=_ACTIVE),
        Index("alerts_suspended", "suspended_until", "alert_id", postgresql_where=text("state = 'suspended'")),
        Index("alerts_to_suspend", "suspended_from", postgresql_where=_TO_SUSPEND),
        Index("alerts_of_city", "city", "opened_at", "alert_id"),
    )

    alert_id: str = Field(primary_key=True, sa_type=Text)
    target_id: str = Field(sa_type=Text)
    area: str = Field(sa_type=Text)
    area_name: str = Field(sa_type=Text)
    city: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    episode: int
    state: str = Field(sa_type=Text)
    severity: str = Field(sa_type=Text)
    opened_at: datetime = Field(sa_type=_INSTANT)
    opened_period: str = Field(sa_type=Text)
    since_period: str = Field(sa_type=Text)
    period: str = Field(sa_type=Text)
    updated_at: datetime = Field(sa_type=_INSTANT)
    closed_at: datetime | None = Field(default=None, sa_type=_INSTANT)
    ground: str | None = Field(default=None, sa_type=Text)
    finding_sequence: int = Field(sa_type=BigInteger)
    finding: dict[str, Any] = Field(sa_type=JSONB)
    acknowledged_at: datetime | None = Field(default=None, sa_type=_INSTANT)
    acknowledged_by: str | None = Field(default=None, sa_type=Text)
    simulated: bool = Field(sa_type=Boolean)
    until_period: str | None = Field(default=None, sa_type=Text)
    worst: str | None = Field(default=None, sa_type=Text)
    retroactive: bool = Field(default=False, sa_type=Boolean, sa_column_kwargs={"server_default": text("false")})
    breached_on: date | None = Field(default=None, sa_type=Date)
    due_on: date | None = Field(default=None, sa_type=Date)
    stale_since: str | None = Field(default=None, sa_type=Text)
    suspended_until: date | None = Field(default=None, sa_type=Date)
    suspended_by: str | None = Field(default=None, sa_type=Text)
    suspended_unit: str | None = Field(default=None, sa_type=Text)
    suspension_approver: str | None = Field(default=None, sa_type=Text)
    suspension_reason: str | None = Field(default=None, sa_type=Text)
    previous: str | None = Field(default=None, sa_type=Text)
    suspended_from: date | None = Field(default=None, sa_type=Date)


class AlertEventRow(SQLModel, table=True):
    """One change of an alert; append-only. `finding` is None for what people do, `snapshot` is the alert's row after it."""

    metadata: ClassVar[MetaData] = METADATA
    __tablename__: ClassVar[Any] = "alert_events"
    __table_args__ = (Index("alert_events_of_alert", "alert_id", "event_id"),)

    event_id: int | None = Field(
        default=None, primary_key=True, sa_type=BigInteger, sa_column_args=(Identity(always=True),)
    )
    alert_id: str = Field(foreign_key="alerts.alerts.alert_id", sa_type=Text)
    at: datetime = Field(sa_type=_INSTANT)
    change: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    severity: str = Field(sa_type=Text)
    period: str = Field(sa_type=Text)
    actor: str | None = Field(default=None, sa_type=Text)
    unit: str | None = Field(default=None, sa_type=Text)
    comment: str | None = Field(default=None, sa_type=Text)
    finding_sequence: int = Field(sa_type=BigInteger)
    finding: dict[str, Any] | None = Field(default=None, sa_type=JSONB)
    snapshot: dict[str, Any] = Field(sa_type=JSONB)
    correlation_id: str = Field(sa_type=Text)


class FindingStateRow(SQLModel, table=True):
    """The highest sequence seen of a key; its row is also what a transaction locks."""

    metadata: ClassVar[MetaData] = METADATA
    __tablename__: ClassVar[Any] = "finding_states"

    target_id: str = Field(primary_key=True, sa_type=Text)
    area: str = Field(primary_key=True, sa_type=Text)
    kind: str = Field(primary_key=True, sa_type=Text)
    sequence: int | None = Field(default=None, sa_type=BigInteger)
    updated_at: datetime | None = Field(default=None, sa_type=_INSTANT)


class NoticeRow(SQLModel, table=True):
    """One notice with its fixed words and its delivery state."""

    metadata: ClassVar[MetaData] = METADATA
    __tablename__: ClassVar[Any] = "notices"
    __table_args__ = (
        Index("notices_due", "channel", "next_attempt_at", "notice_id", postgresql_where=_QUEUED),
        Index(
            "notices_waiting_in_thread", "thread", "channel", "recipient", "alert_event_id", postgresql_where=_QUEUED
        ),
        Index("notices_of_alert", "alert_id", "alert_event_id"),
        Index("notices_by_state", "state", "channel"),
    )

    notice_id: str = Field(primary_key=True, sa_type=Text)
    alert_id: str = Field(foreign_key="alerts.alerts.alert_id", sa_type=Text)
    alert_event_id: int = Field(foreign_key="alerts.alert_events.event_id", sa_type=BigInteger)
    thread: str = Field(sa_type=Text)
    unit: str = Field(sa_type=Text)
    role: str = Field(sa_type=Text)
    channel: str = Field(sa_type=Text)
    recipient: str = Field(sa_type=Text)
    cause: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    subject: str = Field(sa_type=Text)
    body_text: str = Field(sa_type=Text)
    body_html: str | None = Field(default=None, sa_type=Text)
    payload: dict[str, Any] | None = Field(default=None, sa_type=JSONB)
    message_id: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=_INSTANT)
    queued_at: datetime = Field(sa_type=_INSTANT)
    attempts: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    next_attempt_at: datetime | None = Field(default=None, sa_type=_INSTANT)
    claimed_until: datetime | None = Field(default=None, sa_type=_INSTANT)
    sent_at: datetime | None = Field(default=None, sa_type=_INSTANT)
    last_error: str | None = Field(default=None, sa_type=Text)
    correlation_id: str = Field(sa_type=Text)


class DisabledEndpointRow(SQLModel, table=True):
    """An endpoint that answered 410 Gone; nothing is sent there until somebody enables it again."""

    metadata: ClassVar[MetaData] = METADATA
    __tablename__: ClassVar[Any] = "disabled_endpoints"

    channel: str = Field(primary_key=True, sa_type=Text)
    recipient: str = Field(primary_key=True, sa_type=Text)
    disabled_at: datetime = Field(sa_type=_INSTANT)
    reason: str = Field(sa_type=Text)


class OutboxRow(OutboxColumns, table=True):
    """Events that wait for the log."""

    metadata: ClassVar[MetaData] = METADATA
    __tablename__: ClassVar[Any] = "outbox"
    __table_args__ = (Index("outbox_waiting", "position", postgresql_where=text("published_at IS NULL")),)


class ParkedMessageRow(ParkedColumns, table=True):
    """Messages that cannot be processed."""

    metadata: ClassVar[MetaData] = METADATA
    __tablename__: ClassVar[Any] = "parked_messages"
    __table_args__ = (UniqueConstraint("topic", "partition", "message_offset"),)
