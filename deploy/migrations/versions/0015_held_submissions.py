"""Large restatements wait for a second person: what is held, its rows, who decided; and which key may decide."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# Every known row was last named by the submission that it came from, as far as was noted until now.
_FILL_SEQUENCE = """
    UPDATE ingest.known_rows k SET sequence = s.sequence FROM ingest.submissions s WHERE s.submission_id = k.submission_id
"""


def upgrade() -> None:
    """Create the tables of what is held, and note the place of the last submission that named a known row."""
    op.execute("ALTER TABLE ingest.api_keys ADD COLUMN may_release boolean NOT NULL DEFAULT false")
    op.execute("ALTER TABLE ingest.known_rows ADD COLUMN sequence bigint")
    op.execute(_FILL_SEQUENCE)
    op.execute("ALTER TABLE ingest.known_rows ALTER COLUMN sequence SET NOT NULL")
    op.execute(
        """
        CREATE TABLE ingest.held_submissions (
            submission_id text PRIMARY KEY REFERENCES ingest.submissions,
            figures jsonb NOT NULL,
            held_at timestamptz NOT NULL,
            verb text CHECK (verb IN ('released', 'withdrawn')),
            decided_by text,
            comment text,
            decided_key_id text REFERENCES ingest.api_keys,
            decided_at timestamptz,
            events integer,
            CHECK ((verb IS NULL) = (decided_at IS NULL))
        )
        """
    )
    op.execute("CREATE INDEX held_submissions_waiting ON ingest.held_submissions (held_at) WHERE verb IS NULL")
    op.execute(
        """
        CREATE TABLE ingest.held_rows (
            submission_id text NOT NULL,
            row_number integer NOT NULL,
            cell text NOT NULL,
            area text NOT NULL,
            edition smallint NOT NULL,
            content text NOT NULL,
            content_hash bytea NOT NULL,
            PRIMARY KEY (submission_id, row_number)
        )
        """
    )


def downgrade() -> None:
    """Forget that submissions can wait.

    The publisher of the older schema would send what is held: what was not released is marked as done with nothing sent,
    and stays on record with its file. What was released and is still to be sent keeps the instant of its release.
    """
    op.execute(
        """
        UPDATE ingest.submissions s SET published_at = s.recorded_at, row_events = 0 FROM ingest.held_submissions h
        WHERE h.submission_id = s.submission_id AND h.verb IS DISTINCT FROM 'released'
        """
    )
    op.execute(
        """
        UPDATE ingest.submissions s SET recorded_at = h.decided_at FROM ingest.held_submissions h
        WHERE h.submission_id = s.submission_id AND h.verb = 'released' AND s.published_at IS NULL
        """
    )
    op.execute("DROP TABLE ingest.held_rows")
    op.execute("DROP TABLE ingest.held_submissions")
    op.execute("ALTER TABLE ingest.known_rows DROP COLUMN sequence")
    op.execute("ALTER TABLE ingest.api_keys DROP COLUMN may_release")
