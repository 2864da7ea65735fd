"""Time travel: every view of query shows what was known at `query.as_of()`; every version of a row and every correction can be read."""

# ruff: noqa: S608  (only our own names are interpolated)

from dataclasses import dataclass

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# The setting is local to the reader's transaction; without it everything ever known counts.
_AS_OF = """
    CREATE FUNCTION query.as_of() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(nullif(current_setting('planwatch.as_of', true), ''), 'infinity')::timestamptz
"""
# A scalar subquery is evaluated once a statement, a function once a row.
_T = "(SELECT query.as_of())"


@dataclass(frozen=True, slots=True)
class Known:
    """Conditions of what counts: complete submissions and recorded rows."""

    complete: str
    recorded: str

    def completed(self, alias: str) -> str:
        """Return the condition that a submission was complete."""
        return f"{alias}.completed_at {self.complete}"

    def where(self, column: str) -> str:
        """Return a WHERE clause on the time of recording, or nothing."""
        return f"WHERE {column} {self.recorded}" if self.recorded else ""

    def also(self, column: str) -> str:
        """Return the same as a further condition."""
        return f"AND {column} {self.recorded}" if self.recorded else ""


AT_ANY_TIME = Known("IS NOT NULL", "")
BY_AS_OF = Known(f"<= {_T}", f"<= {_T}")

_TARGET = "t.target_id, t.version, t.plan_id, t.plan_version, t.clause_id, t.area, t.city, t.indicator"
_VERDICT = """v.verdict_id, v.target_id, v.target_version, v.plan_id, v.area, v.city, v.period, v.period_end,
    v.sequence, v.recorded_at, v.status, v.expected, v.actual, v.gap, v.gap_points, v.gap_percent, v.pace, v.light,
    v.reasons, v.inputs, v.figures, v.outlook, v.simulated, v.correlation_id"""

# Numbers inside ids are padded to eight digits, so that clause 2 sorts before clause 10.
_NATURAL_ORDER = r"regexp_replace(regexp_replace(t.target_id, '(\d+)', '0000000\1', 'g'), '\d*(\d{8})', '\1', 'g')"

_ORIGIN = "v.city, v.period, v.period_end, v.sequence, v.source, v.submission_id, v.row_number, v.recorded_at"
_FIRM = """v.name, v.area, v.industry, v.operating_status, v.above_scale, v.entered_on, v.entry_kind, v.exited_on,
    v.exit_kind, v.revenue_ytd_yuan, v.output_ytd_yuan, v.profit_ytd_yuan, v.tax_ytd_yuan, v.rd_ytd_yuan,
    v.energy_ytd_tce, v.electricity_ytd_wan_kwh, v.employees, v.land_mu"""
_PROJECT = """v.name, v.owner_uscc, v.area, v.industry, v.kind, v.planned_total_yuan, v.planned_equipment_yuan,
    v.completed_prior_yuan, v.planned_year_yuan, v.completed_ytd_yuan, v.signed_on, v.filed_on, v.started_on,
    v.start_evidence, v.listed_on, v.completed_on, v.production_on"""
_RATING = "v.class, v.score, v.stage, v.published_on, v.area"
_TITLE = "v.level, v.granted_on, v.area, v.name, v.revoked_on"
_FIGURE = """v.value, v.unit, v.status, v.authority,
    concat_ws('|', v.value_period, v.area, v.measure, v.basis) COLLATE "C" AS cell"""
_FIGURE_CELL = ("indicator", "area", "value_period", "measure", "basis")
_SIMULATED = "COALESCE(s.simulated, false) AS simulated"
_SUBMISSION = """submission_id, source, simulated, city, feed, period, period_end, action, reason,
    reference, sequence, events"""

_ALERT = [
    "alert_id",
    "target_id",
    "area",
    "area_name",
    "city",
    "kind",
    "episode",
    "state",
    "severity",
    "opened_at",
    "opened_period",
    "since_period",
    "period",
    "updated_at",
    "closed_at",
    "ground",
    "finding_sequence",
    "finding",
    "acknowledged_at",
    "acknowledged_by",
    "simulated",
]
# Columns of alerts.alerts that the view of before did not show; they follow its last.
_ALERT_ADDED = [
    "until_period",
    "worst",
    "retroactive",
    "breached_on",
    "due_on",
    "stale_since",
    "suspended_until",
    "suspended_by",
    "suspended_unit",
    "suspension_approver",
    "suspension_reason",
    "previous",
]
_UNITS = "ARRAY(SELECT unit ->> 'name' FROM jsonb_array_elements(finding -> 'units') unit) AS units"

_HOST = """CASE channel
    WHEN 'webhook' THEN regexp_replace(recipient, '^(https?://)([^/?#]*@)?([^/?#]*).*$', '\\1\\3')
    ELSE recipient END"""
_NOTICE = f"""notice_id, alert_id, alert_event_id, unit, role, channel, {_HOST} AS recipient, cause"""
# Nothing tells when a try failed: of a notice that was not sent by then, only that it waited is known.
_NOTICE_KNOWN = f"""(state = 'unreachable' OR sent_at <= {_T} OR {_T} = 'infinity')"""


def _newer(cell: tuple[str, ...]) -> str:
    """Return that `n` is another version of the cell of `v`, a newer one."""
    same = " AND ".join(f"n.{column} = v.{column}" for column in cell)
    return f"{same} AND (n.sequence, n.row_number) > (v.sequence, v.row_number)"


def _current(known: Known, table: str, cell: tuple[str, ...], columns: str) -> str:
    """Return the newest version of every cell that was not removed, of complete submissions alone: what is judged."""
    return f"""
        SELECT {", ".join(f"v.{column}" for column in cell if column != "period_end")}, {_ORIGIN}, {columns}, {_SIMULATED}
        FROM rules.{table} v JOIN rules.submissions s ON s.submission_id = v.submission_id
        WHERE NOT v.removed AND {known.completed("s")}
          AND NOT EXISTS (
            SELECT FROM rules.{table} n JOIN rules.submissions m ON m.submission_id = n.submission_id
            WHERE {_newer(cell)} AND {known.completed("m")}
          )
    """


def _latest(known: Known, table: str, key: str, columns: str) -> str:
    """Return the newest version of each entity; one that its newest report removed is not there any more.

    A correlated subquery, not a join: a page then costs the same wherever it starts.
    """
    return f"""
        SELECT v.{key}, {_ORIGIN}, {columns}, {_SIMULATED}
        FROM rules.{table} v JOIN rules.submissions s ON s.submission_id = v.submission_id
        WHERE NOT v.removed AND {known.completed("s")}
          AND (v.submission_id, v.row_number) = (
            SELECT n.submission_id, n.row_number
            FROM rules.{table} n JOIN rules.submissions m ON m.submission_id = n.submission_id
            WHERE n.{key} = v.{key} AND {known.completed("m")}
            ORDER BY n.period_end DESC, n.sequence DESC, n.row_number DESC LIMIT 1
          )
    """


def _versions(table: str, cell: tuple[str, ...], columns: str, *, by: tuple[str, ...] = ()) -> str:
    """Return every version of every cell, and from when to when it was the one that counts (`by` source: what it stated).

    One that came after a newer version never counted: it ends when it begins.
    """
    return f"""
        SELECT {", ".join(f"v.{column}" for column in cell if column != "period_end")}, {_ORIGIN}, {columns}, {_SIMULATED},
            v.removed, s.reason, s.reference, s.completed_at AS valid_from,
            (
                SELECT CASE WHEN count(*) > 0 THEN greatest(min(m.completed_at), s.completed_at) END
                FROM rules.{table} n JOIN rules.submissions m ON m.submission_id = n.submission_id
                WHERE {_newer((*cell, *by))} AND {BY_AS_OF.completed("m")}
            ) AS valid_to
        FROM rules.{table} v JOIN rules.submissions s ON s.submission_id = v.submission_id
        WHERE {BY_AS_OF.completed("s")}
    """


def _facts(known: Known) -> dict[str, str]:
    return {
        "enterprise_reports": _current(known, "enterprise_versions", ("uscc", "period_end"), _FIRM),
        "enterprises": _latest(known, "enterprise_versions", "uscc", _FIRM),
        "project_reports": _current(known, "project_versions", ("code", "period_end"), _PROJECT),
        "projects": _latest(known, "project_versions", "code", _PROJECT),
        "ratings": _current(known, "rating_versions", ("uscc", "year"), _RATING),
        "recognitions": _current(known, "recognition_versions", ("uscc", "kind", "batch"), _TITLE),
        "indicator_values": _current(known, "indicator_versions", _FIGURE_CELL, _FIGURE),
    }


def _judged(known: Known) -> dict[str, str]:
    return {
        "plans": f"""
            SELECT DISTINCT ON (plan_id) plan_id, version, title, document_number, issuer, issued_on, city, text_sha256,
                effective_on, document, recorded_at
            FROM rules.plan_versions {known.where("recorded_at")} ORDER BY plan_id, recorded_at DESC, version DESC
        """,
        "target_versions": f"""
            SELECT {_TARGET}, t.definition, t.recorded_at FROM rules.target_versions t {known.where("t.recorded_at")}
        """,
        "targets": f"""
            SELECT {_TARGET}, t.definition, t.recorded_at, {_NATURAL_ORDER} COLLATE "C" AS sort_key,
                v.verdict_id, v.status, v.light, v.period
            FROM (
                SELECT DISTINCT ON (target_id) target_id, version, plan_id, plan_version, clause_id, area, city, indicator,
                    content, definition, recorded_at
                FROM rules.target_versions {known.where("recorded_at")}
                ORDER BY target_id, recorded_at DESC, version DESC
            ) t
            LEFT JOIN LATERAL (
                SELECT verdict_id, status, light, period FROM rules.verdicts
                WHERE city = t.city AND target_id = t.target_id AND area = t.area {known.also("recorded_at")}
                ORDER BY period_end DESC, length(period), sequence DESC LIMIT 1
            ) v ON true
        """,
        "withdrawn_targets": f"""
            SELECT DISTINCT target.target_id, target.plan_id
            FROM rules.target_versions AS target
            JOIN (
                SELECT DISTINCT ON (plan_id) plan_id, document -> 'target_ids' AS target_ids FROM rules.plan_versions
                {known.where("recorded_at")}
                ORDER BY plan_id, version DESC
            ) AS plan ON plan.plan_id = target.plan_id
            WHERE NOT coalesce(plan.target_ids ? target.target_id, true) {known.also("target.recorded_at")}
        """,
        "verdicts": f"SELECT {_VERDICT} FROM rules.verdicts v {known.where('v.recorded_at')}",
        "current_verdicts": f"""
            SELECT DISTINCT ON (v.city, v.target_id, v.area, v.period) {_VERDICT} FROM rules.verdicts v
            {known.where("v.recorded_at")}
            ORDER BY v.city, v.target_id, v.area, v.period, v.sequence DESC
        """,
        "signals": f"""
            SELECT v.signal_id, v.sequence, v.rule_id, v.plan_id, v.kind, v.area, v.city, v.period, v.period_end, v.entity,
                v.entity_name, v.occurred_on, v.detail, v.simulated, v.recorded_at
            FROM rules.signals v
            WHERE v.active {known.also("v.recorded_at")} AND NOT EXISTS (
                SELECT FROM rules.signals n
                WHERE n.rule_id = v.rule_id AND n.signal_id = v.signal_id AND n.sequence > v.sequence
                    {known.also("n.recorded_at")}
            )
        """,
    }


def _alert_columns(alias: str) -> str:
    """Return the columns of an alert as it is `now` or as its history `held` it; its id is what both are found by."""
    return ", ".join(["now.alert_id", *(f"{alias}.{column}" for column in [*_ALERT, *_ALERT_ADDED][1:])])


# How much of an incomplete submission had been read at an instant of the past is not kept.
_SUBMISSIONS = {
    AT_ANY_TIME: f"SELECT {_SUBMISSION}, received, parked, recorded_at, completed_at, correlation_id FROM rules.submissions",
    BY_AS_OF: f"""
        SELECT {_SUBMISSION},
            CASE WHEN completed_at <= {_T} OR {_T} = 'infinity' THEN received END AS received,
            CASE WHEN completed_at <= {_T} OR {_T} = 'infinity' THEN parked END AS parked,
            recorded_at, CASE WHEN completed_at <= {_T} THEN completed_at END AS completed_at, correlation_id
        FROM rules.submissions WHERE recorded_at <= {_T}
    """,
}

_ALERTS = {
    AT_ANY_TIME: {
        "alerts": f"SELECT {', '.join(_ALERT)}, {_UNITS} FROM alerts.alerts",
        "alert_events": """
            SELECT event_id, alert_id, at, change, state, severity, period, actor, unit, comment, finding_sequence
            FROM alerts.alert_events
        """,
        "notices": f"""
            SELECT {_NOTICE}, state, subject, body_text, created_at, attempts, next_attempt_at, sent_at,
                last_error
            FROM alerts.notices
        """,
    },
    # One of the two halves is never executed: what holds now is read from the table, what held then from the history.
    BY_AS_OF: {
        "alerts": f"""
            SELECT {", ".join([*_ALERT, _UNITS, *_ALERT_ADDED])}
            FROM (
                SELECT {_alert_columns("now")} FROM alerts.alerts now WHERE {_T} = 'infinity'
                UNION ALL
                SELECT {_alert_columns("held")}
                FROM alerts.alerts now
                CROSS JOIN LATERAL (
                    SELECT event.snapshot FROM alerts.alert_events event
                    WHERE event.alert_id = now.alert_id AND event.at <= {_T}
                    ORDER BY event.event_id DESC LIMIT 1
                ) event
                CROSS JOIN LATERAL jsonb_populate_record(NULL::alerts.alerts, event.snapshot) held
                WHERE {_T} <> 'infinity'
            ) a
        """,
        "alert_events": f"""
            SELECT event_id, alert_id, at, change, state, severity, period, actor, unit, comment, finding_sequence
            FROM alerts.alert_events WHERE at <= {_T}
        """,
        "notices": f"""
            SELECT {_NOTICE}, CASE WHEN {_NOTICE_KNOWN} THEN state ELSE 'queued' END AS state, subject, body_text,
                created_at, CASE WHEN {_NOTICE_KNOWN} THEN attempts ELSE 0 END AS attempts,
                CASE WHEN {_NOTICE_KNOWN} THEN next_attempt_at END AS next_attempt_at,
                CASE WHEN {_NOTICE_KNOWN} THEN sent_at END AS sent_at,
                CASE WHEN {_NOTICE_KNOWN} THEN last_error END AS last_error
            FROM alerts.notices WHERE created_at <= {_T}
        """,
    },
}

_VERSIONS = ("enterprise_versions", "project_versions", "rating_versions", "recognition_versions", "indicator_versions")
_ROWS = " UNION ALL ".join(
    f"SELECT v.removed FROM rules.{table} v WHERE v.submission_id = s.submission_id" for table in _VERSIONS
)
NEW = {
    "enterprise_versions": _versions("enterprise_versions", ("uscc", "period_end"), _FIRM),
    "project_versions": _versions("project_versions", ("code", "period_end"), _PROJECT),
    "rating_versions": _versions("rating_versions", ("uscc", "year"), _RATING),
    "recognition_versions": _versions("recognition_versions", ("uscc", "kind", "batch"), _TITLE),
    "indicator_versions": _versions("indicator_versions", _FIGURE_CELL, _FIGURE, by=("source",)),
    # A submission that is not read to its end changes nothing.
    "corrections": f"""
        SELECT {_SUBMISSION}, s.recorded_at, CASE WHEN s.completed_at <= {_T} THEN s.completed_at END AS completed_at,
            s.correlation_id, rows.changed, rows.removed
        FROM rules.submissions s
        LEFT JOIN LATERAL (
            SELECT count(*) AS changed, count(*) FILTER (WHERE changed.removed) AS removed FROM ({_ROWS}) changed
        ) rows ON s.completed_at <= {_T}
        WHERE s.reason IS NOT NULL AND s.recorded_at <= {_T}
    """,
}


def _views(known: Known) -> dict[str, str]:
    return {**_facts(known), **_judged(known), "submissions": _SUBMISSIONS[known], **_ALERTS[known]}


def upgrade() -> None:
    """Say when; let every view look from there; add the histories."""
    op.execute(_AS_OF)
    for name, select in _views(BY_AS_OF).items():
        op.execute(f"CREATE OR REPLACE VIEW query.{name} AS {select}")
    for name, select in NEW.items():
        op.execute(f"CREATE VIEW query.{name} AS {select}")


def downgrade() -> None:
    """Show again what is known now alone."""
    for name in NEW:
        op.execute(f"DROP VIEW query.{name}")
    op.execute("DROP VIEW query.alerts")  # columns may have been added, which no replacement takes away
    op.execute(f"CREATE VIEW query.alerts AS {_ALERTS[AT_ANY_TIME]['alerts']}")
    for name, select in _views(AT_ANY_TIME).items():
        op.execute(f"CREATE OR REPLACE VIEW query.{name} AS {select}")
    op.execute("DROP FUNCTION query.as_of()")
