"""What ingest accepted, read back as the events it puts on the log and decoded as rules decodes them."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field

from deploy.replay.databases import Connection
from services.ingest.adapters.row_events import closing_event, row_events
from services.ingest.application.ports import PendingSubmission, PublishableRow
from services.rules.adapters.row_events import decode_event
from services.rules.domain.ledger import Announcement
from services.rules.domain.rows import FeedRow
from shared.adapters.consumer_loop import Received
from shared.adapters.outbox import OutgoingEvent
from shared.kernel.errors import InvalidMessageError

PAGE_ROWS = 5000
_PREFIX = "replay."

_SUBMISSION = """
SELECT submission_id, sequence, sent.source, sender.authority, sent.simulated, sent.city, feed, period, action, reason,
       reference, row_events, published_row, coalesce(held.decided_at, recorded_at) AS recorded_at, correlation_id
FROM ingest.submissions AS sent JOIN ingest.api_keys AS sender USING (key_id)
LEFT JOIN ingest.held_submissions AS held USING (submission_id) WHERE submission_id = $1
"""
_ROWS = """
SELECT row_number, cell, content FROM ingest.submission_rows
WHERE submission_id = $1 AND row_number > $2 ORDER BY row_number LIMIT $3
"""
_NAMED_ROWS = """
SELECT row_number, cell, content FROM ingest.submission_rows
WHERE submission_id = $1 AND row_number = ANY($2) ORDER BY row_number
"""
_OF_CITY = """
SELECT submission_id FROM ingest.submissions WHERE $1::text IS NULL OR city = $1 OR feed = 'indicators'
"""


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a submission, and the numbers of those that cannot be read."""

    rows: tuple[FeedRow, ...] = ()
    unreadable: tuple[int, ...] = field(default=())


class AcceptedSubmissions:
    """Reads ingest's own store."""

    def __init__(self, live: Connection) -> None:
        self._live = live

    async def concerning(self, city: str | None) -> frozenset[str]:
        """Return the submissions a city's verdicts may depend on: its own, and every published figure."""
        return frozenset(record["submission_id"] for record in await self._live.fetch(_OF_CITY, city))

    async def find(self, submission_id: str) -> PendingSubmission | None:
        """Return a submission, None when ingest never accepted it."""
        record = await self._live.fetchrow(_SUBMISSION, submission_id)
        return None if record is None else PendingSubmission(**dict(record))

    async def pages(self, submission: PendingSubmission) -> AsyncIterator[Page]:
        """Read all rows, a page after the other."""
        last = -1
        while records := await self._live.fetch(_ROWS, submission.submission_id, last, PAGE_ROWS):
            last = records[-1]["row_number"]
            yield page_of(submission, [PublishableRow(*record) for record in records])

    async def named(self, submission: PendingSubmission, rows: Collection[int]) -> Page:
        """Read rows by their numbers."""
        records = await self._live.fetch(_NAMED_ROWS, submission.submission_id, list(rows))
        return page_of(submission, [PublishableRow(*record) for record in records])


def page_of(submission: PendingSubmission, rows: Sequence[PublishableRow]) -> Page:
    """Return stored rows as rules reads their events."""
    read: list[FeedRow] = []
    unreadable: list[int] = []
    for row, event in zip(rows, row_events(submission, rows, prefix=_PREFIX), strict=True):
        try:
            decoded = decode_event(received(event))
        except InvalidMessageError:
            unreadable.append(row.row)
        else:
            if not isinstance(decoded, Announcement):
                read.append(decoded)
    return Page(tuple(read), tuple(unreadable))


def announcement_of(submission: PendingSubmission) -> Announcement:
    """Return what closes a submission on the log; raise InvalidMessageError."""
    decoded = decode_event(received(closing_event(submission, prefix=_PREFIX)))
    if not isinstance(decoded, Announcement):
        raise InvalidMessageError("a closing event was read as a row")
    return decoded


def received(event: OutgoingEvent) -> Received:
    """Return an event as a consumer gets it."""
    return Received(event.topic, 0, 0, event.key.encode(), event.body, tuple(event.headers))
