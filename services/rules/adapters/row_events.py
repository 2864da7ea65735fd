"""Row events of the feeds, decoded: wire event → row. What breaks the contract is an InvalidMessageError."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import ValidationError

from services.rules.domain.feed import Feed
from services.rules.domain.ledger import Announcement
from services.rules.domain.rows import (
    EnterpriseRow,
    FeedRow,
    FigureCell,
    FigureReport,
    FirmReport,
    IndicatorRow,
    Origin,
    ProjectReport,
    ProjectRow,
    RatingReport,
    RatingRow,
    RecognitionReport,
    RecognitionRow,
)
from shared.adapters.cloudevents import metadata_of
from shared.adapters.consumer_loop import Received
from shared.contracts import topics
from shared.contracts.feeds import (
    EnterpriseReported,
    IndicatorReported,
    ProjectReported,
    RatingReported,
    RecognitionReported,
)
from shared.contracts.submissions import SubmissionPublished
from shared.contracts.wire import EventMetadata, WireModel
from shared.kernel.errors import InvalidMessageError
from shared.kernel.period import InvalidPeriodError, Period

INGEST_SOURCE = "/planwatch/ingest/"
_LARGEST_BIGINT = 2**63 - 1
_NUL = b"\\u0000"

E = TypeVar("E", bound=WireModel)


def decode_event(message: Received) -> FeedRow | Announcement:
    """Return the row or announcement a message holds; its type is told by the header `ce_type`."""
    metadata = metadata_of(message.headers)
    decode = _DECODERS.get(metadata.type)
    if decode is None:
        raise InvalidMessageError(f"unknown event type {metadata.type!r}")
    if _NUL in message.value:
        raise InvalidMessageError("the event holds a NUL character, which PostgreSQL cannot keep")
    if metadata.sequence > _LARGEST_BIGINT:
        raise InvalidMessageError(f"sequence {metadata.sequence} is out of range")
    return decode(message.value, metadata)


def submission_and_row(message: Received) -> tuple[str, int] | None:
    """Return which submission and row a message's headers name, None when they name none."""
    identifier = dict(message.headers).get("ce_id", b"").decode(errors="replace")
    submission_id, _, row = identifier.rpartition(":")
    return (submission_id, int(row)) if submission_id and row.isascii() and row.isdigit() and len(row) < 10 else None


# ---- rows -----------------------------------------------------------------------------------------------------------


def _enterprise(value: bytes, metadata: EventMetadata) -> EnterpriseRow:
    event = _parsed(EnterpriseReported, value)
    report = None if event.firm is None else FirmReport(**event.firm.__dict__)
    return EnterpriseRow(_origin(event, metadata), event.uscc, report)


def _project(value: bytes, metadata: EventMetadata) -> ProjectRow:
    event = _parsed(ProjectReported, value)
    report = None if event.project is None else ProjectReport(**event.project.__dict__)
    return ProjectRow(_origin(event, metadata), event.code, report)


def _rating(value: bytes, metadata: EventMetadata) -> RatingRow:
    event = _parsed(RatingReported, value)
    report = None if event.rating is None else RatingReport(**event.rating.__dict__)
    return RatingRow(_origin(event, metadata), event.uscc, event.year, report)


def _recognition(value: bytes, metadata: EventMetadata) -> RecognitionRow:
    event = _parsed(RecognitionReported, value)
    report = None if event.recognition is None else RecognitionReport(**event.recognition.__dict__)
    return RecognitionRow(_origin(event, metadata), event.uscc, event.kind, event.batch, report)


def _indicator(value: bytes, metadata: EventMetadata) -> IndicatorRow:
    event = _parsed(IndicatorReported, value)
    report = None if event.figure is None else FigureReport(**event.figure.__dict__)
    cell = FigureCell(event.indicator, event.area, period_of(event.value_period), event.measure, event.basis)
    return IndicatorRow(_origin(event, metadata), cell, report)


def _origin(event: Any, metadata: EventMetadata) -> Origin:
    """Return where a row came from; its id and source must be the ones its submission and row give."""
    if metadata.id != f"{event.submission_id}:{event.row}":
        raise InvalidMessageError(f"id {metadata.id!r} is not that of row {event.row} of {event.submission_id}")
    if not metadata.source.startswith(INGEST_SOURCE):
        raise InvalidMessageError(f"unknown source {metadata.source!r}")
    return Origin(
        submission_id=event.submission_id,
        row_number=event.row,
        source=metadata.source.removeprefix(INGEST_SOURCE),
        city=event.city,
        period=period_of(event.period),
        sequence=metadata.sequence,
        recorded_at=metadata.recorded_at,
        correlation_id=metadata.correlation_id,
    )


# ---- announcements --------------------------------------------------------------------------------------------------


def _announcement(value: bytes, metadata: EventMetadata) -> Announcement:
    event = _parsed(SubmissionPublished, value)
    return Announcement(
        submission_id=event.submission_id,
        source=event.source,
        authority=event.authority,
        simulated=event.simulated,
        city=event.city,
        feed=Feed(event.feed),
        period=period_of(event.period),
        action=event.action,
        reason=event.reason,
        reference=event.reference,
        sequence=event.sequence,
        events=event.events,
        recorded_at=event.recorded_at,
        correlation_id=metadata.correlation_id,
    )


_DECODERS: dict[str, Callable[[bytes, EventMetadata], FeedRow | Announcement]] = {
    topics.ENTERPRISES.event_type: _enterprise,
    topics.PROJECTS.event_type: _project,
    topics.RATINGS.event_type: _rating,
    topics.RECOGNITIONS.event_type: _recognition,
    topics.INDICATORS.event_type: _indicator,
    topics.SUBMISSIONS.event_type: _announcement,
}


def _parsed(model: type[E], value: bytes) -> E:
    try:
        return model.model_validate_json(value)
    except ValidationError as error:
        raise InvalidMessageError(f"the event breaks its contract: {_places(error)}") from error


def _places(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(str(part) for part in problem['loc']) or '(body)'}: {problem['msg']}"
        for problem in error.errors(include_url=False, include_input=False)
    )


@lru_cache(maxsize=4096)
def period_of(text: str) -> Period:
    """Return the period; raise InvalidMessageError when the text is none."""
    try:
        return Period.parse(text)
    except InvalidPeriodError as error:
        raise InvalidMessageError(str(error)) from error
