"""Accepting in PostgreSQL: one transaction, rows by COPY into a staging table, everything else in set operations."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from services.ingest.adapters import acceptance_sql as sql
from services.ingest.adapters.postgres_errors import store_errors
from services.ingest.adapters.postgres_series import KnownSeries
from services.ingest.adapters.receipt_json import (
    finding_documents,
    hold_document,
    receipt_document,
    receipt_of_document,
)
from services.ingest.adapters.row_encoding import encode_content
from services.ingest.application.ports import AreaFilter, IdempotencyClaim
from services.ingest.domain.errors import IdempotencyKeyReusedError, SubmissionInProgressError
from services.ingest.domain.feeds import MainAmount
from services.ingest.domain.restatement import Extent
from services.ingest.domain.row_check import CheckedRow
from services.ingest.domain.submission import Comparison, Receipt, RestatedRow, Series, Submission
from shared.adapters.postgres import SessionFactory, raw_connection
from shared.kernel.clock import Clock
from shared.kernel.period import Period

if TYPE_CHECKING:
    import asyncpg

_COMPRESSION_LEVEL = 3
_ANALYZE_FROM_ROWS = 2_000
"""Below that the planner's guess for a fresh table does no harm."""


class PostgresAcceptanceStore:
    """Opens transactions (an `AcceptanceStore`)."""

    def __init__(self, sessions: SessionFactory, clock: Clock) -> None:
        self._sessions = sessions
        self._clock = clock

    @asynccontextmanager
    async def begin(self) -> AsyncIterator["PostgresAcceptance"]:
        """Open one; leaving it without `commit` undoes everything."""
        with store_errors():
            async with self._sessions() as session:
                yield PostgresAcceptance(session, await raw_connection(session), self._clock)


class PostgresAcceptance:
    """One transaction (an `Acceptance`)."""

    def __init__(self, session: AsyncSession, connection: "asyncpg.Connection[asyncpg.Record]", clock: Clock) -> None:
        self._session = session
        self._connection = connection
        self._clock = clock
        self._staged = 0
        self._known: KnownSeries | None = None

    async def claim(self, claim: IdempotencyClaim) -> Receipt | None:
        """Hold the key until the end; return the answer stored under it."""
        name = f"{claim.key_id}\x1f{claim.key}"
        if not await self._connection.fetchval(sql.TRY_LOCK, f"ingest.idempotency\x1f{name}"):
            raise SubmissionInProgressError("the Idempotency-Key is in use")
        row = await self._connection.fetchrow(sql.SELECT_ANSWER, claim.key_id, claim.key)
        if row is None:
            return None
        if row["fingerprint"] != claim.fingerprint:
            raise IdempotencyKeyReusedError("the Idempotency-Key was used with another request")
        return receipt_of_document(orjson.loads(row["answer"]))

    async def stage(self, rows: AsyncIterator[CheckedRow]) -> None:
        """COPY the rows into a temporary table while they are checked."""
        await self._connection.execute(sql.CREATE_STAGING)
        await self._connection.copy_records_to_table(
            sql.STAGING, columns=list(sql.STAGED_COLUMNS), records=self._records(rows)
        )
        if self._staged >= _ANALYZE_FROM_ROWS:
            await self._connection.execute(sql.ANALYZE_STAGING)
            await self._connection.execute(sql.JOIN_BY_HASH)

    async def _records(self, rows: AsyncIterator[CheckedRow]) -> AsyncIterator[tuple[Any, ...]]:
        async for row, cell, area, edition, content in rows:
            self._staged += 1
            yield (row, cell, area, edition, *encode_content(content))

    async def compare(self, series: Series, *, replaces: AreaFilter | None) -> Comparison:
        """Compare what was staged with what is known; the lock keeps other submissions of the source waiting."""
        self._known = KnownSeries(self._connection, series)
        await self._known.hold()
        return await self._known.compare(replaces=replaces)

    async def list_restated(self, limit: int) -> Sequence[RestatedRow]:
        """Return restated rows by number, then the cells that left."""
        return await self._compared().list_restated(limit)

    async def measure(self, amount: MainAmount | None) -> Extent:
        """Return how much of what is known of the series the compared rows restate."""
        return await self._compared().measure(amount)

    def _compared(self) -> KnownSeries:
        if self._known is None:
            raise AssertionError("rows are compared before they are listed, measured or written")
        return self._known

    async def record(self, submission: Submission, chunks: Iterator[bytes]) -> None:
        """Write the submission, its bytes, the rows that bring something, and what is known from now on."""
        sequence = await self._connection.fetchval(sql.INSERT_SUBMISSION, *_submission_values(submission))
        await self._connection.copy_records_to_table(
            "submission_chunks", schema_name="ingest", records=_compressed(submission.submission_id, chunks)
        )
        if submission.hold is None:
            await self._compared().write(
                submission.submission_id, sequence, received=submission.received, left=submission.comparison.left
            )
            return
        figures = orjson.dumps(hold_document(submission.hold)).decode()
        await self._connection.execute(sql.INSERT_HELD, submission.submission_id, figures, submission.recorded_at)
        await self._connection.execute(sql.INSERT_HELD_ROWS, submission.submission_id)

    async def store_answer(self, claim: IdempotencyClaim, receipt: Receipt) -> None:
        """Keep the answer under its Idempotency-Key."""
        await self._connection.execute(
            sql.INSERT_ANSWER,
            claim.key_id,
            claim.key,
            claim.fingerprint,
            receipt.submission_id,
            orjson.dumps(receipt_document(receipt)).decode(),
            self._clock(),
        )

    async def commit(self) -> None:
        """Make all of it durable, at once."""
        await self._session.commit()


async def _compressed(submission_id: str, chunks: Iterator[bytes]) -> AsyncIterator[tuple[str, int, bytes]]:
    """Compress beside the event loop: zlib lets go of the interpreter."""
    for ordinal, chunk in enumerate(chunks):
        yield submission_id, ordinal, await asyncio.to_thread(zlib.compress, chunk, _COMPRESSION_LEVEL)


def _submission_values(submission: Submission) -> tuple[Any, ...]:
    sender, series, comparison = submission.sender, submission.series, submission.comparison
    return (
        submission.submission_id,
        sender.key_id,
        sender.source,
        sender.name,
        sender.simulated,
        series.city,
        str(series.feed),
        series.period,
        Period.parse(series.period).end,
        str(submission.action),
        str(submission.reason) if submission.reason is not None else None,
        submission.reference,
        submission.area,
        submission.received,
        comparison.accepted,
        comparison.unchanged,
        comparison.restated,
        comparison.left,
        orjson.dumps(finding_documents(submission.warnings)).decode(),
        submission.warnings.total,
        submission.body.content_type,
        submission.body.sha256,
        submission.body.size_bytes,
        submission.recorded_at,
        submission.correlation_id,
        submission.row_events,
    )
