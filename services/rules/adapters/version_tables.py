"""The tables of row versions: one a feed, append-only."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, Index, Numeric, SmallInteger, Text, text
from sqlmodel import Column, DateTime, Field, SQLModel

from services.rules.adapters.tables import SCHEMA
from services.rules.domain.quantity import ProjectEvent

EVENT_DAYS = {
    ProjectEvent.SIGNED: "signed_on",
    ProjectEvent.FILED: "filed_on",
    ProjectEvent.STARTED: "started_on",
    ProjectEvent.LISTED: "listed_on",
    ProjectEvent.COMPLETED: "completed_on",
    ProjectEvent.IN_PRODUCTION: "production_on",
}
"""The column that tells the day of each event of a project."""


class VersionColumns(SQLModel):
    """What every row version says of its origin. The primary key is the claim that drops duplicates."""

    submission_id: str = Field(primary_key=True, sa_type=Text)
    row_number: int = Field(primary_key=True)
    source: str = Field(sa_type=Text)
    city: str = Field(sa_type=Text)
    period: str = Field(sa_type=Text)
    period_end: date
    sequence: int = Field(sa_type=BigInteger)
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))
    removed: bool


class EnterpriseVersion(VersionColumns, table=True):
    """One version of a firm in a period. Cell: uscc × period."""

    __tablename__ = "enterprise_versions"
    __table_args__ = (
        Index("enterprise_versions_cell", "uscc", "period_end", "sequence"),
        Index(
            "enterprise_versions_period",
            "period_end",
            postgresql_using="brin",
            postgresql_with={"pages_per_range": 32, "autosummarize": "on"},
        ),
        Index(
            "enterprise_versions_register",
            "city",
            "register_year",
            "period_end",
            postgresql_where=text("register_year IS NOT NULL"),
        ),
        {"schema": SCHEMA},
    )

    uscc: str = Field(sa_type=Text)
    name: str | None = Field(sa_type=Text)
    area: str | None = Field(sa_type=Text)
    industry: str | None = Field(sa_type=Text)
    operating_status: str | None = Field(sa_type=Text)
    above_scale: bool | None
    entered_on: date | None
    entry_kind: str | None = Field(sa_type=Text)
    exited_on: date | None
    exit_kind: str | None = Field(sa_type=Text)
    revenue_ytd_yuan: int | None = Field(sa_type=BigInteger)
    output_ytd_yuan: int | None = Field(sa_type=BigInteger)
    profit_ytd_yuan: int | None = Field(sa_type=BigInteger)
    tax_ytd_yuan: int | None = Field(sa_type=BigInteger)
    rd_ytd_yuan: int | None = Field(sa_type=BigInteger)
    energy_ytd_tce: Decimal | None = Field(sa_type=Numeric)
    electricity_ytd_wan_kwh: Decimal | None = Field(sa_type=Numeric)
    employees: int | None
    land_mu: Decimal | None = Field(sa_type=Numeric)
    register_year: int | None = Field(sa_type=SmallInteger)


class ProjectVersion(VersionColumns, table=True):
    """One version of a project in a period. Cell: code × period."""

    __tablename__ = "project_versions"
    __table_args__ = (
        Index("project_versions_cell", "code", "period_end", "sequence"),
        Index("project_versions_started", "city", "started_on", postgresql_where=text("start_evidence = 'accepted'")),
        *(
            Index(f"project_versions_{event}", "city", day, postgresql_where=text(f"{day} IS NOT NULL"))
            for event, day in EVENT_DAYS.items()
            if event is not ProjectEvent.STARTED
        ),
        {"schema": SCHEMA},
    )

    code: str = Field(sa_type=Text)
    name: str | None = Field(sa_type=Text)
    owner_uscc: str | None = Field(sa_type=Text)
    area: str | None = Field(sa_type=Text)
    industry: str | None = Field(sa_type=Text)
    kind: str | None = Field(sa_type=Text)
    planned_total_yuan: int | None = Field(sa_type=BigInteger)
    planned_equipment_yuan: int | None = Field(sa_type=BigInteger)
    completed_prior_yuan: int | None = Field(sa_type=BigInteger)
    planned_year_yuan: int | None = Field(sa_type=BigInteger)
    completed_ytd_yuan: int | None = Field(sa_type=BigInteger)
    signed_on: date | None
    filed_on: date | None
    started_on: date | None
    start_evidence: str | None = Field(sa_type=Text)
    listed_on: date | None
    completed_on: date | None
    production_on: date | None


class RatingVersion(VersionColumns, table=True):
    """One version of a firm's rating. Cell: uscc × round year."""

    __tablename__ = "rating_versions"
    __table_args__ = (
        Index("rating_versions_cell", "uscc", "year", "sequence"),
        Index("rating_versions_round", "city", "year"),
        {"schema": SCHEMA},
    )

    uscc: str = Field(sa_type=Text)
    year: int
    class_: str | None = Field(sa_column=Column("class", Text))
    score: Decimal | None = Field(sa_type=Numeric)
    stage: str | None = Field(sa_type=Text)
    published_on: date | None
    area: str | None = Field(sa_type=Text)


class RecognitionVersion(VersionColumns, table=True):
    """One version of a title of a firm. Cell: uscc × kind × batch."""

    __tablename__ = "recognition_versions"
    __table_args__ = (
        Index("recognition_versions_cell", "uscc", "kind", "batch", "sequence"),
        Index("recognition_versions_granted", "city", "kind", "granted_on"),
        {"schema": SCHEMA},
    )

    uscc: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    batch: str = Field(sa_type=Text)
    level: str | None = Field(sa_type=Text)
    granted_on: date | None
    area: str | None = Field(sa_type=Text)
    name: str | None = Field(sa_type=Text)
    revoked_on: date | None


class IndicatorVersion(VersionColumns, table=True):
    """One version of a published figure. Cell: indicator × area × value_period × measure × basis."""

    __tablename__ = "indicator_versions"
    __table_args__ = (
        Index("indicator_versions_cell", "indicator", "area", "value_period", "measure", "basis", "sequence"),
        {"schema": SCHEMA},
    )

    indicator: str = Field(sa_type=Text)
    area: str = Field(sa_type=Text)
    value_period: str = Field(sa_type=Text)
    measure: str = Field(sa_type=Text)
    basis: str = Field(sa_type=Text)
    value: Decimal | None = Field(sa_type=Numeric)
    unit: str | None = Field(sa_type=Text)
    status: str | None = Field(sa_type=Text)
    authority: str | None = Field(sa_type=Text)
