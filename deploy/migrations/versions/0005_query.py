"""The views query reads: current versions and histories of what rules and alerts wrote."""

# ruff: noqa: S608  (only our own names are interpolated)

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

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
_SIMULATED = "COALESCE(s.simulated, false) AS simulated"


def _current(table: str, cell: tuple[str, ...], columns: str) -> str:
    """Return the newest version of every cell that was not removed, of complete submissions alone: what is judged."""
    same_cell = " AND ".join(f"n.{column} = v.{column}" for column in cell)
    return f"""
        SELECT {", ".join(f"v.{column}" for column in cell if column != "period_end")}, {_ORIGIN}, {columns}, {_SIMULATED}
        FROM rules.{table} v JOIN rules.submissions s ON s.submission_id = v.submission_id
        WHERE NOT v.removed AND s.completed_at IS NOT NULL
          AND NOT EXISTS (
            SELECT FROM rules.{table} n JOIN rules.submissions m ON m.submission_id = n.submission_id
            WHERE {same_cell} AND (n.sequence, n.row_number) > (v.sequence, v.row_number)
              AND m.completed_at IS NOT NULL
          )
    """


def _latest(table: str, key: str, columns: str) -> str:
    """Return the newest version of each entity; one that its newest report removed is not there any more.

    A correlated subquery, not a join: a page then costs the same wherever it starts.
    """
    return f"""
        SELECT v.{key}, {_ORIGIN}, {columns}, {_SIMULATED}
        FROM rules.{table} v JOIN rules.submissions s ON s.submission_id = v.submission_id
        WHERE NOT v.removed AND s.completed_at IS NOT NULL
          AND (v.submission_id, v.row_number) = (
            SELECT n.submission_id, n.row_number
            FROM rules.{table} n JOIN rules.submissions m ON m.submission_id = n.submission_id
            WHERE n.{key} = v.{key} AND m.completed_at IS NOT NULL
            ORDER BY n.period_end DESC, n.sequence DESC, n.row_number DESC LIMIT 1
          )
    """


VIEWS = {
    "plans": """
        SELECT DISTINCT ON (plan_id) plan_id, version, title, document_number, issuer, issued_on, city, text_sha256,
            effective_on, document, recorded_at
        FROM rules.plan_versions ORDER BY plan_id, recorded_at DESC, version DESC
    """,
    "target_versions": f"SELECT {_TARGET}, t.definition, t.recorded_at FROM rules.target_versions t",
    "targets": f"""
        SELECT {_TARGET}, t.definition, t.recorded_at, {_NATURAL_ORDER} COLLATE "C" AS sort_key,
            v.verdict_id, v.status, v.light, v.period
        FROM (
            SELECT DISTINCT ON (target_id) * FROM rules.target_versions
            ORDER BY target_id, recorded_at DESC, version DESC
        ) t
        LEFT JOIN LATERAL (
            SELECT verdict_id, status, light, period FROM rules.verdicts
            WHERE city = t.city AND target_id = t.target_id AND area = t.area
            ORDER BY period_end DESC, length(period), sequence DESC LIMIT 1
        ) v ON true
    """,
    "verdicts": f"SELECT {_VERDICT} FROM rules.verdicts v",
    "current_verdicts": f"""
        SELECT DISTINCT ON (v.city, v.target_id, v.area, v.period) {_VERDICT} FROM rules.verdicts v
        ORDER BY v.city, v.target_id, v.area, v.period, v.sequence DESC
    """,
    "signals": """
        SELECT v.signal_id, v.sequence, v.rule_id, v.plan_id, v.kind, v.area, v.city, v.period, v.period_end, v.entity,
            v.entity_name, v.occurred_on, v.detail, v.simulated, v.recorded_at
        FROM rules.signals v
        WHERE v.active AND NOT EXISTS (
            SELECT FROM rules.signals n
            WHERE n.rule_id = v.rule_id AND n.signal_id = v.signal_id AND n.sequence > v.sequence
        )
    """,
    "enterprise_reports": _current("enterprise_versions", ("uscc", "period_end"), _FIRM),
    "enterprises": _latest("enterprise_versions", "uscc", _FIRM),
    "project_reports": _current("project_versions", ("code", "period_end"), _PROJECT),
    "projects": _latest("project_versions", "code", _PROJECT),
    "ratings": _current("rating_versions", ("uscc", "year"), "v.class, v.score, v.stage, v.published_on, v.area"),
    "indicator_values": _current(
        "indicator_versions",
        ("indicator", "area", "value_period", "measure", "basis"),
        """v.value, v.unit, v.status, v.authority,
            concat_ws('|', v.value_period, v.area, v.measure, v.basis) COLLATE "C" AS cell""",
    ),
    "indicators": """
        SELECT indicator COLLATE "C" AS indicator, sum(figures)::bigint AS figures, sum(targets)::bigint AS targets
        FROM (
            SELECT indicator, count(*) AS figures, 0 AS targets FROM query.indicator_values GROUP BY indicator
            UNION ALL
            SELECT indicator, 0, count(*) FROM query.targets GROUP BY indicator
        ) counted
        GROUP BY indicator
    """,
    "submissions": """
        SELECT submission_id, source, simulated, city, feed, period, period_end, action, reason, reference, sequence,
            events, received, parked, recorded_at, completed_at, correlation_id
        FROM rules.submissions
    """,
    "alerts": """
        SELECT alert_id, target_id, area, area_name, city, kind, episode, state, severity, opened_at, opened_period,
            since_period, period, updated_at, closed_at, ground, finding_sequence, finding, acknowledged_at,
            acknowledged_by, simulated,
            ARRAY(SELECT unit ->> 'name' FROM jsonb_array_elements(finding -> 'units') unit) AS units
        FROM alerts.alerts
    """,
    "alert_events": """
        SELECT event_id, alert_id, at, change, state, severity, period, actor, unit, comment, finding_sequence
        FROM alerts.alert_events
    """,
    "notices": """
        SELECT notice_id, alert_id, alert_event_id, unit, role, channel, recipient, cause, state, subject, body_text,
            created_at, attempts, next_attempt_at, sent_at, last_error
        FROM alerts.notices
    """,
}


def upgrade() -> None:
    """Create the views, those that others build on first."""
    for name, select in VIEWS.items():
        op.execute(f"CREATE VIEW query.{name} AS {select}")


def downgrade() -> None:
    """Drop them."""
    for name in reversed(VIEWS):
        op.execute(f"DROP VIEW query.{name}")
