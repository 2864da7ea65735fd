"""CSV bodies as streams: encodings, headings, and what is no CSV."""

from io import BytesIO

import pytest

from services.ingest.adapters.csv_rows import CsvRows
from services.ingest.adapters.media_type import format_of
from services.ingest.domain.errors import MalformedBodyError
from services.ingest.domain.feeds import RATINGS
from services.ingest.domain.row_check import UnreadableRow

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


def test_mark_at_the_start_is_no_part_of_the_first_heading() -> None:
    assert _rows("\ufeffuscc,area\n91,宿迁".encode("gb18030")).header() == frozenset({"uscc", "area"})


def test_line_of_another_width_spoils_its_row_only() -> None:
    first, second = _rows(b"uscc,year\n91\n92,2023\n").rows()
    assert isinstance(first, UnreadableRow)
    assert (first.flaw.code, second) == ("row.width", {"uscc": "92", "year": "2023"})


@pytest.mark.parametrize(
    ("charset", "area"), [(None, "模"), ("gb18030", "模"), ("utf-8", None), ("utf-16", None), ("big5", None)]
)
def test_declared_charset_is_the_only_one_tried(charset: str | None, area: str | None) -> None:
    """A broken UTF-8 file would else be read as GB18030, and wrong characters kept."""
    reader = CsvRows(BytesIO("uscc,area\n91,模\n拟,1".encode("gb18030")), RATINGS, {}, charset=charset)
    if area is not None:
        assert next(iter(reader.rows())) == {"uscc": "91", "area": area}
        return
    with pytest.raises(MalformedBodyError) as caught:
        list(reader.rows())
    assert caught.value.flaw.code == "body.encoding"


@pytest.mark.parametrize(
    ("content_type", "charset"),
    [
        ("text/csv", None),
        ("text/csv; charset=UTF8", "utf-8"),
        ("text/csv; charset=GB2312", "gb2312"),
        ("text/csv; charset=cp936", "gbk"),
        ("text/csv; charset=nonsense", "nonsense"),
    ],
)
def test_charset_is_taken_from_the_content_type(content_type: str, charset: str | None) -> None:
    form = format_of(content_type)
    assert form is not None
    assert form.charset == charset


@pytest.mark.parametrize(
    ("body", "code", "position"),
    [
        pytest.param(b"", "body.header_missing", "line 1", id="empty"),
        pytest.param(b"uscc,uscc\n", "body.header_duplicate", "line 1", id="column twice"),
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
