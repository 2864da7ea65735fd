from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.query.domain.cursor import KeyKind, decode_cursor, encode_cursor
from services.query.domain.errors import InvalidCursorError

AT = datetime(2025, 5, 28, 2, 4, 0, 123456, tzinfo=UTC)
KINDS = [KeyKind.INSTANT, KeyKind.DATE, KeyKind.INTEGER, KeyKind.TEXT]


def test_a_cursor_gives_back_its_position_exactly() -> None:
    position: list[str | int | date | datetime] = [AT, date(2025, 8, 31), 7, "宿迁/m1@2025"]
    text = encode_cursor("alerts", {"state": ["open"]}, position)
    assert decode_cursor(text, "alerts", {"state": ["open"]}, KINDS) == tuple(position)


@pytest.mark.parametrize(
    ("listing", "filters", "kinds"),
    [
        pytest.param("signals", {"kind": "x"}, [KeyKind.INTEGER], id="another list"),
        pytest.param("alerts", {"kind": "y"}, [KeyKind.INTEGER], id="other filters"),
        pytest.param("alerts", {}, [KeyKind.INTEGER], id="no filters"),
        pytest.param("alerts", {"kind": "x"}, [KeyKind.TEXT], id="another type of key"),
        pytest.param("alerts", {"kind": "x"}, [KeyKind.INTEGER, KeyKind.TEXT], id="more keys"),
    ],
)
def test_a_foreign_cursor_is_refused(listing: str, filters: dict[str, object], kinds: list[KeyKind]) -> None:
    text = encode_cursor("alerts", {"kind": "x"}, [7])
    with pytest.raises(InvalidCursorError):
        decode_cursor(text, listing, filters, kinds)


@given(st.text(max_size=60))
def test_any_other_text_is_refused_never_an_error_of_another_kind(text: str) -> None:
    with pytest.raises(InvalidCursorError):
        decode_cursor(text, "alerts", {}, KINDS)


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1])
def test_an_integer_the_database_cannot_hold_is_refused(value: int) -> None:
    text = encode_cursor("alerts", {}, [value])
    with pytest.raises(InvalidCursorError):
        decode_cursor(text, "alerts", {}, [KeyKind.INTEGER])


@pytest.mark.parametrize(
    ("value", "kind"),
    [("2025-05-28T02:04:00", KeyKind.INSTANT), ("28 May", KeyKind.DATE), ("a\x00b", KeyKind.TEXT)],
    ids=["instant without offset", "no date", "NUL"],
)
def test_a_key_the_database_would_refuse_is_refused_before(value: str, kind: KeyKind) -> None:
    text = encode_cursor("alerts", {}, [value])
    with pytest.raises(InvalidCursorError):
        decode_cursor(text, "alerts", {}, [kind])
