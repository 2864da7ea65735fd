"""CloudEvents 1.0 in Kafka's binary mode: attributes are `ce_` headers, the value is the data."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache

from shared.contracts.wire import EventMetadata
from shared.kernel.errors import InvalidMessageError

SPEC_VERSION = "1.0"
CONTENT_TYPE = "application/json"
SEQUENCE_DIGITS = 20

Headers = list[tuple[str, bytes]]


def headers_of(metadata: EventMetadata) -> Headers:
    """Return the Kafka headers; `sequence` is zero-padded so that it also sorts as text."""
    return [
        ("ce_specversion", SPEC_VERSION.encode()),
        ("ce_id", metadata.id.encode()),
        ("ce_source", metadata.source.encode()),
        ("ce_type", metadata.type.encode()),
        ("ce_time", metadata.time.isoformat().encode()),
        ("ce_recordedtime", metadata.recorded_at.isoformat().encode()),
        ("ce_sequence", f"{metadata.sequence:0{SEQUENCE_DIGITS}d}".encode()),
        ("ce_partitionkey", metadata.partition_key.encode()),
        ("ce_correlationid", metadata.correlation_id.encode()),
        ("content-type", CONTENT_TYPE.encode()),
    ]


def metadata_of(headers: Iterable[tuple[str, bytes]]) -> EventMetadata:
    """Read the attributes; raise InvalidMessageError naming what is missing or malformed."""
    attributes = dict(headers)
    try:
        return EventMetadata(
            id=_text(attributes, "ce_id"),
            source=_text(attributes, "ce_source"),
            type=_text(attributes, "ce_type"),
            time=_instant(attributes, "ce_time"),
            recorded_at=_instant(attributes, "ce_recordedtime"),
            sequence=_sequence(attributes),
            partition_key=_text(attributes, "ce_partitionkey"),
            correlation_id=_text(attributes, "ce_correlationid"),
        )
    except (ValueError, OverflowError) as error:
        raise InvalidMessageError(f"malformed CloudEvents attribute: {error}") from error


def _text(attributes: Mapping[str, bytes], name: str) -> str:
    value = attributes.get(name)
    if not value:
        raise InvalidMessageError(f"CloudEvents attribute {name} is missing")
    if b"\x00" in value:
        raise InvalidMessageError(f"{name} holds a NUL character, which PostgreSQL cannot keep")
    return value.decode()


def _sequence(attributes: Mapping[str, bytes]) -> int:
    digits = _text(attributes, "ce_sequence")
    if not (digits.isascii() and digits.isdigit()):
        raise InvalidMessageError(f"ce_sequence is no number: {digits!r}")
    return int(digits)


def _instant(attributes: Mapping[str, bytes], name: str) -> datetime:
    instant = _parse_instant(_text(attributes, name))
    if instant.tzinfo is None:
        raise InvalidMessageError(f"{name} has no time zone")
    return instant


@lru_cache(maxsize=256)  # all rows of a submission carry the same two instants
def _parse_instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    instant.astimezone(UTC)  # the first and last hours of the calendar may lie outside it in UTC: OverflowError
    return instant
