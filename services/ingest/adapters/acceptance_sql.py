"""The statements that accept a submission. `$1`–`$4` are the series: source, city, feed, period."""

STAGING = "staged_rows"
STAGED_COLUMNS = ("row_number", "cell", "area", "edition", "content", "content_hash")

TRY_LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))"
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"

SELECT_ANSWER = (
    "SELECT fingerprint, answer::text FROM ingest.idempotency_keys WHERE key_id = $1 AND idempotency_key = $2"
)
INSERT_ANSWER = """
    INSERT INTO ingest.idempotency_keys (key_id, idempotency_key, fingerprint, submission_id, answer, created_at)
    VALUES ($1, $2, $3, $4, $5::text::jsonb, $6)
"""

CREATE_STAGING = f"""
    CREATE TEMP TABLE {STAGING} (
        row_number integer NOT NULL, cell text NOT NULL, area text NOT NULL, edition smallint NOT NULL,
        content text NOT NULL, content_hash bytea NOT NULL
    ) ON COMMIT DROP
"""
ANALYZE_STAGING = f"ANALYZE {STAGING} (cell)"
JOIN_BY_HASH = "SET LOCAL enable_nestloop TO off"
"""A series just written has no statistics yet: the planner takes it for one row and compares every row with every row."""

_KNOWN = "k.source = $1 AND k.city = $2 AND k.feed = $3 AND k.period = $4"
_STAGED_WITH_KNOWN = f"{STAGING} s LEFT JOIN ingest.known_rows k ON {_KNOWN} AND k.cell = s.cell AND NOT k.removed"
_CHANGED = "k.content_hash <> s.content_hash"
_RESTATED = f"{_CHANGED} AND s.edition <= k.edition"
_LEFT = f"""
    {_KNOWN} AND NOT k.removed AND k.area = ANY ($5::text[])
    AND NOT EXISTS (SELECT FROM {STAGING} s WHERE s.cell = k.cell)
"""

SELECT_KNOWN_AREAS = f"SELECT DISTINCT k.area FROM ingest.known_rows k WHERE {_KNOWN} AND NOT k.removed"
COMPARE = f"""
    SELECT count(*) FILTER (WHERE k.cell IS NULL) AS new,
           count(*) FILTER (WHERE k.content_hash = s.content_hash) AS unchanged,
           count(*) FILTER (WHERE {_CHANGED}) AS changed,
           count(*) FILTER (WHERE {_RESTATED}) AS restated
    FROM {_STAGED_WITH_KNOWN}
"""
COUNT_LEFT = f"SELECT count(*) FROM ingest.known_rows k WHERE {_LEFT}"
LIST_RESTATED = f"SELECT s.row_number, s.cell FROM {_STAGED_WITH_KNOWN} WHERE {_RESTATED} ORDER BY 1 LIMIT $5"
LIST_LEFT = f"SELECT NULL AS row_number, k.cell FROM ingest.known_rows k WHERE {_LEFT} ORDER BY 2 LIMIT $6"

INSERT_SUBMISSION = """
    INSERT INTO ingest.submissions (
        submission_id, key_id, source, source_name, simulated, city, feed, period, period_end, action, reason,
        reference, area, received, accepted, unchanged, restated, removed, warnings, warnings_total, content_type,
        body_sha256, body_bytes, recorded_at, correlation_id, row_events
    ) VALUES (
        $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19::text::jsonb, $20, $21, $22,
        $23, $24, $25, $26
    )
"""
INSERT_ROWS = f"""
    WITH news AS (
        SELECT s.* FROM {_STAGED_WITH_KNOWN} WHERE k.cell IS NULL OR {_CHANGED}
    ), published AS (
        INSERT INTO ingest.submission_rows (submission_id, row_number, cell, content, content_hash)
        SELECT $5, row_number, cell, content, content_hash FROM news ORDER BY row_number
    )
    INSERT INTO ingest.known_rows AS known (
        source, city, feed, period, cell, area, edition, content_hash, submission_id, row_number, removed
    )
    SELECT $1, $2, $3, $4, cell, area, edition, content_hash, $5, row_number, false FROM news
    ON CONFLICT (source, city, feed, period, cell) DO UPDATE SET
        area = excluded.area, edition = excluded.edition, content_hash = excluded.content_hash,
        submission_id = excluded.submission_id, row_number = excluded.row_number, removed = false
"""
REMOVE_LEFT = f"""
    WITH gone AS (
        SELECT k.cell, $7::integer + row_number() OVER (ORDER BY k.cell) AS row_number
        FROM ingest.known_rows k WHERE {_LEFT}
    ), published AS (
        INSERT INTO ingest.submission_rows (submission_id, row_number, cell)
        SELECT $6, row_number, cell FROM gone
    )
    UPDATE ingest.known_rows k SET removed = true, submission_id = $6, row_number = gone.row_number
    FROM gone WHERE {_KNOWN} AND k.cell = gone.cell
"""
