"""The statements that compare rows with what is known and write them. `$1`–`$4` are the series: source, city, feed, period."""

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
_NOT_STAGED = f"NOT EXISTS (SELECT FROM {STAGING} s WHERE s.cell = k.cell)"
_MISSING = f"k.area = ANY ($5::text[]) AND k.sequence < $6::bigint AND {_NOT_STAGED}"
_LEFT = f"{_KNOWN} AND NOT k.removed AND {_MISSING}"
"""A replacement takes out what submissions before it said ($6 is its sequence), not what a later one did."""

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
LIST_LEFT = f"SELECT NULL AS row_number, k.cell FROM ingest.known_rows k WHERE {_LEFT} ORDER BY 2 LIMIT $7"

COUNT_KNOWN = f"SELECT count(*) FROM ingest.known_rows k WHERE {_KNOWN} AND NOT k.removed"
SELECT_KNOWN_SUBMISSIONS = f"SELECT DISTINCT k.submission_id FROM ingest.known_rows k WHERE {_KNOWN} AND NOT k.removed"
"""Few, and naming them keeps the join with the rows of all submissions on its index."""
_AMOUNTS = f"""
    WITH known AS MATERIALIZED (
        SELECT k.cell, k.area, k.edition, k.sequence, k.content_hash,
               coalesce((r.content::jsonb ->> $7::text)::numeric, 0) AS amount
        FROM ingest.known_rows k JOIN ingest.submission_rows r USING (submission_id, row_number)
        WHERE {_KNOWN} AND NOT k.removed AND r.submission_id = ANY ($8::text[])
    ), restated AS (
        SELECT k.cell, abs(k.amount) AS known,
               abs(coalesce((s.content::jsonb ->> $7::text)::numeric, 0) - k.amount) AS changed
        FROM {STAGING} s JOIN known k ON k.cell = s.cell WHERE {_RESTATED}
        UNION ALL
        SELECT k.cell, abs(k.amount), abs(k.amount) FROM known k WHERE {_MISSING}
    )
"""
"""The main amount ($7) of every known row, and by how much it changes; a row without one counts as zero."""
SUM_AMOUNTS = f"""
    {_AMOUNTS}
    SELECT (SELECT coalesce(sum(abs(amount)), 0) FROM known) AS known_value, coalesce(sum(changed), 0) AS changed_value
    FROM restated
"""
LARGEST_AMOUNT = f"""
    {_AMOUNTS}
    SELECT known AS known_value, changed AS changed_value, cell FROM restated WHERE changed > 0
    ORDER BY CASE WHEN known = 0 THEN 'Infinity'::numeric ELSE changed / known END DESC, cell LIMIT 1
"""

INSERT_SUBMISSION = """
    INSERT INTO ingest.submissions (
        submission_id, key_id, source, source_name, simulated, city, feed, period, period_end, action, reason,
        reference, area, received, accepted, unchanged, restated, removed, warnings, warnings_total, content_type,
        body_sha256, body_bytes, recorded_at, correlation_id, row_events
    ) VALUES (
        $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19::text::jsonb, $20, $21, $22,
        $23, $24, $25, $26
    ) RETURNING sequence
"""
INSERT_ROWS = f"""
    WITH news AS (
        SELECT s.* FROM {_STAGED_WITH_KNOWN} WHERE k.cell IS NULL OR {_CHANGED}
    ), published AS (
        INSERT INTO ingest.submission_rows (submission_id, row_number, cell, content, content_hash)
        SELECT $5, row_number, cell, content, content_hash FROM news ORDER BY row_number
    )
    INSERT INTO ingest.known_rows AS known (
        source, city, feed, period, cell, area, edition, content_hash, submission_id, row_number, removed, sequence
    )
    SELECT $1, $2, $3, $4, cell, area, edition, content_hash, $5, row_number, false, $6 FROM news
    ON CONFLICT (source, city, feed, period, cell) DO UPDATE SET
        area = excluded.area, edition = excluded.edition, content_hash = excluded.content_hash,
        submission_id = excluded.submission_id, row_number = excluded.row_number, removed = false,
        sequence = excluded.sequence
"""
REMOVE_LEFT = f"""
    WITH gone AS (
        SELECT k.cell, $8::integer + row_number() OVER (ORDER BY k.cell) AS row_number
        FROM ingest.known_rows k WHERE {_LEFT}
    ), published AS (
        INSERT INTO ingest.submission_rows (submission_id, row_number, cell)
        SELECT $7, row_number, cell FROM gone
    )
    UPDATE ingest.known_rows k SET removed = true, submission_id = $7, row_number = gone.row_number, sequence = $6
    FROM gone WHERE {_KNOWN} AND k.cell = gone.cell
"""
CONFIRM_NAMED = f"""
    UPDATE ingest.known_rows k SET sequence = $5 FROM {STAGING} s
    WHERE {_KNOWN} AND k.cell = s.cell AND k.sequence < $5
"""
"""An identical row has named its cell too: what is held of an earlier submission must not overtake it."""

_OF_SERIES = "s.source = $1 AND s.city = $2 AND s.feed = $3 AND s.period = $4"
IS_ANY_HELD = f"""
    SELECT EXISTS (
        SELECT FROM ingest.held_submissions h JOIN ingest.submissions s USING (submission_id)
        WHERE h.verb IS NULL AND {_OF_SERIES}
    )
"""
INSERT_HELD = """
    INSERT INTO ingest.held_submissions (submission_id, figures, held_at) VALUES ($1, $2::text::jsonb, $3)
"""
INSERT_HELD_ROWS = f"""
    INSERT INTO ingest.held_rows (submission_id, {", ".join(STAGED_COLUMNS)})
    SELECT $1, {", ".join(STAGED_COLUMNS)} FROM {STAGING} ORDER BY row_number
"""
STAGE_HELD_ROWS = f"""
    INSERT INTO {STAGING} ({", ".join(STAGED_COLUMNS)})
    SELECT {", ".join(STAGED_COLUMNS)} FROM ingest.held_rows WHERE submission_id = $1
"""
SELECT_STAGED_AREAS = f"SELECT DISTINCT area FROM {STAGING}"
DROP_SPOKEN_OF = f"""
    DELETE FROM {STAGING} s WHERE s.area = ANY ($6::text[])
    OR EXISTS (SELECT FROM ingest.known_rows k WHERE {_KNOWN} AND k.cell = s.cell AND k.sequence > $5)
"""
SELECT_REPLACED_SINCE = f"""
    SELECT DISTINCT s.area FROM ingest.submissions s LEFT JOIN ingest.held_submissions h USING (submission_id)
    WHERE {_OF_SERIES} AND s.sequence > $5 AND s.action = 'replace'
    AND (h.submission_id IS NULL OR h.verb = 'released')
"""
SELECT_FOR_DECISION = """
    SELECT s.submission_id, s.sequence, s.key_id, s.source, s.city, s.feed, s.period, s.action, s.area, s.received,
           h.submission_id IS NOT NULL AS is_held, h.verb, h.decided_by, h.comment, h.decided_key_id, h.decided_at,
           h.events
    FROM ingest.submissions s LEFT JOIN ingest.held_submissions h USING (submission_id)
    WHERE s.submission_id = $1 AND s.city = $2
"""
DECIDE = """
    UPDATE ingest.held_submissions SET
        verb = $2, decided_by = $3, comment = $4, decided_key_id = $5, decided_at = $6, events = $7
    WHERE submission_id = $1
"""
SET_ROW_EVENTS = "UPDATE ingest.submissions SET row_events = $2 WHERE submission_id = $1"
