"""Schema ingest: keys, submissions with their bytes and changed rows, the last known rows, idempotency answers."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("idempotency_keys", "known_rows", "submission_rows", "submission_chunks", "submissions", "api_keys")


def upgrade() -> None:
    """Create the tables.

    submission_rows and known_rows have no foreign keys: both are written in bulk in the transaction that writes
    their submission, and nothing is ever deleted.
    """
    op.execute(
        """
        CREATE TABLE ingest.api_keys (
            key_id text PRIMARY KEY,
            secret_sha256 bytea NOT NULL UNIQUE,
            source text NOT NULL,
            name text NOT NULL,
            simulated boolean NOT NULL,
            authority text,
            city text NOT NULL,
            feeds text[] NOT NULL,
            created_at timestamptz NOT NULL,
            revoked_at timestamptz
        )
        """
    )
    op.execute(
        """
        CREATE TABLE ingest.submissions (
            submission_id text PRIMARY KEY,
            sequence bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
            key_id text NOT NULL REFERENCES ingest.api_keys,
            source text NOT NULL,
            source_name text NOT NULL,
            simulated boolean NOT NULL,
            city text NOT NULL,
            feed text NOT NULL,
            period text NOT NULL,
            period_end date NOT NULL,
            action text NOT NULL,
            reason text,
            reference text,
            area text,
            received integer NOT NULL,
            accepted integer NOT NULL,
            unchanged integer NOT NULL,
            restated integer NOT NULL,
            removed integer NOT NULL,
            warnings jsonb NOT NULL,
            warnings_total integer NOT NULL,
            content_type text NOT NULL,
            body_sha256 bytea NOT NULL,
            body_bytes bigint NOT NULL,
            recorded_at timestamptz NOT NULL,
            correlation_id text NOT NULL,
            row_events integer NOT NULL,
            published_events integer NOT NULL DEFAULT 0,
            published_row integer NOT NULL DEFAULT 0,
            published_at timestamptz
        )
        """
    )
    op.execute("CREATE INDEX submissions_unpublished ON ingest.submissions (sequence) WHERE published_at IS NULL")
    op.execute("CREATE INDEX submissions_of_source ON ingest.submissions (source, city, sequence)")
    op.execute("CREATE INDEX submissions_newest ON ingest.submissions (city, feed, period_end)")
    op.execute(
        """
        CREATE TABLE ingest.submission_chunks (
            submission_id text NOT NULL REFERENCES ingest.submissions,
            ordinal integer NOT NULL,
            compressed bytea NOT NULL,
            PRIMARY KEY (submission_id, ordinal)
        )
        """
    )
    op.execute("ALTER TABLE ingest.submission_chunks ALTER COLUMN compressed SET STORAGE EXTERNAL")
    op.execute(
        """
        CREATE TABLE ingest.submission_rows (
            submission_id text NOT NULL,
            row_number integer NOT NULL,
            cell text NOT NULL,
            content text,
            content_hash bytea,
            PRIMARY KEY (submission_id, row_number)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE ingest.known_rows (
            source text NOT NULL,
            city text NOT NULL,
            feed text NOT NULL,
            period text NOT NULL,
            cell text NOT NULL,
            area text NOT NULL,
            edition smallint NOT NULL,
            content_hash bytea NOT NULL,
            submission_id text NOT NULL,
            row_number integer NOT NULL,
            removed boolean NOT NULL,
            PRIMARY KEY (source, city, feed, period, cell)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE ingest.idempotency_keys (
            key_id text NOT NULL REFERENCES ingest.api_keys,
            idempotency_key text NOT NULL,
            fingerprint bytea NOT NULL,
            submission_id text NOT NULL REFERENCES ingest.submissions,
            answer jsonb NOT NULL,
            created_at timestamptz NOT NULL,
            PRIMARY KEY (key_id, idempotency_key)
        )
        """
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in TABLES:
        op.execute(f"DROP TABLE ingest.{table}")
