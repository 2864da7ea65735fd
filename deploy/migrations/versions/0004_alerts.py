"""alerts: alerts with their history, notices, disabled endpoints, the outbox and parked messages."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TABLES = (
    """
    CREATE TABLE alerts.alerts (
        alert_id text PRIMARY KEY,
        target_id text NOT NULL,
        area text NOT NULL,
        area_name text NOT NULL,
        city text NOT NULL,
        kind text NOT NULL,
        episode integer NOT NULL,
        state text NOT NULL,
        severity text NOT NULL,
        opened_at timestamptz NOT NULL,
        opened_period text NOT NULL,
        since_period text NOT NULL,
        period text NOT NULL,
        updated_at timestamptz NOT NULL,
        closed_at timestamptz,
        ground text,
        finding_sequence bigint NOT NULL,
        finding jsonb NOT NULL,
        acknowledged_at timestamptz,
        acknowledged_by text,
        simulated boolean NOT NULL,
        CHECK ((state = 'closed') = (closed_at IS NOT NULL AND ground IS NOT NULL)),
        UNIQUE (target_id, area, kind, episode)
    )
    """,
    # One open alert per target × area × kind, whatever the code does.
    "CREATE UNIQUE INDEX alerts_one_open ON alerts.alerts (target_id, area, kind) WHERE state <> 'closed'",
    "CREATE INDEX alerts_of_city ON alerts.alerts (city, opened_at, alert_id)",
    """
    CREATE TABLE alerts.alert_events (
        event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        alert_id text NOT NULL REFERENCES alerts.alerts,
        at timestamptz NOT NULL,
        change text NOT NULL,
        state text NOT NULL,
        severity text NOT NULL,
        period text NOT NULL,
        actor text,
        unit text,
        comment text,
        finding_sequence bigint NOT NULL,
        finding jsonb,
        correlation_id text NOT NULL
    )
    """,
    "CREATE INDEX alert_events_of_alert ON alerts.alert_events (alert_id, event_id)",
    """
    CREATE TABLE alerts.finding_states (
        target_id text NOT NULL,
        area text NOT NULL,
        kind text NOT NULL,
        sequence bigint,
        updated_at timestamptz,
        PRIMARY KEY (target_id, area, kind)
    )
    """,
    """
    CREATE TABLE alerts.notices (
        notice_id text PRIMARY KEY,
        alert_id text NOT NULL REFERENCES alerts.alerts,
        alert_event_id bigint NOT NULL REFERENCES alerts.alert_events,
        thread text NOT NULL,
        unit text NOT NULL,
        role text NOT NULL,
        channel text NOT NULL,
        recipient text NOT NULL,
        cause text NOT NULL,
        state text NOT NULL,
        subject text NOT NULL,
        body_text text NOT NULL,
        body_html text,
        payload jsonb,
        message_id text NOT NULL,
        created_at timestamptz NOT NULL,
        queued_at timestamptz NOT NULL,
        attempts integer NOT NULL DEFAULT 0,
        next_attempt_at timestamptz,
        claimed_until timestamptz,
        sent_at timestamptz,
        last_error text,
        correlation_id text NOT NULL,
        CHECK ((state = 'queued') = (next_attempt_at IS NOT NULL)),
        CHECK ((state = 'sent') = (sent_at IS NOT NULL))
    )
    """,
    "CREATE INDEX notices_due ON alerts.notices (channel, next_attempt_at, notice_id) WHERE state = 'queued'",
    "CREATE INDEX notices_waiting_in_thread ON alerts.notices (thread, channel, recipient, alert_event_id) WHERE state = 'queued'",
    "CREATE INDEX notices_of_alert ON alerts.notices (alert_id, alert_event_id)",
    "CREATE INDEX notices_by_state ON alerts.notices (state, channel)",
    """
    CREATE TABLE alerts.disabled_endpoints (
        channel text NOT NULL,
        recipient text NOT NULL,
        disabled_at timestamptz NOT NULL,
        reason text NOT NULL,
        PRIMARY KEY (channel, recipient)
    )
    """,
    """
    CREATE TABLE alerts.outbox (
        position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        topic text NOT NULL,
        key text NOT NULL,
        headers jsonb NOT NULL,
        body text NOT NULL,
        recorded_at timestamptz NOT NULL,
        published_at timestamptz
    )
    """,
    "CREATE INDEX outbox_waiting ON alerts.outbox (position) WHERE published_at IS NULL",
    """
    CREATE TABLE alerts.parked_messages (
        parked_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        topic text NOT NULL,
        partition integer NOT NULL,
        message_offset bigint NOT NULL,
        key bytea,
        value bytea NOT NULL,
        headers jsonb NOT NULL,
        reason text NOT NULL,
        parked_at timestamptz NOT NULL,
        resent_at timestamptz,
        UNIQUE (topic, partition, message_offset)
    )
    """,
)


def upgrade() -> None:
    """Create the tables; the role's rights come from the schema's default privileges."""
    for statement in _TABLES:
        op.execute(statement)


def downgrade() -> None:
    """Drop the tables."""
    for table in (
        "parked_messages",
        "outbox",
        "disabled_endpoints",
        "notices",
        "finding_states",
        "alert_events",
        "alerts",
    ):
        op.execute(f"DROP TABLE alerts.{table}")
