"""The tables of schema ingest. Written in bulk with SQL; declared here so that a test can hold them to the migrations."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Identity, Index, LargeBinary, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Column, DateTime, Field, SQLModel

SCHEMA = "ingest"


class ApiKeyRow(SQLModel, table=True):
    """A sender's key; only the SHA-256 of its secret is kept."""

    __tablename__ = "api_keys"
    __table_args__ = {"schema": SCHEMA}

    key_id: str = Field(primary_key=True, sa_type=Text)
    secret_sha256: bytes = Field(sa_type=LargeBinary, unique=True)
    source: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    simulated: bool
    authority: str | None = Field(default=None, sa_type=Text)
    city: str = Field(sa_type=Text)
    feeds: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    created_at: datetime = Field(sa_type=DateTime(timezone=True))
    revoked_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    may_release: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})


class SubmissionRecord(SQLModel, table=True):
    """An accepted submission and how far it is published."""

    __tablename__ = "submissions"
    __table_args__ = (
        Index("submissions_unpublished", "sequence", postgresql_where=text("published_at IS NULL")),
        Index("submissions_of_source", "source", "city", "sequence"),
        Index("submissions_newest", "city", "feed", "period_end"),
        {"schema": SCHEMA},
    )

    submission_id: str = Field(primary_key=True, sa_type=Text)
    sequence: int = Field(sa_column=Column(BigInteger, Identity(always=True), unique=True, nullable=False))
    key_id: str = Field(sa_type=Text, foreign_key="ingest.api_keys.key_id")
    source: str = Field(sa_type=Text)
    source_name: str = Field(sa_type=Text)
    simulated: bool
    city: str = Field(sa_type=Text)
    feed: str = Field(sa_type=Text)
    period: str = Field(sa_type=Text)
    period_end: date
    action: str = Field(sa_type=Text)
    reason: str | None = Field(default=None, sa_type=Text)
    reference: str | None = Field(default=None, sa_type=Text)
    area: str | None = Field(default=None, sa_type=Text)
    received: int
    accepted: int
    unchanged: int
    restated: int
    removed: int
    warnings: list[dict[str, Any]] = Field(sa_type=JSONB)
    warnings_total: int
    content_type: str = Field(sa_type=Text)
    body_sha256: bytes = Field(sa_type=LargeBinary)
    body_bytes: int = Field(sa_type=BigInteger)
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))
    correlation_id: str = Field(sa_type=Text)
    row_events: int
    published_events: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    published_row: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    published_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class SubmissionChunk(SQLModel, table=True):
    """A piece of the body as it came, compressed with zlib."""

    __tablename__ = "submission_chunks"
    __table_args__ = {"schema": SCHEMA}

    submission_id: str = Field(primary_key=True, sa_type=Text, foreign_key="ingest.submissions.submission_id")
    ordinal: int = Field(primary_key=True)
    compressed: bytes = Field(sa_type=LargeBinary)


class SubmissionRow(SQLModel, table=True):
    """A row that brought something: what is published. `content` is null when the row left."""

    __tablename__ = "submission_rows"
    __table_args__ = {"schema": SCHEMA}

    submission_id: str = Field(primary_key=True, sa_type=Text)
    row_number: int = Field(primary_key=True)
    cell: str = Field(sa_type=Text)
    content: str | None = Field(default=None, sa_type=Text)
    content_hash: bytes | None = Field(default=None, sa_type=LargeBinary)


class HeldSubmissionRow(SQLModel, table=True):
    """A submission that waits or waited for a second person: the figures it was held for, and what was decided."""

    __tablename__ = "held_submissions"
    __table_args__ = (
        Index("held_submissions_waiting", "held_at", postgresql_where=text("verb IS NULL")),
        {"schema": SCHEMA},
    )

    submission_id: str = Field(primary_key=True, sa_type=Text, foreign_key="ingest.submissions.submission_id")
    figures: dict[str, Any] = Field(sa_type=JSONB)
    held_at: datetime = Field(sa_type=DateTime(timezone=True))
    verb: str | None = Field(default=None, sa_type=Text)
    decided_by: str | None = Field(default=None, sa_type=Text)
    comment: str | None = Field(default=None, sa_type=Text)
    decided_key_id: str | None = Field(default=None, sa_type=Text, foreign_key="ingest.api_keys.key_id")
    decided_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    events: int | None = None


class HeldRow(SQLModel, table=True):
    """A row of a held submission, whether it brings something or not: that is decided when it is released."""

    __tablename__ = "held_rows"
    __table_args__ = {"schema": SCHEMA}

    submission_id: str = Field(primary_key=True, sa_type=Text)
    row_number: int = Field(primary_key=True)
    cell: str = Field(sa_type=Text)
    area: str = Field(sa_type=Text)
    edition: int = Field(sa_type=SmallInteger)
    content: str = Field(sa_type=Text)
    content_hash: bytes = Field(sa_type=LargeBinary)


class KnownRow(SQLModel, table=True):
    """The last known content of a cell of one source, city, feed and period, by its hash.

    `sequence` is the place of the last submission in effect that named or removed the cell. One that named it with the
    values known already is only noted while another submission of the series is held.
    """

    __tablename__ = "known_rows"
    __table_args__ = {"schema": SCHEMA}

    source: str = Field(primary_key=True, sa_type=Text)
    city: str = Field(primary_key=True, sa_type=Text)
    feed: str = Field(primary_key=True, sa_type=Text)
    period: str = Field(primary_key=True, sa_type=Text)
    cell: str = Field(primary_key=True, sa_type=Text)
    area: str = Field(sa_type=Text)
    edition: int = Field(sa_type=SmallInteger)
    content_hash: bytes = Field(sa_type=LargeBinary)
    submission_id: str = Field(sa_type=Text)
    row_number: int
    removed: bool
    sequence: int = Field(sa_type=BigInteger)


class IdempotencyKeyRow(SQLModel, table=True):
    """The answer given under an Idempotency-Key, and the fingerprint of the request."""

    __tablename__ = "idempotency_keys"
    __table_args__ = {"schema": SCHEMA}

    key_id: str = Field(primary_key=True, sa_type=Text, foreign_key="ingest.api_keys.key_id")
    idempotency_key: str = Field(primary_key=True, sa_type=Text)
    fingerprint: bytes = Field(sa_type=LargeBinary)
    submission_id: str = Field(sa_type=Text, foreign_key="ingest.submissions.submission_id")
    answer: dict[str, Any] = Field(sa_type=JSONB)
    created_at: datetime = Field(sa_type=DateTime(timezone=True))
