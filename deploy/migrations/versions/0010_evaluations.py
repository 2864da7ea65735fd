"""The journal of evaluations: in which order cities were evaluated, why, and the instant of all that followed.

A submission is complete for readers from the instant of the round that first evaluated it.
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_UP = (
    "CREATE SEQUENCE rules.evaluation_rounds",
    """
    CREATE TABLE rules.evaluations (
        round bigint NOT NULL,
        city text NOT NULL,
        at timestamptz NOT NULL,
        cause text NOT NULL,
        subjects text[] NOT NULL,
        correlation_id text NOT NULL,
        PRIMARY KEY (round, city)
    )
    """,
    "CREATE INDEX evaluations_of_city ON rules.evaluations (city, at)",
    "DROP INDEX rules.submissions_complete",
    "CREATE INDEX submissions_complete ON rules.submissions (city, period) WHERE completed_at IS NOT NULL",
)

_DOWN = (
    "DROP INDEX rules.submissions_complete",
    "CREATE INDEX submissions_complete ON rules.submissions (city) WHERE completed_at IS NOT NULL",
    "DROP TABLE rules.evaluations",
    "DROP SEQUENCE rules.evaluation_rounds",
)


def upgrade() -> None:
    """Create the journal; the role's rights come from the schema's default privileges."""
    for statement in _UP:
        op.execute(statement)


def downgrade() -> None:
    """Forget the order."""
    for statement in _DOWN:
        op.execute(statement)
