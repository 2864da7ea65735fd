"""Events composed from stored rows are exactly what the wire contract says."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from services.ingest.adapters.row_encoding import encode_content
from services.ingest.adapters.row_events import closing_event, row_events
from services.ingest.application.ports import PendingSubmission, PublishableRow
from services.ingest.domain.envelope import Action, Envelope
from services.ingest.domain.feeds import FEED_TABLES, FeedName
from services.ingest.domain.row_check import RowCheck
from shared.adapters.cloudevents import metadata_of
from shared.adapters.outbox import OutgoingEvent
from shared.contracts.submissions import SubmissionPublished
from shared.contracts.topics import FEED_TOPICS
from shared.kernel.period import Period
from tests.contracts.ingest_submissions import REFERENCE, T0, TODAY, figure, firm, project, rating, recognition, sender

ROWS: dict[str, dict[str, Any]] = {
    "enterprises": firm(1, entered_on="2024-03-01", entry_kind="new", energy_ytd="1.5", employees=3),
    "projects": project(1, started_on="2024-05-01"),
    "ratings": rating(1),
    "recognitions": recognition(1, batch='2024年"第一批"|补充', revoked_on="2024-06-12"),
    "indicators": figure(period="2023-12", value="-3.50"),
}
KEYS = {
    "enterprises": firm(1)["uscc"],
    "projects": project(1)["code"],
    "ratings": rating(1)["uscc"],
    "recognitions": recognition(1)["uscc"],
    "indicators": "industrial-sales|321300",
}


def _pending(feed: str) -> PendingSubmission:
    return PendingSubmission(
        submission_id="sub_1",
        sequence=42,
        source="example-bureau",
        authority="示例市统计局",
        simulated=True,
        city="321300",
        feed=feed,
        period="2024-06",
        action="merge",
        reason=None,
        reference=None,
        row_events=1,
        published_row=0,
        recorded_at=datetime(2024, 7, 20, 1, 2, 3, 4, tzinfo=UTC),
        correlation_id="correlation-1",
    )


def _event(feed: str, *, removed: bool = False) -> OutgoingEvent:
    envelope = Envelope(period=Period.parse("2024-06"), action=Action.MERGE, reason=None, reference=None, area=None)
    check = RowCheck(FEED_TABLES[FeedName(feed)], envelope, sender(), reference=REFERENCE, today=TODAY)
    checked = check.check(ROWS[feed])
    assert checked is not None
    content = None if removed else encode_content(checked.content)[0]
    [event] = row_events(_pending(feed), [PublishableRow(7, checked.cell, content)], prefix="test.")
    return event


@pytest.mark.parametrize("feed", list(ROWS))
@pytest.mark.parametrize("removed", [False, True])
def test_body_is_the_contract_and_nothing_else(feed: str, *, removed: bool) -> None:
    topic, event = FEED_TOPICS[feed], _event(feed, removed=removed)
    parsed = topic.event.model_validate_json(event.body, strict=False, extra="forbid")
    assert orjson.loads(parsed.model_dump_json()) == orjson.loads(event.body)
    assert (parsed.removed, parsed.row, parsed.city) == (removed, 7, "321300")  # type: ignore[attr-defined]
    assert (event.topic, event.key) == (topic.full_name("test."), KEYS[feed])


@pytest.mark.parametrize("feed", list(ROWS))
def test_headers_are_cloudevents_with_a_deterministic_id(feed: str) -> None:
    event = _event(feed)
    metadata = metadata_of(event.headers)
    assert (metadata.id, metadata.source) == ("sub_1:7", "/planwatch/ingest/example-bureau")
    assert (metadata.type, metadata.partition_key) == (FEED_TOPICS[feed].event_type, event.key)
    assert (metadata.sequence, metadata.correlation_id) == (42, "correlation-1")
    assert metadata.recorded_at > T0
    assert len(event.headers) == len({name for name, _ in event.headers})
    ends = "2024-01-01" if feed == "indicators" else "2024-07-01"
    assert metadata.time.isoformat() == f"{ends}T00:00:00+08:00"


def test_a_batch_is_sent_as_it_was_written() -> None:
    event = orjson.loads(_event("recognitions").body)
    assert (event["kind"], event["batch"]) == ("cloud_star", '2024年"第一批"|补充')


def test_closing_event_counts_the_rows() -> None:
    event = closing_event(_pending("projects"), prefix="test.")
    published = SubmissionPublished.model_validate_json(event.body)
    assert (published.events, published.sequence, published.simulated) == (1, 42, True)
    assert published.authority == "示例市统计局"
    assert metadata_of(event.headers).id == "sub_1:published"
    assert event.key == "321300"
