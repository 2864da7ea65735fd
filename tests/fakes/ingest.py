"""In-memory adapters of ingest. They pass the contracts in tests/contracts/ingest_*.py, as the real ones do."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.ingest.adapters.row_encoding import encode_content
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
from services.ingest.domain.row_check import CheckedRow
from services.ingest.domain.submission import Comparison, KeptBody, Receipt, RestatedRow, Series, Submission


@dataclass(frozen=True, slots=True)
class Known:
    area: str
    edition: int
    content_hash: bytes
    removed: bool = False


@dataclass(slots=True)
class Stored:
    submission: Submission
    sequence: int
    chunks: list[bytes]
    rows: list[PublishableRow]
    published_row: int = 0
    published_events: int = 0
    published_at: datetime | None = None


@dataclass(slots=True)
class Tables:
    """What is committed."""

    submissions: list[Stored] = field(default_factory=list)
    known: dict[tuple[Series, str], Known] = field(default_factory=dict)
    answers: dict[tuple[str, str], tuple[bytes, Receipt]] = field(default_factory=dict)


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
        self._series: Series | None = None
        self._left: list[str] = []
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
        self._series = series
        statuses = [self._status(row) for row in self._staged]
        staged = {row.cell for row in self._staged}
        self._left = sorted(
            cell
            for (of, cell), known in self._tables.known.items()
            if of == series
            and not known.removed
            and cell not in staged
            and replaces is not None
            and replaces(known.area)
        )
        return Comparison(
            new=statuses.count("new"),
            unchanged=statuses.count("unchanged"),
            changed=statuses.count("restated") + statuses.count("advanced"),
            restated=statuses.count("restated"),
            left=len(self._left),
        )

    def _status(self, row: CheckedRow) -> str:
        assert self._series is not None
        known = self._tables.known.get((self._series, row.cell))
        if known is None or known.removed:
            return "new"
        if known.content_hash == encode_content(row.content)[1]:
            return "unchanged"
        return "restated" if row.edition <= known.edition else "advanced"

    async def list_restated(self, limit: int) -> Sequence[RestatedRow]:
        rows = [RestatedRow(row.row, row.cell) for row in self._staged if self._status(row) == "restated"]
        return [*rows, *(RestatedRow(None, cell) for cell in self._left)][:limit]

    async def record(self, submission: Submission, chunks: Iterator[bytes]) -> None:
        assert self._series is not None
        rows: list[PublishableRow] = []
        for row in self._staged:
            if self._status(row) != "unchanged":
                text, content_hash = encode_content(row.content)
                rows.append(PublishableRow(row.row, row.cell, text))
                self._pending_known[(self._series, row.cell)] = Known(row.area, row.edition, content_hash)
        for offset, cell in enumerate(self._left, start=1):
            rows.append(PublishableRow(submission.received + offset, cell, None))
            self._pending_known[(self._series, cell)] = replace(self._tables.known[(self._series, cell)], removed=True)
        sequence = len(self._tables.submissions) + 1
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
        waiting = [stored for stored in self._tables.submissions if stored.published_at is None]
        oldest, others = waiting[: (limit + 1) // 2], waiting[(limit + 1) // 2 :]
        shortest = sorted(others, key=lambda stored: stored.submission.row_events - stored.published_events)
        chosen = [*oldest, *shortest[: limit // 2]]
        return [_pending(stored) for stored in waiting if stored in chosen]

    async def read_rows(self, submission: PendingSubmission, limit: int) -> Sequence[PublishableRow]:
        stored = self._stored(submission.submission_id)
        return [row for row in stored.rows if row.row > submission.published_row][:limit]

    async def mark(self, progress: Sequence[Progress], at: datetime) -> None:
        self._marks += [(step, at) for step in progress]

    async def backlog(self) -> Backlog:
        waiting = [stored for stored in self._tables.submissions if stored.published_at is None]
        events = sum(stored.submission.row_events - stored.published_events for stored in waiting)
        return Backlog(events, min((stored.submission.recorded_at for stored in waiting), default=None))

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
        simulated=submission.sender.simulated,
        city=submission.series.city,
        feed=submission.series.feed,
        period=submission.series.period,
        action=submission.action,
        reason=submission.reason,
        reference=submission.reference,
        row_events=submission.row_events,
        published_row=stored.published_row,
        recorded_at=submission.recorded_at,
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
