from datetime import date
from decimal import Decimal

import orjson
import pytest

from services.rules.adapters.row_events import decode_event, submission_and_row
from services.rules.domain.feed import Feed
from shared.adapters.consumer_loop import Received
from shared.adapters.outbox import OutgoingEvent
from shared.kernel.errors import InvalidMessageError
from tests.contracts.rules_messages import closing_message, messages, row_message
from tests.contracts.rules_rows import (
    MakeRow,
    cell,
    figure,
    firm,
    gone_figure,
    gone_firm,
    gone_project,
    gone_rating,
    gone_recognition,
    project,
    push,
    rating,
    recognition,
)

GROWTH = cell("growth", "2024-05", measure="growth", basis="ytd")
EVERY_ROW: list[tuple[Feed, MakeRow]] = [
    (Feed.ENTERPRISES, firm("x", entered_on=date(2024, 3, 1), energy_ytd_tce=Decimal("12.50"), employees=7)),
    (Feed.ENTERPRISES, gone_firm("x")),
    (Feed.PROJECTS, project("p", owner_uscc="x", production_on=date(2024, 9, 1))),
    (Feed.PROJECTS, gone_project("p")),
    (Feed.RATINGS, rating("x", 2023, "D", score=Decimal("38.5"))),
    (Feed.RATINGS, gone_rating("x", 2023)),
    (Feed.RECOGNITIONS, recognition("x", "national_giant", "第六批", name="示例企业", revoked_on=date(2024, 6, 1))),
    (Feed.RECOGNITIONS, gone_recognition("x", "national_giant", "第六批")),
    (Feed.INDICATORS, figure(GROWTH, "17.1", status="provisional")),
    (Feed.INDICATORS, gone_figure(GROWTH)),
]


def received(event: OutgoingEvent, **changes: bytes) -> Received:
    headers = tuple((name, changes.get(name, value)) for name, value in event.headers)
    return Received(topic=event.topic, partition=0, offset=0, key=event.key.encode(), value=event.body, headers=headers)


def with_body(event: OutgoingEvent, **changes: object) -> Received:
    return received(event)._replace(value=orjson.dumps({**orjson.loads(event.body), **changes}))


ROW = row_message(push(Feed.PROJECTS, "2024-06", [project("p")], sequence=3).rows[0])


@pytest.mark.parametrize(("feed", "make"), EVERY_ROW)
def test_what_ingest_sends_is_read_back_whole(feed: Feed, make: MakeRow) -> None:
    sent = push(feed, "2024-06", [make], sequence=3)
    assert decode_event(received(messages(sent)[0])) == sent.rows[0]


def test_an_announcement_is_read_back_whole() -> None:
    sent = push(Feed.RATINGS, "2024-01/P2M", [], sequence=3, simulated=True, authority="示例统计局")
    assert decode_event(received(closing_message(sent))) == sent.announcement


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        pytest.param(received(ROW, ce_type=b"planwatch.unknown.v1"), "unknown event type", id="unknown type"),
        pytest.param(received(ROW, ce_id=b"sub_000003:2"), "is not that of row", id="another row's id"),
        pytest.param(received(ROW, ce_source=b"/elsewhere"), "unknown source", id="another source"),
        pytest.param(received(ROW, ce_sequence=str(2**63).encode()), "out of range", id="sequence too large"),
        pytest.param(received(ROW)._replace(value=b"{"), "breaks its contract", id="no JSON"),
        pytest.param(received(ROW)._replace(headers=()), "is missing", id="no headers"),
        pytest.param(with_body(ROW, period="2024-02/P2M"), "jointly", id="no such period"),
        pytest.param(with_body(ROW, project=None), "exactly when", id="no content"),
        pytest.param(with_body(ROW, code="p\x00"), "NUL", id="a NUL character"),
    ],
)
def test_what_breaks_the_contract_is_invalid(message: Received, reason: str) -> None:
    with pytest.raises(InvalidMessageError, match=reason):
        decode_event(message)


def test_headers_tell_which_row_a_parked_message_was() -> None:
    assert submission_and_row(received(ROW)) == ("sub_000003", 1)


@pytest.mark.parametrize("identifier", [b"", b"sub_1:published", b":5", b"sub_1:99999999999", "sub_1:٣".encode()])
def test_headers_that_name_no_row_tell_nothing(identifier: bytes) -> None:
    assert submission_and_row(received(ROW, ce_id=identifier)) is None
