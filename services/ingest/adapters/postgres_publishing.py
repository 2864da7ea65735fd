"""The publisher's side of the tables: what waits, in order, and how far it is on the log."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from services.ingest.adapters.postgres_errors import store_errors
from services.ingest.application.ports import Backlog, PendingSubmission, Progress, PublishableRow
from shared.adapters.postgres import SessionFactory, raw_connection

if TYPE_CHECKING:
    import asyncpg

_CLAIM = "SELECT pg_try_advisory_xact_lock(hashtextextended('ingest.publisher', 0))"
_IN_EFFECT = """
    ingest.submissions LEFT JOIN ingest.held_submissions h USING (submission_id)
    WHERE published_at IS NULL AND (h.submission_id IS NULL OR h.verb = 'released')
"""
_PENDING = f"""
    WITH waiting AS (
        SELECT submission_id, sequence, source, key_id, simulated, city, feed, period, action, reason, reference, row_events,
               published_row, coalesce(h.decided_at, recorded_at) AS recorded_at, correlation_id,
               row_events - published_events AS left_over
        FROM {_IN_EFFECT}
    ), oldest AS (
        SELECT * FROM waiting ORDER BY sequence LIMIT ($1::integer + 1) / 2
    ), shortest AS (
        SELECT * FROM waiting WHERE sequence NOT IN (SELECT sequence FROM oldest)
        ORDER BY left_over, sequence LIMIT $1::integer / 2
    )
    SELECT submission_id, sequence, chosen.source, authority, chosen.simulated, chosen.city, feed, period, action, reason,
           reference, row_events, published_row, recorded_at, correlation_id
    FROM (SELECT * FROM oldest UNION ALL SELECT * FROM shortest) chosen JOIN ingest.api_keys USING (key_id)
    ORDER BY sequence
"""
_ROWS = """
    SELECT row_number, cell, content FROM ingest.submission_rows
    WHERE submission_id = $1 AND row_number > $2 ORDER BY row_number LIMIT $3
"""
_MARK = """
    UPDATE ingest.submissions SET
        published_row = $2, published_events = published_events + $3,
        published_at = CASE WHEN $4 THEN $5::timestamptz END
    WHERE submission_id = $1
"""
_BACKLOG = f"""
    SELECT coalesce(sum(row_events - published_events), 0)::bigint AS events,
           min(coalesce(h.decided_at, recorded_at)) AS oldest_at
    FROM {_IN_EFFECT}
"""
_HELD = "SELECT count(*) AS held, min(held_at) AS since FROM ingest.held_submissions WHERE verb IS NULL"


class PostgresPublishQueue:
    """Opens rounds (a `PublishQueue`); an advisory lock lets one replica publish at a time."""

    def __init__(self, sessions: SessionFactory) -> None:
        self._sessions = sessions

    @asynccontextmanager
    async def begin_round(self) -> AsyncIterator["PostgresPublishRound | None"]:
        """Open a round, None while another replica holds one; it is committed unless an error leaves it."""
        with store_errors():
            async with self._sessions.begin() as session:
                connection = await raw_connection(session)
                is_claimed = await connection.fetchval(_CLAIM)
                yield PostgresPublishRound(connection) if is_claimed else None


class PostgresPublishRound:
    """One round (a `PublishRound`)."""

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._connection = connection

    async def list_pending(self, limit: int) -> Sequence[PendingSubmission]:
        """Return unpublished submissions, the oldest and the shortest, lowest sequence first."""
        return [PendingSubmission(**dict(row)) for row in await self._connection.fetch(_PENDING, limit)]

    async def read_rows(self, submission: PendingSubmission, limit: int) -> Sequence[PublishableRow]:
        """Return the next rows after `published_row`, in order."""
        rows = await self._connection.fetch(_ROWS, submission.submission_id, submission.published_row, limit)
        return [PublishableRow(row, cell, content) for row, cell, content in rows]

    async def mark(self, progress: Sequence[Progress], at: datetime) -> None:
        """Note what the log has acknowledged."""
        await self._connection.executemany(
            _MARK, [(step.submission.submission_id, step.row, step.events, step.is_complete, at) for step in progress]
        )

    async def backlog(self) -> Backlog:
        """Return what waits."""
        row, held = await self._connection.fetchrow(_BACKLOG), await self._connection.fetchrow(_HELD)
        if row is None or held is None:
            raise AssertionError("an aggregate always answers")
        return Backlog(row["events"], row["oldest_at"], held["held"], held["since"])
