"""CloudEvents attributes survive the headers; what is missing or malformed is named."""

from datetime import UTC, datetime

import pytest

from shared.adapters.cloudevents import headers_of, metadata_of
from shared.contracts.wire import EventMetadata
from shared.kernel.errors import InvalidMessageError

METADATA = EventMetadata(
    id="sub_1:7",
    source="/planwatch/ingest/stats",
    type="planwatch.project.reported.v1",
    time=datetime(2024, 7, 1, tzinfo=UTC),
    recorded_at=datetime(2024, 7, 26, 8, 30, tzinfo=UTC),
    sequence=42,
    partition_key="2409-321302-89-01-557559",
    correlation_id="c-1",
)


def test_metadata_survives_the_headers() -> None:
    assert metadata_of(headers_of(METADATA)) == METADATA


def test_headers_follow_the_binary_mode_and_sort_as_text() -> None:
    headers = dict(headers_of(METADATA))
    assert headers["ce_specversion"] == b"1.0"
    assert headers["content-type"] == b"application/json"
    assert headers["ce_sequence"] == b"00000000000000000042"


@pytest.mark.parametrize(
    "name", ["ce_id", "ce_source", "ce_type", "ce_time", "ce_recordedtime", "ce_sequence", "ce_partitionkey"]
)
def test_a_missing_attribute_is_named(name: str) -> None:
    headers = [(key, value) for key, value in headers_of(METADATA) if key != name]
    with pytest.raises(InvalidMessageError, match=name):
        metadata_of(headers)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ce_sequence", b"many"),
        ("ce_sequence", b"-5"),
        ("ce_sequence", "４２".encode()),
        ("ce_time", b"yesterday"),
        ("ce_time", b"2024-07-01T00:00:00"),
        ("ce_recordedtime", b"0001-01-01T00:00:00+14:00"),
        ("ce_source", b"\xff"),
        ("ce_correlationid", b"c\x00"),
    ],
)
def test_a_malformed_attribute_is_refused(name: str, value: bytes) -> None:
    headers = [(key, value if key == name else old) for key, old in headers_of(METADATA)]
    with pytest.raises(InvalidMessageError):
        metadata_of(headers)
