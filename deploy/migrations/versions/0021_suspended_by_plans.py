"""Alerts know the next day on which their plan begins to suspend the target."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep the day, and find it at once among the alerts that wait for it."""
    op.execute("ALTER TABLE alerts.alerts ADD COLUMN suspended_from date")
    op.execute(
        "CREATE INDEX alerts_to_suspend ON alerts.alerts (suspended_from)"
        " WHERE suspended_from IS NOT NULL AND state IN ('open', 'acknowledged')"
    )


def downgrade() -> None:
    """Forget the day, and with it the index."""
    op.execute("ALTER TABLE alerts.alerts DROP COLUMN suspended_from")
