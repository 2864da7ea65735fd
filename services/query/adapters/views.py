"""The views of schema `query` as SQLAlchemy sees them: all that query may read."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import TypeEngine

VIEWS = MetaData(schema="query")


def _columns(kind: TypeEngine[Any], names: str) -> list[Column[Any]]:
    return [Column(name, kind) for name in names.split()]


def _texts(names: str) -> list[Column[Any]]:
    return _columns(Text(), names)


def _instants(names: str) -> list[Column[Any]]:
    return _columns(DateTime(timezone=True), names)


def _dates(names: str) -> list[Column[Any]]:
    return _columns(Date(), names)


def _numbers(names: str) -> list[Column[Any]]:
    return _columns(Numeric(), names)


def _integers(names: str) -> list[Column[Any]]:
    return _columns(BigInteger(), names)


def _json(names: str) -> list[Column[Any]]:
    return _columns(JSONB(), names)


def _flags(names: str) -> list[Column[Any]]:
    return _columns(Boolean(), names)


def _history_of(current: Table, name: str) -> Table:
    """Return the view of every version of what another view shows the current one of."""
    history = current.to_metadata(VIEWS, name=name)
    for column in (*_flags("removed"), *_texts("reason reference"), *_instants("valid_from valid_to")):
        history.append_column(column)
    return history


def _stated(governing: Table, name: str) -> Table:
    """Return the view of what every source states of the cells of which another view shows the governing row."""
    statements = governing.to_metadata(VIEWS, name=name)
    for column in (*_columns(Integer(), "rank"), *_integers("precedence")):
        statements.append_column(column)
    return statements


def _figures(name: str, *further: Column[Any]) -> Table:
    return Table(
        name,
        VIEWS,
        *_texts(f"{_ORIGIN} indicator area value_period measure basis unit status authority cell"),
        *_integers("sequence"),
        *_columns(Integer(), "row_number"),
        *_numbers("value"),
        *_dates("period_end"),
        *_flags("simulated"),
        *_instants("recorded_at"),
        *further,
    )


def _verdict_columns() -> list[Column[Any]]:
    return [
        *_texts("verdict_id target_id plan_id area city period status pace light correlation_id"),
        *_dates("period_end"),
        *_integers("sequence target_version"),
        *_instants("recorded_at"),
        *_numbers("expected actual gap gap_points gap_percent"),
        *_json("reasons inputs figures outlook evidence steps"),
        *_flags("simulated"),
    ]


PLANS = Table(
    "plans",
    VIEWS,
    *_texts("plan_id title document_number issuer city text_sha256"),
    *_integers("version"),
    *_dates("issued_on effective_on"),
    *_json("document"),
    *_instants("recorded_at"),
)

_TARGET = "target_id plan_id clause_id area city indicator"
TARGETS = Table(
    "targets",
    VIEWS,
    *_texts(f"{_TARGET} sort_key verdict_id status light period"),
    *_flags("made_good suspended"),
    *_integers("version plan_version breaches"),
    *_json("definition"),
    *_instants("recorded_at"),
)
TARGET_VERSIONS = Table(
    "target_versions",
    VIEWS,
    *_texts(_TARGET),
    *_integers("version plan_version"),
    *_json("definition"),
    *_instants("recorded_at"),
)

WITHDRAWN_TARGETS = Table("withdrawn_targets", VIEWS, *_texts("target_id plan_id"))

VERDICTS = Table("verdicts", VIEWS, *_verdict_columns())
CURRENT_VERDICTS = Table("current_verdicts", VIEWS, *_verdict_columns())

FORECASTS = Table(
    "forecasts",
    VIEWS,
    *_texts("target_id area city period horizon method"),
    *_integers("target_version sequence points"),
    *_dates("period_end"),
    *_numbers("point low high probability"),
    *_json("reason"),
    *_instants("recorded_at"),
)

SIGNALS = Table(
    "signals",
    VIEWS,
    *_texts("signal_id rule_id plan_id kind area city period entity entity_name"),
    *_integers("sequence"),
    *_dates("period_end occurred_on"),
    *_json("detail"),
    *_flags("simulated"),
    *_instants("recorded_at"),
)

_ORIGIN = "city period source submission_id"
_SENT = f"{_ORIGIN} authority"
ENTERPRISE_REPORTS = Table(
    "enterprise_reports",
    VIEWS,
    *_texts(f"{_SENT} uscc name area industry operating_status entry_kind exit_kind"),
    *_integers("sequence revenue_ytd_yuan output_ytd_yuan profit_ytd_yuan tax_ytd_yuan rd_ytd_yuan"),
    *_columns(Integer(), "employees row_number"),
    *_numbers("energy_ytd_tce electricity_ytd_wan_kwh land_mu"),
    *_dates("period_end entered_on exited_on"),
    *_flags("above_scale simulated"),
    *_instants("recorded_at"),
)
ENTERPRISES = ENTERPRISE_REPORTS.to_metadata(VIEWS, name="enterprises")

PROJECT_REPORTS = Table(
    "project_reports",
    VIEWS,
    *_texts(f"{_SENT} code name owner_uscc area industry kind start_evidence"),
    *_integers(
        "sequence planned_total_yuan planned_equipment_yuan completed_prior_yuan planned_year_yuan completed_ytd_yuan"
    ),
    *_columns(Integer(), "row_number"),
    *_dates("period_end signed_on filed_on started_on listed_on completed_on production_on"),
    *_flags("simulated"),
    *_instants("recorded_at"),
)
PROJECTS = PROJECT_REPORTS.to_metadata(VIEWS, name="projects")

RATINGS = Table(
    "ratings",
    VIEWS,
    *_texts(f"{_SENT} uscc class stage area"),
    *_integers("sequence"),
    *_columns(Integer(), "year row_number"),
    *_numbers("score"),
    *_dates("period_end published_on"),
    *_flags("simulated"),
    *_instants("recorded_at"),
)

RECOGNITIONS = Table(
    "recognitions",
    VIEWS,
    *_texts(f"{_SENT} uscc kind batch level area name"),
    *_integers("sequence"),
    *_columns(Integer(), "row_number"),
    *_dates("period_end granted_on revoked_on"),
    *_flags("simulated"),
    *_instants("recorded_at"),
)

INDICATOR_VALUES = _figures("indicator_values", *_columns(Integer(), "rank"), *_json("others"))
INDICATOR_STATEMENTS = _figures("indicator_statements", *_columns(Integer(), "rank"), *_integers("precedence"))

ENTERPRISE_STATEMENTS = _stated(ENTERPRISE_REPORTS, "enterprise_statements")
PROJECT_STATEMENTS = _stated(PROJECT_REPORTS, "project_statements")
RATING_STATEMENTS = _stated(RATINGS, "rating_statements")
RECOGNITION_STATEMENTS = _stated(RECOGNITIONS, "recognition_statements")

ENTERPRISE_VERSIONS = _history_of(ENTERPRISE_REPORTS, "enterprise_versions")
PROJECT_VERSIONS = _history_of(PROJECT_REPORTS, "project_versions")
RATING_VERSIONS = _history_of(RATINGS, "rating_versions")
RECOGNITION_VERSIONS = _history_of(RECOGNITIONS, "recognition_versions")
INDICATOR_VERSIONS = _figures(
    "indicator_versions", *_flags("removed"), *_texts("reason reference"), *_instants("valid_from valid_to")
)

INDICATORS = Table("indicators", VIEWS, *_texts("indicator"), *_integers("figures targets"))

SUBMISSIONS = Table(
    "submissions",
    VIEWS,
    *_texts("submission_id source authority city feed period action reason reference correlation_id"),
    *_integers("sequence"),
    *_columns(Integer(), "events received parked"),
    *_dates("period_end"),
    *_flags("simulated"),
    *_instants("recorded_at completed_at"),
)

CORRECTIONS = Table(
    "corrections",
    VIEWS,
    *_texts("submission_id source city feed period action reason reference correlation_id"),
    *_integers("sequence changed removed"),
    *_columns(Integer(), "events"),
    *_dates("period_end"),
    *_flags("simulated"),
    *_instants("recorded_at completed_at"),
)

ALERTS = Table(
    "alerts",
    VIEWS,
    *_texts("alert_id target_id area area_name city kind state severity opened_period since_period period ground"),
    *_texts("acknowledged_by until_period worst stale_since previous"),
    *_texts("suspended_by suspended_unit suspension_approver suspension_reason"),
    *_columns(Integer(), "episode"),
    *_integers("finding_sequence"),
    *_json("finding"),
    Column("units", ARRAY(Text())),
    *_flags("simulated retroactive"),
    *_dates("breached_on due_on suspended_until"),
    *_instants("opened_at updated_at closed_at acknowledged_at"),
)
ALERT_EVENTS = Table(
    "alert_events",
    VIEWS,
    *_texts("alert_id change state severity period actor unit comment"),
    *_integers("event_id finding_sequence"),
    *_instants("at"),
)
NOTICES = Table(
    "notices",
    VIEWS,
    *_texts("notice_id alert_id unit role channel recipient cause state subject body_text last_error"),
    *_integers("alert_event_id"),
    *_columns(Integer(), "attempts"),
    *_instants("created_at next_attempt_at sent_at"),
)

_OUTCOMES = "added lost severity dates same"
SHADOWS = Table(
    "shadows",
    VIEWS,
    *_texts("name city fingerprint state reason"),
    Column("plan_ids", ARRAY(Text())),
    *_instants("started_at ended_at round_at compared_at"),
    *_integers(f"rounds_done rounds_known round {_OUTCOMES}"),
    *_flags("simulated"),
)
SHADOW_ALERTS = Table(
    "shadow_alerts",
    VIEWS,
    *_texts("shadow_name target_id area kind outcome plan_id city area_name name_zh name_en quote"),
    *_integers("rank"),
    *_columns(Integer(), "place"),
    *_flags("simulated has_target"),
    *_json("live shadow"),
)
