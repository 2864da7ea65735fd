"""Reads `{…envelope, "rows": […]}` as a stream, envelope members in any order; numbers stay exact decimals.

The parser alone would take a number or a nesting of any length: a long number ends the process, nesting fills the
memory. Both are refused before it meets them.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, BinaryIO

import ijson
from ijson.common import JSONError

from services.ingest.domain.errors import Flaw, MalformedBodyError
from services.ingest.domain.row_check import UnreadableRow

ROWS = "rows"
_BUFFER_BYTES = 64 * 1024
_TAIL_BYTES = 64 * 1024
_LONGEST_PART_BYTES = 1024 * 1024
"""One row, or the envelope, is no longer."""
_MOST_DIGITS = 500
_DEEPEST = 64
_LONGEST_NAME = 100
_BOM = b"\xef\xbb\xbf"
_DIGITS_ALIKE = bytes(ord("0") if byte in b"0123456789" else ord(" ") for byte in range(256))
_TOO_MANY_DIGITS = b"0" * _MOST_DIGITS
_MALFORMED = Flaw("body.malformed", "请求体不是合法的 JSON。", "The body is not valid JSON.")
_NO_OBJECT = Flaw(
    "body.not_an_object",
    "请求体应为一个 JSON 对象，含 period、rows 等项。",
    "The body must be one JSON object with period, rows and so on.",
)
_NO_ROWS = Flaw("body.rows_missing", "缺少 rows（数组）。", "The array `rows` is missing.")
_TWICE = Flaw("body.member_duplicate", "请求体中有重复的项。", "The body names a member twice.")
_LONG = Flaw("body.part_too_long", "有一条记录或信封过长。", "A row, or the envelope, is too long.")
_DIGITS = Flaw("body.number_too_long", "有一个数字过长。", "A number has too many digits.")
_DEEP = Flaw("body.too_deep", "嵌套过深。", "The body is nested too deeply.")
_ROW_TWICE = Flaw("row.member_duplicate", "同一条记录中有重复的列。", "The row names a column twice.")
_COMPOSITES: dict[str, object] = {"start_map": {}, "start_array": []}

Events = Iterator[tuple[str, Any]]


class JsonRows:
    """One JSON body. It is read once for the envelope, mostly only up to the rows, and once for the rows."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def envelope(self) -> Mapping[str, object]:
        """Return every member but `rows`; raise MalformedBodyError when the body is no object with rows."""
        ends_with_rows = self._ends_with_rows()
        source = _Source(self._file)
        with _positioned(self._file):
            return _read_envelope(_events(source), source, ends_with_rows=ends_with_rows)

    def header(self) -> frozenset[str] | None:
        """Each row names its own columns."""
        return None

    def rows(self) -> Iterator[object]:
        """Read the rows."""
        source = _Source(self._file)
        with _positioned(self._file):
            events = _events(source)
            for name, event, value in _members(events):
                if name == ROWS and event == "start_array":
                    yield from _elements(events, source)
                else:
                    _plain(event, value, events)

    def _ends_with_rows(self) -> bool:
        """Whether no member can follow the rows: the body's only `]` is its last character but the brace."""
        size = self._file.seek(0, 2)
        tail_at = max(0, size - _TAIL_BYTES)
        self._file.seek(tail_at)
        tail = self._file.read().rstrip()
        if not tail.endswith(b"}"):
            return False
        inner = tail[:-1].rstrip()
        return inner.endswith(b"]") and self._first_bracket() == tail_at + len(inner) - 1

    def _first_bracket(self) -> int:
        self._file.seek(0)
        at = 0
        while piece := self._file.read(_BUFFER_BYTES):
            found = piece.find(b"]")
            if found >= 0:
                return at + found
            at += len(piece)
        return -1


class _Source:
    """The file as the parser reads it: without BOM, each part of bounded length, no endless number."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._file.seek(0)
        self._since_part = 0
        self._tail = b""

    def read(self, size: int) -> bytes:
        """Return the next piece; raise MalformedBodyError when a part or a number is too long."""
        is_start = self._file.tell() == 0
        piece = self._file.read(size)
        self._since_part += len(piece)
        if self._since_part > _LONGEST_PART_BYTES + _BUFFER_BYTES:
            raise MalformedBodyError(_LONG, position=f"byte ≤ {self._file.tell()}")
        alike = self._tail + piece.translate(_DIGITS_ALIKE)
        if _TOO_MANY_DIGITS in alike:
            raise MalformedBodyError(_DIGITS, position=f"byte ≤ {self._file.tell()}")
        self._tail = alike[-_MOST_DIGITS:]
        return piece.removeprefix(_BOM) if is_start else piece

    def start_part(self) -> None:
        """A part was read to its end; the next one begins."""
        self._since_part = 0


def _events(source: _Source) -> Events:
    events: Events = ijson.basic_parse(source, use_float=False, buf_size=_BUFFER_BYTES)
    return events


def _read_envelope(events: Events, source: _Source, *, ends_with_rows: bool) -> dict[str, object]:
    envelope: dict[str, object] = {}
    has_rows = False
    for name, event, value in _members(events):
        if name in envelope or (name == ROWS and has_rows):
            raise MalformedBodyError(_TWICE, position=name[:_LONGEST_NAME])
        if name != ROWS:
            envelope[name] = _plain(event, value, events)
            continue
        if event != "start_array":
            raise MalformedBodyError(_NO_ROWS)
        if ends_with_rows:
            return envelope
        has_rows = True
        for _ in _elements(events, source):
            pass
    if not has_rows:
        raise MalformedBodyError(_NO_ROWS)
    return envelope


def _members(events: Events) -> Iterator[tuple[str, str, Any]]:
    """Yield each member's name with the first event of its value; the caller reads the value to its end."""
    if next(events, None) != ("start_map", None):
        raise MalformedBodyError(_NO_OBJECT)
    for event, name in events:
        if event == "map_key":
            yield name, *next(events)


def _elements(events: Events, source: _Source) -> Iterator[object]:
    for event, value in events:
        source.start_part()
        if event == "end_array":
            return
        yield _row(events) if event == "start_map" else _plain(event, value, events)


def _row(events: Events) -> object:
    row: dict[str, object] = {}
    twice: str | None = None
    for event, name in events:
        if event == "end_map":
            break
        if name in row:
            twice = name
        event, value = next(events)
        row[name] = _plain(event, value, events) if event in _COMPOSITES else value
    return row if twice is None else UnreadableRow(_ROW_TWICE, twice)


def _plain(event: str, value: Any, events: Events) -> object:
    """Return a scalar; an array or object is skipped and stands for itself by its kind, so that it is refused."""
    if event not in _COMPOSITES:
        return value
    depth = 1
    while depth:
        inner, _ = next(events)
        depth += inner.startswith("start_") - inner.startswith("end_")
        if depth > _DEEPEST:
            raise MalformedBodyError(_DEEP)
    return _COMPOSITES[event]


@contextmanager
def _positioned(file: BinaryIO) -> Iterator[None]:
    """Turn the parser's errors into MalformedBodyError with the byte up to which the file was read."""
    try:
        yield
    except (JSONError, UnicodeDecodeError, ArithmeticError) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise MalformedBodyError(_MALFORMED, position=f"byte ≤ {file.tell()}: {reason}") from error
