"""Verdicts keep what they were judged from, exactly, and the arithmetic step by step.

Verdicts of before have neither: `evidence` is null there.
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.execute("ALTER TABLE rules.verdicts ADD COLUMN evidence jsonb")
    op.execute("ALTER TABLE rules.verdicts ADD COLUMN steps jsonb NOT NULL DEFAULT '[]'")


def downgrade() -> None:
    """Forget both."""
    op.execute("ALTER TABLE rules.verdicts DROP COLUMN steps")
    op.execute("ALTER TABLE rules.verdicts DROP COLUMN evidence")
