"""What ingest needs from outside."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.ingest.domain.feeds import MainAmount
from services.ingest.domain.hold_decision import Decision, HeldSubmission
from services.ingest.domain.restatement import Extent
from services.ingest.domain.row_check import CheckedRow
from services.ingest.domain.sender import Sender
from services.ingest.domain.submission import Comparison, KeptBody, Receipt, RestatedRow, Series, Submission

AreaFilter = Callable[[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencyClaim:
    """An Idempotency-Key of a sender, and the fingerprint of the request it came with."""

    key_id: str
    key: str
    fingerprint: bytes


class ReceivedBody(Protocol):
    """A body that was received to its end and lies in a temporary file."""

    @property
    def kept(self) -> KeptBody:
        """What is known of its bytes."""
        ...

    def envelope(self) -> Mapping[str, object]:
        """Return the envelope as written; raise MalformedBodyError."""
        ...

    def header(self) -> frozenset[str] | None:
        """Return the columns a file names once, None where each row names its own."""
        ...

    def rows(self) -> Iterator[object]:
        """Read the rows one after the other; raise MalformedBodyError."""
        ...

    def chunks(self) -> Iterator[bytes]:
        """Read the bytes as they came, in pieces."""
        ...


class Acceptance(Protocol):
    """One transaction that takes a submission. Nothing is kept unless `commit` is called."""

    async def claim(self, claim: IdempotencyClaim) -> Receipt | None:
        """Hold the key until the end; return the answer stored under it.

        Raises SubmissionInProgressError while another holds it, IdempotencyKeyReusedError for another request.
        """
        ...

    async def stage(self, rows: AsyncIterator[CheckedRow]) -> None:
        """Take the rows in."""
        ...

    async def compare(self, series: Series, *, replaces: AreaFilter | None) -> Comparison:
        """Compare what was staged with what is known of the series, which is held until the end.

        `replaces` says in which areas a missing row has left; None: nothing leaves.
        """
        ...

    async def list_restated(self, limit: int) -> Sequence[RestatedRow]:
        """Return restated rows by number, then the cells that left."""
        ...

    async def measure(self, amount: MainAmount | None) -> Extent:
        """Return how much of what is known of the series the compared rows restate."""
        ...

    async def record(self, submission: Submission, chunks: Iterator[bytes]) -> None:
        """Write the submission, its bytes, and the rows that bring something.

        Of a submission with a hold all rows are written, and nothing becomes known.
        """
        ...

    async def store_answer(self, claim: IdempotencyClaim, receipt: Receipt) -> None:
        """Keep the answer under its Idempotency-Key."""
        ...

    async def commit(self) -> None:
        """Make all of it durable, at once."""
        ...


class AcceptanceStore(Protocol):
    """Opens transactions. Raises StoreUnavailableError when the database is away."""

    def begin(self) -> AbstractAsyncContextManager[Acceptance]:
        """Open one; leaving it without `commit` undoes everything."""
        ...


class HoldTransaction(Protocol):
    """One transaction that decides about a held submission. Nothing is kept unless `commit` is called."""

    async def find(self, submission_id: str, *, city: str) -> HeldSubmission | None:
        """Return a submission of the city; its series is held until the end."""
        ...

    async def list_replaced_since(self, submission: HeldSubmission) -> Sequence[str | None]:
        """Return the areas that later submissions in effect have replaced in the series; None is the whole city."""
        ...

    async def apply(
        self, submission: HeldSubmission, *, replaces: AreaFilter | None, spoken_of: AreaFilter
    ) -> Comparison:
        """Make known what the held rows say, in their order of acceptance, and write what is to be published.

        A cell that a later submission in effect has named stays as it is, and so does every held row in an area that is
        `spoken_of`: one replaced since. `replaces` as in `Acceptance.compare`.
        """
        ...

    async def decide(self, submission: HeldSubmission, decision: Decision) -> None:
        """Write the decision."""
        ...

    async def commit(self) -> None:
        """Make all of it durable, at once."""
        ...


class HoldStore(Protocol):
    """Opens transactions. Raises StoreUnavailableError when the database is away."""

    def begin(self) -> AbstractAsyncContextManager[HoldTransaction]:
        """Open one; leaving it without `commit` undoes everything."""
        ...


class KeyStore(Protocol):
    """Keeps API keys by the SHA-256 of their secret."""

    async def find(self, secret_sha256: bytes) -> Sender | None:
        """Return whom an unrevoked key belongs to."""
        ...

    async def add(self, sender: Sender, secret_sha256: bytes) -> None:
        """Keep a new key."""
        ...

    async def revoke(self, key_id: str, at: datetime) -> bool:
        """Refuse the key from now on; False when there is none in force."""
        ...

    async def list_all(self) -> Sequence[Sender]:
        """Return every key, oldest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingSubmission:
    """A submission not yet wholly on the log; `published_row` is the last row that is.

    `recorded_at` says when it became known: when it was accepted, or, had it been held, when it was released.
    """

    submission_id: str
    sequence: int
    source: str
    authority: str | None
    simulated: bool
    city: str
    feed: str
    period: str
    action: str
    reason: str | None
    reference: str | None
    row_events: int
    published_row: int
    recorded_at: datetime
    correlation_id: str


@dataclass(frozen=True, slots=True)
class PublishableRow:
    """One row to publish; `content` is JSON, None when the row was removed."""

    row: int
    cell: str
    content: str | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a round brought a submission."""

    submission: PendingSubmission
    row: int
    events: int
    is_complete: bool


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits: row events, and since when the oldest submission of them (None when nothing waits).

    `held` counts submissions that wait for a release, `held_since` says since when the oldest of them does.
    """

    events: int
    oldest_at: datetime | None
    held: int = 0
    held_since: datetime | None = None


class PublishRound(Protocol):
    """One transaction of the publisher, held by one replica at a time."""

    async def list_pending(self, limit: int) -> Sequence[PendingSubmission]:
        """Return unpublished submissions, lowest sequence first; none that is held or withdrawn.

        When there are more than `limit`: half of them the oldest, half the shortest of the others, so that many long
        ones do not hold up a short one, nor short ones a long one.
        """
        ...

    async def read_rows(self, submission: PendingSubmission, limit: int) -> Sequence[PublishableRow]:
        """Return the next rows after `published_row`, in order."""
        ...

    async def mark(self, progress: Sequence[Progress], at: datetime) -> None:
        """Note what the log has acknowledged; committed when the round ends."""
        ...

    async def backlog(self) -> Backlog:
        """Return what waits."""
        ...


class PublishQueue(Protocol):
    """Opens rounds."""

    def begin_round(self) -> AbstractAsyncContextManager[PublishRound | None]:
        """Open a round, None while another replica holds one; it is committed unless an error leaves it."""
        ...


class EventLog(Protocol):
    """The log. Raises LogUnavailableError when it does not acknowledge."""

    async def publish(self, batches: Sequence[tuple[PendingSubmission, Sequence[PublishableRow], bool]]) -> None:
        """Publish the rows of each submission, and the closing event of those with True; wait for every acknowledgement."""
        ...


class PublishObserver(Protocol):
    """Told what the publisher does, for metrics and logs."""

    def published(self, events: int) -> None:
        """So many row events were acknowledged."""
        ...

    def completed(self, submission: PendingSubmission) -> None:
        """A submission is wholly on the log."""
        ...

    def waits(self, backlog: Backlog, now: datetime) -> None:
        """So much waits."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """The newest period a city has reported in a feed (None: none yet), and since when the feed is expected."""

    city: str
    feed: str
    newest_period: str | None
    expected_since: datetime


class FeedStates(Protocol):
    """Knows which feeds are expected of which city."""

    async def list_states(self) -> Sequence[FeedState]:
        """Return one state for each city and feed that an unrevoked key may write."""
        ...
