"""Deciding about held submissions in PostgreSQL: the held rows are staged again and compared with what is known now."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncSession

from services.ingest.adapters import acceptance_sql as sql
from services.ingest.adapters.postgres_errors import store_errors
from services.ingest.adapters.postgres_series import KnownSeries
from services.ingest.application.ports import AreaFilter
from services.ingest.domain.envelope import Action
from services.ingest.domain.feeds import FeedName
from services.ingest.domain.hold_decision import Decision, HeldSubmission, Verb
from services.ingest.domain.submission import Comparison, Series
from shared.adapters.postgres import SessionFactory, raw_connection

if TYPE_CHECKING:
    import asyncpg


class PostgresHoldStore:
    """Opens transactions (a `HoldStore`)."""

    def __init__(self, sessions: SessionFactory) -> None:
        self._sessions = sessions

    @asynccontextmanager
    async def begin(self) -> AsyncIterator["PostgresHoldTransaction"]:
        """Open one; leaving it without `commit` undoes everything."""
        with store_errors():
            async with self._sessions() as session:
                yield PostgresHoldTransaction(session, await raw_connection(session))


class PostgresHoldTransaction:
    """One transaction (a `HoldTransaction`)."""

    def __init__(self, session: AsyncSession, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._session = session
        self._connection = connection

    async def find(self, submission_id: str, *, city: str) -> HeldSubmission | None:
        """Return a submission of the city; read again under the lock, which names the series and so needs it first."""
        if "\x00" in submission_id:  # PostgreSQL cannot even be asked for it
            return None
        found = await self._read(submission_id, city)
        if found is None:
            return None
        await KnownSeries(self._connection, found.series).hold()
        return await self._read(submission_id, city)

    async def _read(self, submission_id: str, city: str) -> HeldSubmission | None:
        row = await self._connection.fetchrow(sql.SELECT_FOR_DECISION, submission_id, city)
        return _held_submission(row) if row is not None else None

    async def list_replaced_since(self, submission: HeldSubmission) -> Sequence[str | None]:
        """Return the areas that later submissions in effect have replaced in the series."""
        series = submission.series
        rows = await self._connection.fetch(
            sql.SELECT_REPLACED_SINCE,
            *(series.source, series.city, str(series.feed), series.period, submission.sequence),
        )
        return [row["area"] for row in rows]

    async def apply(
        self, submission: HeldSubmission, *, replaces: AreaFilter | None, spoken_of: AreaFilter
    ) -> Comparison:
        """Make known what the held rows say and no later submission has spoken of."""
        known = KnownSeries(self._connection, submission.series, sequence=submission.sequence)
        await self._connection.execute(sql.CREATE_STAGING)
        await self._connection.execute(sql.STAGE_HELD_ROWS, submission.submission_id)
        await self._connection.execute(sql.ANALYZE_STAGING)
        await self._connection.execute(sql.JOIN_BY_HASH)
        await known.drop_spoken_of(since=submission.sequence, spoken_of=spoken_of)
        comparison = await known.compare(replaces=replaces)
        await known.write(
            submission.submission_id, submission.sequence, received=submission.received, left=comparison.left
        )
        return comparison

    async def decide(self, submission: HeldSubmission, decision: Decision) -> None:
        """Write the decision, and how many row events the submission now sends."""
        await self._connection.execute(
            sql.DECIDE,
            *(submission.submission_id, str(decision.verb), decision.by, decision.comment, decision.key_id),
            *(decision.decided_at, decision.events),
        )
        await self._connection.execute(sql.SET_ROW_EVENTS, submission.submission_id, decision.events)

    async def commit(self) -> None:
        """Make all of it durable, at once."""
        await self._session.commit()


def _held_submission(row: "asyncpg.Record") -> HeldSubmission:
    return HeldSubmission(
        submission_id=row["submission_id"],
        sequence=row["sequence"],
        key_id=row["key_id"],
        series=Series(source=row["source"], city=row["city"], feed=FeedName(row["feed"]), period=row["period"]),
        action=Action(row["action"]),
        area=row["area"],
        received=row["received"],
        is_held=row["is_held"],
        decision=_decision(row) if row["verb"] is not None else None,
    )


def _decision(row: "asyncpg.Record") -> Decision:
    return Decision(
        verb=Verb(row["verb"]),
        by=row["decided_by"],
        comment=row["comment"],
        key_id=row["decided_key_id"],
        decided_at=row["decided_at"],
        events=row["events"],
    )
