"""Opaque keyset cursors: where a list goes on, bound to the list and its filters."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum

from services.query.domain.errors import InvalidCursorError
from shared.kernel.ids import text_hash

Position = tuple[str | int | date | datetime, ...]


class KeyKind(StrEnum):
    """The type of one sort key."""

    TEXT = "text"
    INTEGER = "integer"
    DATE = "date"
    INSTANT = "instant"


def encode_cursor(listing: str, filters: Mapping[str, object], position: Sequence[str | int | date | datetime]) -> str:
    """Return the text that resumes `listing` with the same `filters` after `position`."""
    body = json.dumps([_binding(listing, filters), *(_written(value) for value in position)], ensure_ascii=False)
    return base64.urlsafe_b64encode(body.encode()).decode().rstrip("=")


def decode_cursor(text: str, listing: str, filters: Mapping[str, object], kinds: Sequence[KeyKind]) -> Position:
    """Return the position; raise InvalidCursorError for a text this list with these filters did not issue."""
    try:
        body = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
        if not isinstance(body, list) or len(body) != len(kinds) + 1 or body[0] != _binding(listing, filters):
            raise InvalidCursorError("the cursor belongs to another list or other filters")
        return tuple(_read(value, kind) for value, kind in zip(body[1:], kinds, strict=True))
    except (binascii.Error, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise InvalidCursorError("the cursor cannot be read") from error


def _binding(listing: str, filters: Mapping[str, object]) -> str:
    given = sorted((name, str(value)) for name, value in filters.items() if value is not None)
    return text_hash(json.dumps([listing, given], ensure_ascii=False))[:12]


def _written(value: str | int | date | datetime) -> str | int:
    return value.isoformat() if isinstance(value, date) else value


def _read(value: object, kind: KeyKind) -> str | int | date | datetime:
    if kind is KeyKind.INTEGER:
        if type(value) is not int or not -(2**63) <= value < 2**63:
            raise ValueError("not a 64-bit integer")
        return value
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError("not a text")
    match kind:
        case KeyKind.TEXT:
            value.encode()  # PostgreSQL keeps no lone surrogates
            return value
        case KeyKind.DATE:
            return date.fromisoformat(value)
        case KeyKind.INSTANT:
            return _instant(value)


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("an instant without an offset")
    return instant.astimezone(UTC)
