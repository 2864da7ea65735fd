"""The last tick of a city is found at once among its many rounds."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index the ticks alone."""
    op.execute("CREATE INDEX evaluations_ticks ON rules.evaluations (city, at DESC) WHERE cause = 'tick'")


def downgrade() -> None:
    """Forget the index."""
    op.execute("DROP INDEX rules.evaluations_ticks")
