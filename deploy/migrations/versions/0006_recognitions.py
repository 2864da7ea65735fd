"""Titles granted to firms: the versions rules keeps, and the view query reads."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_VERSIONS = """
    CREATE TABLE rules.recognition_versions (
        submission_id text NOT NULL,
        row_number integer NOT NULL,
        source text NOT NULL,
        city text NOT NULL,
        period text NOT NULL,
        period_end date NOT NULL,
        sequence bigint NOT NULL,
        recorded_at timestamptz NOT NULL,
        removed boolean NOT NULL,
        uscc text NOT NULL,
        kind text NOT NULL,
        batch text NOT NULL,
        level text,
        granted_on date,
        area text,
        name text,
        revoked_on date,
        PRIMARY KEY (submission_id, row_number)
    )
"""

# The newest version of every title that was not removed, of complete submissions alone: what is judged.
_CURRENT = """
    CREATE VIEW query.recognitions AS
    SELECT v.uscc, v.kind, v.batch, v.city, v.period, v.period_end, v.sequence, v.source, v.submission_id, v.row_number,
        v.recorded_at, v.level, v.granted_on, v.area, v.name, v.revoked_on, COALESCE(s.simulated, false) AS simulated
    FROM rules.recognition_versions v JOIN rules.submissions s ON s.submission_id = v.submission_id
    WHERE NOT v.removed AND s.completed_at IS NOT NULL
      AND NOT EXISTS (
        SELECT FROM rules.recognition_versions n JOIN rules.submissions m ON m.submission_id = n.submission_id
        WHERE n.uscc = v.uscc AND n.kind = v.kind AND n.batch = v.batch
          AND (n.sequence, n.row_number) > (v.sequence, v.row_number) AND m.completed_at IS NOT NULL
      )
"""


def upgrade() -> None:
    """Create table and view; the privileges of both roles follow from the defaults of their schemas."""
    op.execute(_VERSIONS)
    op.execute("CREATE INDEX recognition_versions_cell ON rules.recognition_versions (uscc, kind, batch, sequence)")
    op.execute("CREATE INDEX recognition_versions_granted ON rules.recognition_versions (city, kind, granted_on)")
    op.execute(_CURRENT)


def downgrade() -> None:
    """Drop both."""
    op.execute("DROP VIEW query.recognitions")
    op.execute("DROP TABLE rules.recognition_versions")
