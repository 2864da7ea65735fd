"""What arrives, kept in PostgreSQL: rows in bulk (COPY into staging, one INSERT), submissions with their counts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeAlias

import asyncpg

from services.rules.adapters.row_records import SHAPES, records_of
from services.rules.application.ports import Settled
from services.rules.domain.feed import Feed
from services.rules.domain.ledger import Announcement, Submission
from services.rules.domain.rows import FeedRow, Origin, feed_of
from shared.adapters.postgres import copy_to_staging
from shared.kernel.period import Period

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

_COUNT = """
INSERT INTO rules.submissions AS known (submission_id, source, city, feed, period, period_end, sequence, received,
                                        parked, recorded_at, correlation_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10)
ON CONFLICT (submission_id) DO UPDATE SET received = known.received + excluded.received
"""

_ANNOUNCE = """
INSERT INTO rules.submissions AS known (submission_id, source, authority, simulated, city, feed, period, period_end, action,
                                        reason, reference, sequence, events, received, parked, recorded_at, correlation_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, 0, $14, $15)
ON CONFLICT (submission_id) DO UPDATE
SET authority = excluded.authority, simulated = excluded.simulated, action = excluded.action, reason = excluded.reason,
    reference = excluded.reference, events = excluded.events
WHERE known.events IS NULL
RETURNING submission_id
"""

_FORGET_PARKED = """
DELETE FROM rules.parked_rows AS parked USING {table} AS known
WHERE parked.submission_id = ANY($1) AND known.submission_id = parked.submission_id
  AND known.row_number = parked.row_number
RETURNING parked.submission_id, parked.row_number
"""

_PARK = """
INSERT INTO rules.parked_rows (submission_id, row_number)
SELECT $1, $2
WHERE NOT EXISTS (SELECT FROM rules.enterprise_versions WHERE submission_id = $1 AND row_number = $2)
  AND NOT EXISTS (SELECT FROM rules.project_versions WHERE submission_id = $1 AND row_number = $2)
  AND NOT EXISTS (SELECT FROM rules.rating_versions WHERE submission_id = $1 AND row_number = $2)
  AND NOT EXISTS (SELECT FROM rules.recognition_versions WHERE submission_id = $1 AND row_number = $2)
  AND NOT EXISTS (SELECT FROM rules.indicator_versions WHERE submission_id = $1 AND row_number = $2)
ON CONFLICT DO NOTHING
RETURNING submission_id
"""

_LOCK_TOUCHED = "SELECT FROM rules.submissions WHERE submission_id = ANY($1) ORDER BY submission_id FOR UPDATE"

_COUNT_PARKED = """
UPDATE rules.submissions AS submission
SET parked = (SELECT count(*) FROM rules.parked_rows AS row WHERE row.submission_id = submission.submission_id)
WHERE submission_id = ANY($1)
"""

_SETTLE = """
WITH before AS (
    SELECT submission_id, completed_at FROM rules.submissions
    WHERE submission_id = ANY($1) AND events IS NOT NULL AND received + parked >= events
)
UPDATE rules.submissions AS submission
SET completed_at = coalesce(before.completed_at, $2)
FROM before
WHERE submission.submission_id = before.submission_id
RETURNING submission.submission_id, source, feed, city, period, action, reason, reference, sequence, simulated, parked,
          recorded_at, correlation_id, before.completed_at IS NOT NULL AS again,
          NOT EXISTS (
              SELECT FROM rules.submissions AS other
              WHERE other.city = submission.city AND other.period = submission.period AND other.completed_at IS NOT NULL
          ) AS begins
"""

_DATE = "UPDATE rules.submissions SET completed_at = $2 WHERE submission_id = ANY($1)"


def submission_of(record: asyncpg.Record) -> Submission:
    """Return a complete submission as the domain sees it."""
    return Submission(
        submission_id=record["submission_id"],
        source=record["source"],
        feed=Feed(record["feed"]),
        city=record["city"],
        period=Period.parse(record["period"]),
        action=record["action"],
        reason=record["reason"],
        reference=record["reference"],
        sequence=record["sequence"],
        simulated=record["simulated"],
        parked=record["parked"],
        recorded_at=record["recorded_at"],
        correlation_id=record["correlation_id"],
    )


class PostgresIntake:
    """The intake over one connection, inside its transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._unparked: set[tuple[str, int]] = set()

    @property
    def unparked(self) -> tuple[tuple[str, int], ...]:
        """Rows stored in this transaction that were parked before, in order."""
        return tuple(sorted(self._unparked))

    async def store_rows(self, rows: Sequence[FeedRow]) -> frozenset[str]:
        """Keep new rows, feed by feed, and count them to their submissions in the order of their ids (no deadlock)."""
        by_feed: dict[Feed, list[FeedRow]] = defaultdict(list)
        origins: dict[str, tuple[Feed, Origin]] = {}
        for row in rows:
            feed = feed_of(row)
            by_feed[feed].append(row)
            origins[row.origin.submission_id] = (feed, row.origin)
        counts: dict[str, int] = {}
        for feed, of_feed in by_feed.items():
            counts.update(await self._insert(feed, of_feed))
        await self._connection.executemany(
            _COUNT, [_counted(*origins[submission_id], counts[submission_id]) for submission_id in sorted(counts)]
        )
        return frozenset(counts)

    async def _insert(self, feed: Feed, rows: Sequence[FeedRow]) -> dict[str, int]:
        shape = SHAPES[feed]
        await copy_to_staging(self._connection, like=shape.table, columns=shape.columns, records=records_of(feed, rows))
        columns = ", ".join(shape.columns)
        inserted = await self._connection.fetch(
            f"WITH inserted AS (INSERT INTO {shape.table} ({columns}) SELECT {columns} FROM staging"
            " ON CONFLICT DO NOTHING RETURNING submission_id)"
            " SELECT submission_id, count(*) AS rows FROM inserted GROUP BY submission_id"
        )
        counts = {record["submission_id"]: record["rows"] for record in inserted}
        forgotten = await self._connection.fetch(_FORGET_PARKED.format(table=shape.table), list(counts))
        self._unparked.update((record["submission_id"], record["row_number"]) for record in forgotten)
        return counts

    async def announce(self, announcements: Sequence[Announcement]) -> frozenset[str]:
        """Keep new announcements, in the order of their submissions' ids."""
        new: set[str] = set()
        for announcement in sorted(announcements, key=lambda one: one.submission_id):
            known = await self._connection.fetchval(_ANNOUNCE, *_announced(announcement))
            if known is not None:
                new.add(known)
        return frozenset(new)

    async def count_parked(self, submission_id: str, row_number: int) -> frozenset[str]:
        """Count a parked row unless it is known already."""
        counted = await self._connection.fetchval(_PARK, submission_id, row_number)
        return frozenset() if counted is None else frozenset({counted})

    async def settle(self, touched: Iterable[str], *, now: datetime) -> tuple[Settled, ...]:
        """Mark and return the complete ones among the touched submissions."""
        ids = sorted(touched)
        if not ids:
            return ()
        await self._connection.execute(_LOCK_TOUCHED, ids)
        await self._connection.execute(_COUNT_PARKED, ids)
        records = await self._connection.fetch(_SETTLE, ids, now)
        settled = [
            Settled(submission=submission_of(record), again=record["again"], begins=record["begins"])
            for record in records
        ]
        return tuple(sorted(settled, key=lambda one: one.submission.sequence))

    async def date(self, submission_ids: Sequence[str], *, at: datetime) -> None:
        """Say when submissions became complete."""
        await self._connection.execute(_DATE, list(submission_ids), at)


def _counted(feed: Feed, origin: Origin, count: int) -> tuple[object, ...]:
    return (
        origin.submission_id,
        origin.source,
        origin.city,
        str(feed),
        str(origin.period),
        origin.period.end,
        origin.sequence,
        count,
        origin.recorded_at,
        origin.correlation_id,
    )


def _announced(one: Announcement) -> tuple[object, ...]:
    return (
        one.submission_id,
        one.source,
        one.authority,
        one.simulated,
        one.city,
        str(one.feed),
        str(one.period),
        one.period.end,
        one.action,
        one.reason,
        one.reference,
        one.sequence,
        one.events,
        one.recorded_at,
        one.correlation_id,
    )
