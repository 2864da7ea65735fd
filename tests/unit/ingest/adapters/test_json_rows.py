"""JSON bodies as streams."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.adapters.json_rows import JsonRows
from services.ingest.domain.errors import MalformedBodyError
from services.ingest.domain.row_check import UnreadableRow


def _read(body: bytes) -> tuple[dict[str, Any], list[Any]]:
    reader = JsonRows(BytesIO(body))
    return dict(reader.envelope()), list(reader.rows())


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"period":"2024-06","reason":"error","rows":[{"a":"x"}]}', id="rows last"),
        pytest.param(b'{"rows":[{"a":"x"}],"period":"2024-06","reason":"error"}', id="rows first"),
        pytest.param(b'{"period":"2024-06", "rows" : [ {"a":"x"} ] , "reason":"error"}\n', id="rows between"),
    ],
)
def test_members_of_the_envelope_come_in_any_order(body: bytes) -> None:
    assert _read(body) == ({"period": "2024-06", "reason": "error"}, [{"a": "x"}])


def test_member_between_rows_and_another_array_is_not_missed() -> None:
    envelope, _ = _read(b'{"period":"2024-06","rows":[],"action":"delete","extra":[1]}')
    assert envelope == {"period": "2024-06", "action": "delete", "extra": []}


def test_members_far_behind_the_rows_are_not_missed() -> None:
    behind = b',"action":"delete","reference":"' + b"x" * 70_000 + b'","extra":[]}'
    envelope, _ = _read(b'{"period":"2024-06","rows":[]' + behind)
    assert (envelope["action"], envelope["extra"]) == ("delete", [])


def test_names_with_dots_or_without_letters_are_members_too() -> None:
    envelope, rows = _read(b'{"rows.item":{"a":1},"a.b":1,"":2,"rows":[]}')
    assert envelope == {"rows.item": {}, "a.b": 1, "": 2}
    assert rows == []


def test_byte_order_mark_is_no_part_of_the_text() -> None:
    assert _read(b'\xef\xbb\xbf{"period":"2024-06","rows":[]}') == ({"period": "2024-06"}, [])


def test_column_named_twice_spoils_its_row_only() -> None:
    _, [first, second] = _read(b'{"rows":[{"a":1,"a":2},{"a":[1,{"b":2}]}]}')
    assert isinstance(first, UnreadableRow)
    assert (first.flaw.code, first.column, second) == ("row.member_duplicate", "a", {"a": []})


def test_many_long_rows_are_no_long_row() -> None:
    body = b'{"rows":[' + b",".join(b'{"a":"' + b"x" * 300_000 + b'"}' for _ in range(10)) + b"]}"
    assert len(_read(body)[1]) == 10


def test_numbers_stay_exact() -> None:
    assert _read(b'{"rows":[{"a":0.1,"b":1234.5600,"c":7}]}')[1] == [
        {"a": Decimal("0.1"), "b": Decimal("1234.5600"), "c": 7}
    ]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param(b'{"period":"2024-06"}', "body.rows_missing", id="no rows"),
        pytest.param(b'{"rows":{}}', "body.rows_missing", id="rows are an object"),
        pytest.param(b'{"rows":3}', "body.rows_missing", id="rows are a number"),
        pytest.param(b"[]", "body.not_an_object", id="array"),
        pytest.param(b'"x"', "body.not_an_object", id="text"),
        pytest.param(b"", "body.malformed", id="empty"),
        pytest.param(b'{"rows":[{"a":1}', "body.malformed", id="cut off"),
        pytest.param(b'{"rows":[{"a":1},]}', "body.malformed", id="comma too many"),
        pytest.param(b'{"rows":[{"a":"\xff"}]}', "body.malformed", id="not UTF-8"),
        pytest.param(b'{"rows":[]} x', "body.malformed", id="more behind it"),
        pytest.param(b'{"period":"2024-05","period":"2024-06","rows":[]}', "body.member_duplicate", id="member twice"),
        pytest.param(b'{"rows":[{}],"rows":[{}]}', "body.member_duplicate", id="rows twice"),
        pytest.param(b'{"rows":[{"a":1e99999999999999999999}]}', "body.malformed", id="no decimal"),
        pytest.param(b'{"rows":[{"a":' + b"9" * 5_000 + b"}]}", "body.number_too_long", id="number ends the parser"),
        pytest.param(b'{"period":' + b"9" * 70_000 + b',"rows":[]}', "body.number_too_long", id="number in envelope"),
        pytest.param(b'{"rows":[' + b"[" * 20_000, "body.too_deep", id="nesting fills the memory"),
        pytest.param(b'{"x":' + b'{"a":' * 20_000, "body.too_deep", id="nesting in the envelope"),
        pytest.param(b'{"rows":[{"a":"' + b"x" * 3_000_000 + b'"}]}', "body.part_too_long", id="endless row"),
        pytest.param(b'{"rows":[],"a":"' + b"x" * 3_000_000 + b'"}', "body.part_too_long", id="endless envelope"),
    ],
)
def test_malformed_bodies_are_refused(body: bytes, code: str) -> None:
    with pytest.raises(MalformedBodyError) as caught:
        _read(body)
    assert caught.value.flaw.code == code


_scalars = st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.text(max_size=10))


@given(
    st.dictionaries(st.sampled_from(["period", "action", "reason", 'odd ],"x":']), _scalars, max_size=4),
    st.lists(st.dictionaries(st.text(min_size=1, max_size=5), _scalars, max_size=3), max_size=5),
    st.randoms(use_true_random=False),
)
def test_what_was_written_is_read(envelope: dict[str, Any], rows: list[Any], random: Any) -> None:
    members = [*envelope.items(), ("rows", rows)]
    random.shuffle(members)
    assert _read(orjson.dumps(dict(members))) == (envelope, rows)
