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
