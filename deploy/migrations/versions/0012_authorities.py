"""The ranks of authorities: whose figure governs where sources differ."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_AUTHORITIES = """
    CREATE TABLE rules.authorities (
        version integer NOT NULL,
        place integer NOT NULL,
        pattern text NOT NULL,
        rank integer NOT NULL,
        name_zh text NOT NULL,
        name_en text NOT NULL,
        note text NOT NULL,
        recorded_at timestamptz NOT NULL,
        PRIMARY KEY (version, place)
    )
"""


def upgrade() -> None:
    """Create the table; rules fills it at its start."""
    op.execute(_AUTHORITIES)


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP TABLE rules.authorities")
