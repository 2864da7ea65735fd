"""Submissions as the messages ingest sends."""

from datetime import UTC, datetime

from services.rules.domain.rows import (
    EnterpriseRow,
    FeedRow,
    FigureReport,
    FirmReport,
    IndicatorRow,
    ProjectReport,
    ProjectRow,
    RatingReport,
    RatingRow,
    RecognitionReport,
    RecognitionRow,
    feed_of,
)
from shared.adapters.outbox import OutgoingEvent, outgoing
from shared.contracts.feeds import (
    EnterpriseReported,
    Firm,
    IndicatorReported,
    IndicatorValue,
    Project,
    ProjectReported,
    Rating,
    RatingReported,
    Recognition,
    RecognitionReported,
)
from shared.contracts.feeds import (
    FeedRow as WireRow,
)
from shared.contracts.submissions import SubmissionPublished
from shared.contracts.topics import FEED_TOPICS, SUBMISSIONS, Topic
from shared.contracts.wire import EventMetadata
from tests.contracts.rules_rows import Push

INSTANT = datetime(2024, 7, 1, tzinfo=UTC)


def messages(push: Push, *, prefix: str = "planwatch.") -> list[OutgoingEvent]:
    """Every event of the submission, the closing one last."""
    return [*(row_message(row, prefix=prefix) for row in push.rows), closing_message(push, prefix=prefix)]


def row_message(row: FeedRow, *, prefix: str = "planwatch.") -> OutgoingEvent:
    event, key = _wire(row)
    topic = FEED_TOPICS[feed_of(row).value]
    identifier = f"{row.origin.submission_id}:{row.origin.row_number}"
    return outgoing(topic, event, _metadata(topic, identifier, key, row.origin.sequence), prefix=prefix)


def closing_message(push: Push, *, prefix: str = "planwatch.") -> OutgoingEvent:
    one = push.announcement
    event = SubmissionPublished.model_validate(
        {
            "submission_id": one.submission_id,
            "source": one.source,
            "authority": one.authority,
            "simulated": one.simulated,
            "city": one.city,
            "feed": one.feed.value,
            "period": str(one.period),
            "action": one.action,
            "sequence": one.sequence,
            "events": one.events,
            "recorded_at": one.recorded_at,
        }
    )
    metadata = _metadata(SUBMISSIONS, f"{one.submission_id}:published", one.city, one.sequence)
    return outgoing(SUBMISSIONS, event, metadata, prefix=prefix)


def _metadata(topic: Topic, identifier: str, key: str, sequence: int) -> EventMetadata:
    return EventMetadata(
        id=identifier,
        source="/planwatch/ingest/example-source",
        type=topic.event_type,
        time=INSTANT,
        recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
        sequence=sequence,
        partition_key=key,
        correlation_id=f"correlation-{sequence}",
    )


def _wire(row: FeedRow) -> tuple[WireRow, str]:
    origin = row.origin
    head = {
        "submission_id": origin.submission_id,
        "row": origin.row_number,
        "city": origin.city,
        "period": str(origin.period),
        "removed": row.report is None,
    }
    match row:
        case EnterpriseRow(uscc=uscc, report=firm):
            content = None if firm is None else Firm.model_validate(_fields(firm))
            return EnterpriseReported.model_validate({**head, "uscc": uscc, "firm": content}), uscc
        case ProjectRow(code=code, report=project):
            content_ = None if project is None else Project.model_validate(_fields(project))
            return ProjectReported.model_validate({**head, "code": code, "project": content_}), code
        case RatingRow(uscc=uscc, year=year, report=rated):
            rating = None if rated is None else Rating.model_validate(_fields(rated))
            return RatingReported.model_validate({**head, "uscc": uscc, "year": year, "rating": rating}), uscc
        case RecognitionRow(uscc=uscc, kind=kind, batch=batch, report=granted):
            title = None if granted is None else Recognition.model_validate(_fields(granted))
            names = {"uscc": uscc, "kind": kind, "batch": batch, "recognition": title}
            return RecognitionReported.model_validate({**head, **names}), uscc
        case IndicatorRow(cell=cell, report=figure):
            value = None if figure is None else IndicatorValue.model_validate(_fields(figure))
            names_ = {
                "indicator": cell.indicator,
                "area": cell.area,
                "value_period": str(cell.value_period),
                "measure": cell.measure,
                "basis": cell.basis,
                "figure": value,
            }
            return IndicatorReported.model_validate({**head, **names_}), f"{cell.indicator}|{cell.area}"


def _fields(report: FirmReport | ProjectReport | RatingReport | RecognitionReport | FigureReport) -> dict[str, object]:
    return report._asdict()
