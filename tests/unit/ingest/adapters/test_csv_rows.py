"""CSV bodies as streams: encodings, headings, and what is no CSV."""

from io import BytesIO

import pytest

from services.ingest.adapters.csv_rows import CsvRows
from services.ingest.domain.errors import MalformedBodyError
from services.ingest.domain.feeds import RATINGS

TEXT = 'uscc,year,class,area\n91,2023,D,宿迁\n\n92,2023,"A\nB",沭阳'


def _rows(body: bytes) -> CsvRows:
    return CsvRows(BytesIO(body), RATINGS, {"period": "2024-06", "dry_run": "true"})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_encodings_and_line_ends(encoding: str, line_end: str) -> None:
    reader = _rows(TEXT.replace("\n", line_end).encode(encoding))
    assert reader.header() == frozenset({"uscc", "year", "class", "area"})
    first, second = reader.rows()
    assert first == {"uscc": "91", "year": "2023", "class": "D", "area": "宿迁"}
    assert second == {"uscc": "92", "year": "2023", "class": f"A{line_end}B", "area": "沭阳"}


def test_chinese_headings_are_understood() -> None:
    reader = _rows("统一社会信用代码,评价类别\n91,D".encode("gb18030"))
    assert list(reader.rows()) == [{"uscc": "91", "class": "D"}]


def test_long_gb18030_file_cut_inside_characters_is_read() -> None:
    body = "uscc,area\n" + "91,宿迁市示例区\n" * 60_000
    assert sum(1 for _ in _rows(body.encode("gb18030")).rows()) == 60_000


def test_envelope_is_the_query_without_dry_run() -> None:
    assert _rows(b"").envelope() == {"period": "2024-06"}


@pytest.mark.parametrize(
    ("body", "code", "position"),
    [
        pytest.param(b"", "body.header_missing", "line 1", id="empty"),
        pytest.param(b"uscc,uscc\n", "body.header_duplicate", "line 1", id="column twice"),
        pytest.param(b"uscc,year\n91\n", "body.width", "line 2", id="too short a line"),
        pytest.param(b'uscc,year\n91,"x"y\n', "body.malformed", "line 2", id="text after a quote"),
        pytest.param(b"uscc,year\n91,\xff\xff\n", "body.encoding", None, id="no encoding fits"),
        pytest.param(b"uscc,year\n" + b"9" * 3_000_000, "body.line_too_long", None, id="endless line"),
    ],
)
def test_what_is_no_csv_is_refused_with_its_place(body: bytes, code: str, position: str | None) -> None:
    with pytest.raises(MalformedBodyError) as caught:
        list(_rows(body).rows())
    assert caught.value.flaw.code == code
    assert (caught.value.position or "").split(":")[0] == (position or "")
