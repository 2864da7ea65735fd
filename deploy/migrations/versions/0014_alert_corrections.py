"""Alerts under corrections: the breach each episode is, deadlines, silence, suspension, and states that retract and make good."""

# ruff: noqa: S608  (only our own names are interpolated)

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_COLUMNS = {
    "until_period": "text",
    "worst": "text",
    "retroactive": "boolean NOT NULL DEFAULT false",
    "breached_on": "date",
    "due_on": "date",
    "stale_since": "text",
    "suspended_until": "date",
    "suspended_by": "text",
    "suspended_unit": "text",
    "suspension_approver": "text",
    "suspension_reason": "text",
    "previous": "text",
}

# A closed alert was left with the periods of what cleared it: its own breach stands in the last finding before.
_BREACH = """
UPDATE alerts.alerts AS alert SET
    since_period = COALESCE(last.finding ->> 'since', alert.since_period),
    until_period = COALESCE(last.finding ->> 'period', alert.period)
FROM alerts.alerts AS same
LEFT JOIN LATERAL (
    SELECT finding FROM alerts.alert_events AS event
    WHERE event.alert_id = same.alert_id AND event.state <> 'closed' AND event.finding ->> 'state' = 'breach'
    ORDER BY event.event_id DESC LIMIT 1
) AS last ON true
WHERE same.alert_id = alert.alert_id
"""

_WORST = """
UPDATE alerts.alerts AS alert SET worst = CASE WHEN severity = 'red' OR EXISTS (
    SELECT FROM alerts.alert_events AS event WHERE event.alert_id = alert.alert_id AND event.severity = 'red'
) THEN 'red' ELSE 'yellow' END
"""

_LAST_MONTH = """
CASE WHEN since_period LIKE '%Q%' THEN 3 * right(since_period, 1)::integer
    WHEN since_period LIKE '%/P2M' THEN 2
    WHEN length(since_period) = 4 THEN 12
    ELSE right(since_period, 2)::integer END
"""
_BREACHED_ON = f"""
UPDATE alerts.alerts
SET breached_on = (make_date(left(since_period, 4)::integer, {_LAST_MONTH}, 1) + interval '1 month - 1 day')::date
"""

_PREVIOUS = """
UPDATE alerts.alerts AS alert SET previous = before.alert_id FROM alerts.alerts AS before
WHERE (before.target_id, before.area, before.kind, before.episode)
    = (alert.target_id, alert.area, alert.kind, alert.episode - 1)
"""

# What earlier entries of the history could not say is said as it is known now, for those that read alerts from it.
_SNAPSHOTS = f"""
UPDATE alerts.alert_events AS event SET snapshot = event.snapshot || (
    SELECT jsonb_object_agg(key, value) FROM jsonb_each(to_jsonb(alert)) WHERE key IN ({", ".join(f"'{name}'" for name in _COLUMNS)})
) || jsonb_build_object('since_period', alert.since_period)
FROM alerts.alerts AS alert WHERE alert.alert_id = event.alert_id
"""

_ENDED = "state IN ('closed', 'made_good', 'retracted')"
_ACTIVE = "state IN ('open', 'acknowledged', 'suspended')"


def _rules(*, ended: str, active: str) -> None:
    op.execute("DROP INDEX alerts.alerts_one_open")
    op.execute("ALTER TABLE alerts.alerts DROP CONSTRAINT alerts_check")
    op.execute(
        f"ALTER TABLE alerts.alerts ADD CONSTRAINT alerts_check"
        f" CHECK (({ended}) = (closed_at IS NOT NULL AND ground IS NOT NULL))"
    )
    op.execute(f"CREATE UNIQUE INDEX alerts_one_open ON alerts.alerts (target_id, area, kind) WHERE {active}")


def upgrade() -> None:
    """Add the columns, fill them from the history, and let alerts end in three ways."""
    for name, kind in _COLUMNS.items():
        op.execute(f"ALTER TABLE alerts.alerts ADD COLUMN {name} {kind}")
    for statement in (_BREACH, _WORST, _BREACHED_ON, _PREVIOUS, _SNAPSHOTS):
        op.execute(statement)
    _rules(ended=_ENDED, active=_ACTIVE)
    op.execute("CREATE INDEX alerts_suspended ON alerts.alerts (suspended_until, alert_id) WHERE state = 'suspended'")


def downgrade() -> None:
    """Go back to open, acknowledged and closed: what ended in another way is closed, what rests is open or acknowledged."""
    op.execute("DROP INDEX alerts.alerts_suspended")
    for table in ("alerts", "alert_events"):
        op.execute(f"UPDATE alerts.{table} SET state = 'closed' WHERE state IN ('made_good', 'retracted')")
    op.execute("UPDATE alerts.alerts SET ground = 'data_recovered' WHERE ground = 'data_corrected'")
    op.execute(
        "UPDATE alerts.alerts SET state = CASE WHEN acknowledged_at IS NULL THEN 'open' ELSE 'acknowledged' END"
        " WHERE state = 'suspended'"
    )
    op.execute("UPDATE alerts.alert_events SET state = 'open' WHERE state = 'suspended'")
    op.execute("UPDATE alerts.alert_events SET snapshot = (snapshot || jsonb_build_object('state', state))")
    names = ", ".join(f"'{name}'" for name in _COLUMNS)
    op.execute(f"UPDATE alerts.alert_events SET snapshot = snapshot - ARRAY[{names}]")
    _rules(ended="state = 'closed'", active="state <> 'closed'")
    for name in _COLUMNS:
        op.execute(f"ALTER TABLE alerts.alerts DROP COLUMN {name}")
