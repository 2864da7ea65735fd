"""Turns stored rows into events: the body is composed from stored JSON, constant headers are made once a submission."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

import orjson

from services.ingest.application.ports import PendingSubmission, PublishableRow
from services.ingest.domain.row_check import CELL_SEPARATOR
from shared.adapters.cloudevents import Headers, headers_of
from shared.adapters.outbox import OutgoingEvent, outgoing
from shared.contracts.submissions import SubmissionPublished
from shared.contracts.topics import FEED_TOPICS, SUBMISSIONS
from shared.contracts.wire import EventMetadata
from shared.kernel.china_time import end_of_period
from shared.kernel.period import Period

_CLOSING_ID = "published"


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a feed's event is built: the record's member name, key members of a cell, the log's key of a cell."""

    record: str
    members: Callable[[Sequence[str]], str]
    key: Callable[[str, Sequence[str]], str]


def _title_members(parts: Sequence[str]) -> str:
    """A batch is free text: it may hold the separator, and what JSON escapes."""
    batch = orjson.dumps(CELL_SEPARATOR.join(parts[2:])).decode()
    return f'"uscc":"{parts[0]}","kind":"{parts[1]}","batch":{batch}'


_SHAPES = {
    "enterprises": _Shape("firm", lambda parts: f'"uscc":"{parts[0]}"', lambda cell, _: cell),
    "projects": _Shape("project", lambda parts: f'"code":"{parts[0]}"', lambda cell, _: cell),
    "ratings": _Shape("rating", lambda parts: f'"uscc":"{parts[0]}","year":{parts[1]}', lambda _, parts: parts[0]),
    "recognitions": _Shape("recognition", _title_members, lambda _, parts: parts[0]),
    "indicators": _Shape(
        "figure",
        lambda parts: (
            f'"indicator":"{parts[0]}","area":"{parts[1]}","value_period":"{parts[2]}",'
            f'"measure":"{parts[3]}","basis":"{parts[4]}"'
        ),
        lambda _, parts: f"{parts[0]}{CELL_SEPARATOR}{parts[1]}",
    ),
}
_VALUE_PERIOD = 2
_OWN_HEADERS = frozenset({"ce_id", "ce_partitionkey", "ce_time"})


def row_events(submission: PendingSubmission, rows: Sequence[PublishableRow], *, prefix: str) -> list[OutgoingEvent]:
    """Return the events of rows. Ids are `<submission id>:<row>`, so publishing twice sends the same events."""
    topic = FEED_TOPICS[submission.feed]
    shape = _SHAPES[submission.feed]
    name = topic.full_name(prefix)
    constant = _constant_headers(submission, topic.event_type)
    head = f'{{"submission_id":"{submission.submission_id}","city":"{submission.city}","period":"{submission.period}"'
    events: list[OutgoingEvent] = []
    for row in rows:
        parts = row.cell.split(CELL_SEPARATOR)
        key = shape.key(row.cell, parts)
        removed = "true" if row.content is None else "false"
        body = (
            f'{head},"row":{row.row},"removed":{removed},{shape.members(parts)},'
            f'"{shape.record}":{row.content or "null"}}}'
        )
        instant = parts[_VALUE_PERIOD] if submission.feed == "indicators" else submission.period
        headers = [
            *constant,
            ("ce_id", f"{submission.submission_id}:{row.row}".encode()),
            ("ce_partitionkey", key.encode()),
            ("ce_time", _instant_text(instant)),
        ]
        events.append(OutgoingEvent(topic=name, key=key, headers=headers, body=body.encode()))
    return events


def closing_event(submission: PendingSubmission, *, prefix: str) -> OutgoingEvent:
    """Return the event that says how many row events the submission sent."""
    event = SubmissionPublished.model_validate(
        {
            "submission_id": submission.submission_id,
            "source": submission.source,
            "authority": submission.authority,
            "simulated": submission.simulated,
            "city": submission.city,
            "feed": submission.feed,
            "period": submission.period,
            "action": submission.action,
            "reason": submission.reason,
            "reference": submission.reference,
            "sequence": submission.sequence,
            "events": submission.row_events,
            "recorded_at": submission.recorded_at,
        }
    )
    metadata = _metadata(
        submission, SUBMISSIONS.event_type, identifier=f"{submission.submission_id}:{_CLOSING_ID}", key=submission.city
    )
    return outgoing(SUBMISSIONS, event, metadata, prefix=prefix)


def business_instant(period: str) -> datetime:
    """Return the end of a period: 00:00 in China on the day after its last."""
    return end_of_period(Period.parse(period))


@lru_cache(maxsize=1024)
def _instant_text(period: str) -> bytes:
    return business_instant(period).isoformat().encode()


def _constant_headers(submission: PendingSubmission, event_type: str) -> Headers:
    metadata = _metadata(submission, event_type, identifier="", key="")
    return [(name, value) for name, value in headers_of(metadata) if name not in _OWN_HEADERS]


def _metadata(submission: PendingSubmission, event_type: str, *, identifier: str, key: str) -> EventMetadata:
    return EventMetadata(
        id=identifier,
        source=f"/planwatch/ingest/{submission.source}",
        type=event_type,
        time=business_instant(submission.period),
        recorded_at=submission.recorded_at.astimezone(UTC),
        sequence=submission.sequence,
        partition_key=key,
        correlation_id=submission.correlation_id,
    )
