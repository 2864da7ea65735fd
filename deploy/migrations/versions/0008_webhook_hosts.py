"""The address of a webhook often holds its key (WeCom, DingTalk, Feishu): readers see its host alone."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_NOTICES = """
CREATE OR REPLACE VIEW query.notices AS
SELECT notice_id, alert_id, alert_event_id, unit, role, channel, {recipient} AS recipient, cause, state, subject,
    body_text, created_at, attempts, next_attempt_at, sent_at, last_error
FROM alerts.notices
"""

_HOST = """
CASE channel WHEN 'webhook' THEN regexp_replace(recipient, '^(https?://)([^/?#]*@)?([^/?#]*).*$', '\\1\\3')
    ELSE recipient END
"""


def upgrade() -> None:
    """Show the host of a webhook, without user and path."""
    op.execute(_NOTICES.format(recipient=_HOST))


def downgrade() -> None:
    """Show addresses whole again."""
    op.execute(_NOTICES.format(recipient="recipient"))
