"""Forecasts of targets as they are stated, append-only."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_FORECASTS = """
    CREATE TABLE rules.forecasts (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        target_id text NOT NULL,
        target_version integer NOT NULL,
        area text NOT NULL,
        city text NOT NULL,
        period text NOT NULL,
        period_end date NOT NULL,
        recorded_at timestamptz NOT NULL,
        horizon text NOT NULL,
        point numeric,
        low numeric,
        high numeric,
        probability numeric,
        method text,
        points integer NOT NULL,
        reason jsonb,
        fingerprint text NOT NULL,
        correlation_id text NOT NULL,
        CHECK ((point IS NULL) = (reason IS NOT NULL))
    )
"""


def upgrade() -> None:
    """Create the table; the role's rights come from the schema's default privileges."""
    op.execute(_FORECASTS)
    op.execute("CREATE INDEX forecasts_current ON rules.forecasts (city, target_id, sequence DESC)")


def downgrade() -> None:
    """Forget what was foreseen."""
    op.execute("DROP TABLE rules.forecasts")
