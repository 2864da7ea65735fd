"""Reads `{…envelope, "rows": […]}` as a stream, envelope members in any order; numbers stay exact decimals."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, BinaryIO

import ijson
from ijson.common import JSONError

from services.ingest.domain.errors import Flaw, MalformedBodyError

ROWS = "rows"
_BUFFER_BYTES = 64 * 1024
_TAIL_BYTES = 64 * 1024
_ENDS_WITH_ARRAY = re.compile(rb"\]\s*\}\s*\Z")
_MEMBER_AFTER_ARRAY = re.compile(rb'\]\s*,\s*"(?:[^"\\]|\\.)*"\s*:')
_MALFORMED = Flaw("body.malformed", "请求体不是合法的 JSON。", "The body is not valid JSON.")
_NO_OBJECT = Flaw(
    "body.not_an_object",
    "请求体应为一个 JSON 对象，含 period、rows 等项。",
    "The body must be one JSON object with period, rows and so on.",
)
_NO_ROWS = Flaw("body.rows_missing", "缺少 rows（数组）。", "The array `rows` is missing.")


class JsonRows:
    """One JSON body. It is read once for the envelope, mostly only up to the rows, and once for the rows."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def envelope(self) -> Mapping[str, object]:
        """Return every member but `rows`; raise MalformedBodyError when the body is no object with rows."""
        self._file.seek(0)
        with _positioned(self._file):
            return _read_envelope(self._file, read_all=self._has_members_after_rows())

    def header(self) -> frozenset[str] | None:
        """Each row names its own columns."""
        return None

    def rows(self) -> Iterator[object]:
        """Read the rows."""
        self._file.seek(0)
        with _positioned(self._file):
            yield from ijson.items(self._file, f"{ROWS}.item", use_float=False, buf_size=_BUFFER_BYTES)

    def _has_members_after_rows(self) -> bool:
        """Whether anything may follow the rows; only then the whole body must be read to know the envelope."""
        size = self._file.seek(0, 2)
        self._file.seek(max(0, size - _TAIL_BYTES))
        tail = self._file.read()
        self._file.seek(0)
        return _ENDS_WITH_ARRAY.search(tail) is None or _MEMBER_AFTER_ARRAY.search(tail) is not None


def _read_envelope(file: BinaryIO, *, read_all: bool) -> dict[str, object]:
    envelope: dict[str, object] = {}
    has_rows = False
    events = ijson.parse(file, use_float=False, buf_size=_BUFFER_BYTES)
    if next(events, None) != ("", "start_map", None):
        raise MalformedBodyError(_NO_OBJECT)
    for prefix, event, value in events:
        if prefix == ROWS and event == "start_array":
            has_rows = True
            if not read_all:
                return envelope
        elif prefix and event != "map_key" and "." not in prefix:
            _take_member(envelope, prefix, event, value)
    if not has_rows:
        raise MalformedBodyError(_NO_ROWS)
    return envelope


def _take_member(envelope: dict[str, object], name: str, event: str, value: Any) -> None:
    """Keep a member's scalar; an array or object stands for itself by its kind, so that it is refused."""
    if name == ROWS:
        if event != "end_array":
            raise MalformedBodyError(_NO_ROWS)
        return
    if not event.startswith("end_"):
        envelope[name] = {"start_map": {}, "start_array": []}.get(event, value)


@contextmanager
def _positioned(file: BinaryIO) -> Iterator[None]:
    """Turn the parser's errors into MalformedBodyError with the byte up to which the file was read."""
    try:
        yield
    except (JSONError, UnicodeDecodeError) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise MalformedBodyError(_MALFORMED, position=f"byte ≤ {file.tell()}: {reason}") from error
