"""The tables of schema rules, besides those of rows. Written in bulk with SQL; declared here so that a test can hold them to the migrations."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, Numeric, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Column, DateTime, Field, SQLModel

from shared.adapters.outbox import OutboxColumns
from shared.adapters.parked import ParkedColumns

SCHEMA = "rules"
_AT = DateTime(timezone=True)


def _identity() -> Any:
    return Column(BigInteger, Identity(always=True), primary_key=True, nullable=False)


class SubmissionRecord(SQLModel, table=True):
    """A submission: how many row events it sent, received and parked, and since when it is complete."""

    __tablename__ = "submissions"
    __table_args__ = (
        Index("submissions_complete", "city", "period", postgresql_where=text("completed_at IS NOT NULL")),
        Index("submissions_sources", "city", "feed", "source", postgresql_where=text("completed_at IS NOT NULL")),
        Index("submissions_incomplete", "recorded_at", postgresql_where=text("completed_at IS NULL")),
        {"schema": SCHEMA},
    )

    submission_id: str = Field(primary_key=True, sa_type=Text)
    source: str = Field(sa_type=Text)
    simulated: bool | None
    city: str = Field(sa_type=Text)
    feed: str = Field(sa_type=Text)
    period: str = Field(sa_type=Text)
    period_end: date
    action: str | None = Field(sa_type=Text)
    reason: str | None = Field(sa_type=Text)
    reference: str | None = Field(sa_type=Text)
    sequence: int = Field(sa_type=BigInteger)
    events: int | None
    received: int
    parked: int
    recorded_at: datetime = Field(sa_type=_AT)
    completed_at: datetime | None = Field(sa_type=_AT)
    correlation_id: str = Field(sa_type=Text)
    authority: str | None = Field(sa_type=Text)


class ParkedRowRecord(SQLModel, table=True):
    """A row event that is parked and not yet replaced."""

    __tablename__ = "parked_rows"
    __table_args__ = {"schema": SCHEMA}

    submission_id: str = Field(primary_key=True, sa_type=Text)
    row_number: int = Field(primary_key=True)


class EvaluationRecord(SQLModel, table=True):
    """One city evaluated in one round: what led to it, and the instant of everything it wrote."""

    __tablename__ = "evaluations"
    __table_args__ = (
        Index("evaluations_of_city", "city", "at"),
        Index("evaluations_ticks", "city", text("at DESC"), postgresql_where=text("cause = 'tick'")),
        {"schema": SCHEMA},
    )

    round: int = Field(primary_key=True, sa_type=BigInteger)
    city: str = Field(primary_key=True, sa_type=Text)
    at: datetime = Field(sa_type=_AT)
    cause: str = Field(sa_type=Text)
    subjects: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    correlation_id: str = Field(sa_type=Text)


class AuthorityVersion(SQLModel, table=True):
    """One line of one version of the ranks of authorities, in the order of the file."""

    __tablename__ = "authorities"
    __table_args__ = {"schema": SCHEMA}

    version: int = Field(primary_key=True)
    place: int = Field(primary_key=True)
    pattern: str = Field(sa_type=Text)
    rank: int
    name_zh: str = Field(sa_type=Text)
    name_en: str = Field(sa_type=Text)
    note: str = Field(sa_type=Text)
    recorded_at: datetime = Field(sa_type=_AT)


class PlanVersion(SQLModel, table=True):
    """One version of a plan with the document its targets are built from."""

    __tablename__ = "plan_versions"
    __table_args__ = {"schema": SCHEMA}

    plan_id: str = Field(primary_key=True, sa_type=Text)
    version: int = Field(primary_key=True)
    title: str = Field(sa_type=Text)
    document_number: str | None = Field(sa_type=Text)
    issuer: str = Field(sa_type=Text)
    issued_on: date | None
    city: str = Field(sa_type=Text)
    text_sha256: str = Field(sa_type=Text)
    effective_on: date
    content: str = Field(sa_type=Text)
    document: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    recorded_at: datetime = Field(sa_type=_AT)


class TargetVersion(SQLModel, table=True):
    """One version of a target, for periods that end on `effective_on` or later."""

    __tablename__ = "target_versions"
    __table_args__ = {"schema": SCHEMA}

    target_id: str = Field(primary_key=True, sa_type=Text)
    version: int = Field(primary_key=True)
    plan_id: str = Field(sa_type=Text)
    plan_version: int
    effective_on: date
    clause_id: str = Field(sa_type=Text)
    area: str = Field(sa_type=Text)
    city: str = Field(sa_type=Text)
    indicator: str = Field(sa_type=Text)
    content: str = Field(sa_type=Text)
    definition: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    recorded_at: datetime = Field(sa_type=_AT)


class VerdictRecord(SQLModel, table=True):
    """One verdict; the highest sequence of target, area and period is the current one.

    A judgement that holds again after another one (parked rows were sent again) stands here again with the same id.
    """

    __tablename__ = "verdicts"
    __table_args__ = (
        Index("verdicts_id", "verdict_id"),
        Index("verdicts_current", "city", "target_id", "area", "period", text("sequence DESC")),
        {"schema": SCHEMA},
    )

    sequence: int = Field(sa_column=_identity())
    verdict_id: str = Field(sa_type=Text)
    target_id: str = Field(sa_type=Text)
    target_version: int
    plan_id: str = Field(sa_type=Text)
    area: str = Field(sa_type=Text)
    city: str = Field(sa_type=Text)
    period: str = Field(sa_type=Text)
    period_end: date
    recorded_at: datetime = Field(sa_type=_AT)
    status: str = Field(sa_type=Text)
    expected: Decimal | None = Field(sa_type=Numeric)
    actual: Decimal | None = Field(sa_type=Numeric)
    gap: Decimal | None = Field(sa_type=Numeric)
    gap_points: Decimal | None = Field(sa_type=Numeric)
    gap_percent: Decimal | None = Field(sa_type=Numeric)
    pace: str = Field(sa_type=Text)
    light: str | None = Field(sa_type=Text)
    reasons: list[Any] = Field(sa_column=Column(JSONB, nullable=False))
    inputs: list[Any] = Field(sa_column=Column(JSONB, nullable=False))
    figures: list[Any] = Field(sa_column=Column(JSONB, nullable=False))
    outlook: dict[str, Any] | None = Field(sa_column=Column(JSONB))
    simulated: bool
    correlation_id: str = Field(sa_type=Text)
    evidence: dict[str, Any] | None = Field(sa_column=Column(JSONB))
    steps: list[Any] = Field(sa_column=Column(JSONB, nullable=False, server_default=text("'[]'")))


class ForecastRecord(SQLModel, table=True):
    """One forecast stated; the highest sequence of a target is the current one. `reason` says why there is no number."""

    __tablename__ = "forecasts"
    __table_args__ = (
        Index("forecasts_current", "city", "target_id", text("sequence DESC")),
        {"schema": SCHEMA},
    )

    sequence: int = Field(sa_column=_identity())
    target_id: str = Field(sa_type=Text)
    target_version: int
    area: str = Field(sa_type=Text)
    city: str = Field(sa_type=Text)
    period: str = Field(sa_type=Text)
    period_end: date
    recorded_at: datetime = Field(sa_type=_AT)
    horizon: str = Field(sa_type=Text)
    point: Decimal | None = Field(sa_type=Numeric)
    low: Decimal | None = Field(sa_type=Numeric)
    high: Decimal | None = Field(sa_type=Numeric)
    probability: Decimal | None = Field(sa_type=Numeric)
    method: str | None = Field(sa_type=Text)
    points: int
    reason: dict[str, Any] | None = Field(sa_column=Column(JSONB))
    fingerprint: str = Field(sa_type=Text)
    correlation_id: str = Field(sa_type=Text)


class SignalRecord(SQLModel, table=True):
    """One version of a signal; the highest sequence of the id is the current one."""

    __tablename__ = "signals"
    __table_args__ = (
        Index("signals_current", "rule_id", "signal_id", text("sequence DESC")),
        {"schema": SCHEMA},
    )

    sequence: int = Field(sa_column=_identity())
    signal_id: str = Field(sa_type=Text)
    rule_id: str = Field(sa_type=Text)
    plan_id: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    area: str = Field(sa_type=Text)
    city: str = Field(sa_type=Text)
    period: str = Field(sa_type=Text)
    period_end: date
    entity: str = Field(sa_type=Text)
    entity_name: str = Field(sa_type=Text)
    occurred_on: date | None
    detail: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    active: bool
    simulated: bool
    fingerprint: str = Field(sa_type=Text)
    recorded_at: datetime = Field(sa_type=_AT)


class FindingRecord(SQLModel, table=True):
    """One finding told; the highest sequence of the key is the current one."""

    __tablename__ = "findings"
    __table_args__ = (
        Index("findings_current", "city", "target_id", "area", "kind", text("sequence DESC")),
        {"schema": SCHEMA},
    )

    target_id: str = Field(primary_key=True, sa_type=Text)
    area: str = Field(primary_key=True, sa_type=Text)
    kind: str = Field(primary_key=True, sa_type=Text)
    sequence: int = Field(primary_key=True)
    city: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    severity: str | None = Field(sa_type=Text)
    period: str = Field(sa_type=Text)
    fingerprint: str = Field(sa_type=Text)
    event: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    recorded_at: datetime = Field(sa_type=_AT)


class OutboxRecord(OutboxColumns, table=True):
    """An event that waits to be published, or was."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("outbox_unpublished", "position", postgresql_where=text("published_at IS NULL")),
        {"schema": SCHEMA},
    )

    position: int | None = Field(default=None, sa_column=_identity())


class ParkedRecord(ParkedColumns, table=True):
    """A message that could not be processed."""

    __tablename__ = "parked_messages"
    __table_args__ = (UniqueConstraint("topic", "partition", "message_offset"), {"schema": SCHEMA})

    parked_id: int | None = Field(default=None, sa_column=_identity())
