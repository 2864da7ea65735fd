"""In-memory adapters of ingest. They pass the contracts in tests/contracts/ingest_*.py, as the real ones do."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from services.ingest.application.ports import (
    AreaFilter,
    Backlog,
    IdempotencyClaim,
    PendingSubmission,
    Progress,
    PublishableRow,
)
from services.ingest.domain.errors import (
    IdempotencyKeyReusedError,
    LogUnavailableError,
    StoreUnavailableError,
    SubmissionInProgressError,
)
from services.ingest.domain.feeds import MainAmount
from services.ingest.domain.restatement import Extent
from services.ingest.domain.row_check import CheckedRow
from services.ingest.domain.submission import Comparison, KeptBody, Receipt, RestatedRow, Series, Submission
from tests.fakes.ingest_series import InMemorySeries, Known, Stored, Tables


class InMemoryAcceptanceStore:
    """Accepts into lists. Unlike PostgreSQL, a second transaction of the same series does not wait."""

    def __init__(self) -> None:
        self.tables = Tables()
        self.is_away = False
        self._claimed: set[tuple[str, str]] = set()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator["InMemoryAcceptance"]:
        if self.is_away:
            raise StoreUnavailableError("away")
        acceptance = InMemoryAcceptance(self.tables, self._claimed)
        try:
            yield acceptance
        finally:
            acceptance.release()


class InMemoryAcceptance:
    def __init__(self, tables: Tables, claimed: set[tuple[str, str]]) -> None:
        self._tables = tables
        self._claimed = claimed
        self._own_claims: set[tuple[str, str]] = set()
        self._staged: list[CheckedRow] = []
        self._series: InMemorySeries | None = None
        self._pending: list[Stored] = []
        self._pending_known: dict[tuple[Series, str], Known] = {}
        self._pending_answers: dict[tuple[str, str], tuple[bytes, Receipt]] = {}

    async def claim(self, claim: IdempotencyClaim) -> Receipt | None:
        name = (claim.key_id, claim.key)
        if name in self._claimed:
            raise SubmissionInProgressError("in use")
        self._claimed.add(name)
        self._own_claims.add(name)
        stored = self._tables.answers.get(name)
        if stored is None:
            return None
        if stored[0] != claim.fingerprint:
            raise IdempotencyKeyReusedError("reused")
        return stored[1]

    async def stage(self, rows: AsyncIterator[CheckedRow]) -> None:
        self._staged = [row async for row in rows]

    async def compare(self, series: Series, *, replaces: AreaFilter | None) -> Comparison:
        self._series = InMemorySeries(self._tables, series, self._staged)
        return self._series.compare(replaces)

    async def list_restated(self, limit: int) -> Sequence[RestatedRow]:
        assert self._series is not None
        return self._series.list_restated(limit)

    async def measure(self, amount: MainAmount | None) -> Extent:
        assert self._series is not None
        return self._series.measure(amount)

    async def record(self, submission: Submission, chunks: Iterator[bytes]) -> None:
        assert self._series is not None
        sequence = len(self._tables.submissions) + 1
        if submission.hold is not None:
            self._pending.append(Stored(submission, sequence, list(chunks), [], held=self._staged))
            return
        rows = self._series.write(sequence, received=submission.received)
        self._pending_known = self._series.changed
        self._pending.append(Stored(submission, sequence, list(chunks), rows))

    async def store_answer(self, claim: IdempotencyClaim, receipt: Receipt) -> None:
        self._pending_answers[(claim.key_id, claim.key)] = (claim.fingerprint, receipt)

    async def commit(self) -> None:
        self._tables.submissions += self._pending
        self._tables.known |= self._pending_known
        self._tables.answers |= self._pending_answers

    def release(self) -> None:
        self._claimed -= self._own_claims


class InMemoryPublishQueue:
    """Reads what an InMemoryAcceptanceStore holds."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._is_held = False

    @asynccontextmanager
    async def begin_round(self) -> AsyncIterator["InMemoryPublishRound | None"]:
        if self._is_held:
            yield None
            return
        self._is_held = True
        turn = InMemoryPublishRound(self._tables)
        try:
            yield turn
            turn.commit()
        finally:
            self._is_held = False


class InMemoryPublishRound:
    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._marks: list[tuple[Progress, datetime]] = []

    async def list_pending(self, limit: int) -> Sequence[PendingSubmission]:
        waiting = self._waiting()
        oldest, others = waiting[: (limit + 1) // 2], waiting[(limit + 1) // 2 :]
        shortest = sorted(others, key=lambda stored: stored.row_events - stored.published_events)
        chosen = [*oldest, *shortest[: limit // 2]]
        return [_pending(stored) for stored in waiting if stored in chosen]

    async def read_rows(self, submission: PendingSubmission, limit: int) -> Sequence[PublishableRow]:
        stored = self._stored(submission.submission_id)
        return [row for row in stored.rows if row.row > submission.published_row][:limit]

    async def mark(self, progress: Sequence[Progress], at: datetime) -> None:
        self._marks += [(step, at) for step in progress]

    async def backlog(self) -> Backlog:
        waiting = self._waiting()
        held = [stored.recorded_at for stored in self._tables.submissions if stored.is_waiting]
        return Backlog(
            sum(stored.row_events - stored.published_events for stored in waiting),
            min((stored.recorded_at for stored in waiting), default=None),
            len(held),
            min(held, default=None),
        )

    def _waiting(self) -> list[Stored]:
        return [stored for stored in self._tables.submissions if stored.published_at is None and stored.is_in_effect]

    def commit(self) -> None:
        for step, at in self._marks:
            stored = self._stored(step.submission.submission_id)
            stored.published_row = step.row
            stored.published_events += step.events
            stored.published_at = at if step.is_complete else None

    def _stored(self, submission_id: str) -> Stored:
        return next(one for one in self._tables.submissions if one.submission.submission_id == submission_id)


def _pending(stored: Stored) -> PendingSubmission:
    submission = stored.submission
    return PendingSubmission(
        submission_id=submission.submission_id,
        sequence=stored.sequence,
        source=submission.series.source,
        authority=submission.sender.authority,
        simulated=submission.sender.simulated,
        city=submission.series.city,
        feed=submission.series.feed,
        period=submission.series.period,
        action=submission.action,
        reason=submission.reason,
        reference=submission.reference,
        row_events=stored.row_events,
        published_row=stored.published_row,
        recorded_at=stored.recorded_at,
        correlation_id=submission.correlation_id,
    )


class RecordingEventLog:
    """Remembers what was acknowledged; `fails` lets the next publications fail."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.fails = False

    async def publish(self, batches: Sequence[tuple[PendingSubmission, Sequence[PublishableRow], bool]]) -> None:
        if self.fails:
            raise LogUnavailableError("away")
        for submission, rows, is_complete in batches:
            self.events += [f"{submission.submission_id}:{row.row}" for row in rows]
            if is_complete:
                self.events.append(f"{submission.submission_id}:published")


class RecordingPublishObserver:
    def __init__(self) -> None:
        self.events = 0
        self.completed_ids: list[str] = []
        self.backlogs: list[int] = []

    def published(self, events: int) -> None:
        self.events += events

    def completed(self, submission: PendingSubmission) -> None:
        self.completed_ids.append(submission.submission_id)

    def waits(self, backlog: Backlog, now: datetime) -> None:
        self.backlogs.append(backlog.events)


@dataclass(slots=True)
class ListedBody:
    """A received body of rows given as a list."""

    members: Mapping[str, object]
    listed: list[object]
    columns: frozenset[str] | None = None

    @property
    def kept(self) -> KeptBody:
        return KeptBody(content_type="application/json", sha256=b"\x01" * 32, size_bytes=4)

    def envelope(self) -> Mapping[str, object]:
        return self.members

    def header(self) -> frozenset[str] | None:
        return self.columns

    def rows(self) -> Iterator[object]:
        return iter(self.listed)

    def chunks(self) -> Iterator[bytes]:
        return iter([b"body"])
