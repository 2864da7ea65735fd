"""Every entry of an alert's history holds the alert as it stood after it: what was known at any instant can be read again."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# Of entries written before, the alert's row as it is now, with what the entry itself says of state and severity.
_BACKFILL = """
UPDATE alerts.alert_events AS event
SET snapshot = to_jsonb(alert) || jsonb_build_object('state', event.state, 'severity', event.severity, 'period', event.period,
    'updated_at', event.at, 'finding_sequence', event.finding_sequence,
    'closed_at', CASE WHEN event.state = 'closed' THEN alert.closed_at END,
    'ground', CASE WHEN event.state = 'closed' THEN alert.ground END)
FROM alerts.alerts AS alert WHERE alert.alert_id = event.alert_id
"""


def upgrade() -> None:
    """Add the column and fill it."""
    op.execute("ALTER TABLE alerts.alert_events ADD COLUMN snapshot jsonb")
    op.execute(_BACKFILL)
    op.execute("ALTER TABLE alerts.alert_events ALTER COLUMN snapshot SET NOT NULL")


def downgrade() -> None:
    """Forget how alerts stood."""
    op.execute("ALTER TABLE alerts.alert_events DROP COLUMN snapshot")
