"""Reads CSV as a stream: UTF-8 with or without BOM, or GB18030; headings in English or Chinese."""

import codecs
import csv
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from services.ingest.domain.errors import Flaw, MalformedBodyError
from services.ingest.domain.feeds import FeedTable
from services.ingest.domain.row_check import UnreadableRow

_PIECE_BYTES = 256 * 1024
_ENCODINGS = ("utf-8-sig", "gb18030")
_DECLARED = {
    **dict.fromkeys(("utf-8", "utf-8-sig", "ascii"), ("utf-8-sig",)),
    **dict.fromkeys(("gb18030", "gbk", "gb2312"), ("gb18030",)),
}
_BOM = "\ufeff"
_ENCODING = Flaw("body.encoding", "文件编码应为 UTF-8 或 GB18030。", "The file must be encoded in UTF-8 or GB18030.")
_MALFORMED = Flaw("body.malformed", "文件不是合法的 CSV。", "The file is not valid CSV.")
_NO_HEADER = Flaw("body.header_missing", "文件没有表头。", "The file has no header row.")
_HEADER_TWICE = Flaw("body.header_duplicate", "表头有重复的列。", "The header names a column twice.")
_WIDTH = Flaw("row.width", "该行的列数与表头不符。", "This line does not have as many columns as the header.")
_LINE = Flaw("body.line_too_long", "有一行过长，文件可能不是 CSV。", "A line is too long; this may not be CSV.")
_LONGEST_LINE = 1024 * 1024
_QUERY_ONLY = frozenset({"dry_run"})


class CsvRows:
    """One CSV body; its envelope comes from the query."""

    def __init__(
        self, file: BinaryIO, table: FeedTable, query: Mapping[str, str], *, charset: str | None = None
    ) -> None:
        self._file = file
        self._charset = charset
        self._headings = table.headings
        self._query = query
        self._encoding: str | None = None

    def envelope(self) -> Mapping[str, object]:
        """Return the query's members."""
        return {name: value for name, value in self._query.items() if name not in _QUERY_ONLY}

    def header(self) -> frozenset[str] | None:
        """Return the names of the columns."""
        return frozenset(self._names(self._reader()))

    def rows(self) -> Iterator[object]:
        """Read the rows; an empty line is none."""
        reader = self._reader()
        names = self._names(reader)
        while True:
            try:
                values = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise MalformedBodyError(_MALFORMED, position=f"line {reader.line_num}: {error}") from error
            if not any(values):
                continue
            if len(values) != len(names):
                yield UnreadableRow(_WIDTH)
                continue
            yield dict(zip(names, values, strict=True))

    def _reader(self) -> "csv._reader":  # type: ignore[name-defined]  # the type has no public name
        if self._encoding is None:
            self._encoding = detect_encoding(self._file, self._charset)
        self._file.seek(0)
        return csv.reader(_lines(self._file, self._encoding), strict=True)

    def _names(self, reader: Iterator[list[str]]) -> list[str]:
        try:
            header = next(reader, None)
        except csv.Error as error:
            raise MalformedBodyError(_MALFORMED, position=f"line 1: {error}") from error
        if not header or not any(header):
            raise MalformedBodyError(_NO_HEADER, position="line 1")
        names = [self._headings.get(heading.strip(), heading.strip()) for heading in header]
        if len(set(names)) != len(names):
            raise MalformedBodyError(_HEADER_TWICE, position="line 1")
        return names


def detect_encoding(file: BinaryIO, charset: str | None = None) -> str:
    """Return the first of UTF-8 and GB18030 in which the whole file can be read; a declared charset alone counts."""
    for encoding in _ENCODINGS if charset is None else _DECLARED.get(charset, ()):
        if _is_readable(file, encoding):
            return encoding
    raise MalformedBodyError(_ENCODING)


def _is_readable(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while piece := file.read(_PIECE_BYTES):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _lines(file: BinaryIO, encoding: str) -> Iterator[str]:
    """Yield lines with their ends. The file stays open, its owner closes it; a line is bounded, so memory is too."""
    rest = ""
    for text in _decoded(file, encoding):
        *lines, rest = (rest + text).split("\n")
        for line in lines:
            yield f"{line}\n"
        if len(rest) > _LONGEST_LINE:
            raise MalformedBodyError(_LINE)
    if rest:
        yield rest


def _decoded(file: BinaryIO, encoding: str) -> Iterator[str]:
    """Yield the text in pieces, without the mark some editors write at its start, in GB18030 too."""
    decoder = codecs.getincrementaldecoder(encoding)()
    yield decoder.decode(file.read(_PIECE_BYTES)).removeprefix(_BOM)
    while piece := file.read(_PIECE_BYTES):
        yield decoder.decode(piece)
    yield decoder.decode(b"", final=True)
