"""Writes feed rows as the body of a submission, row by row: JSON with its envelope, or CSV."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import BinaryIO, TextIO

import orjson

from shared.simulation.firm_rows import Row

_ROWS_A_WRITE = 1_000


def write_json(stream: BinaryIO, envelope: Mapping[str, str], rows: Iterable[Row]) -> int:
    """Write `{…envelope, "rows": […]}` as UTF-8 and return the number of rows."""
    stream.write(orjson.dumps(envelope)[:-1] + (b',"rows":[' if envelope else b'"rows":['))
    iterator, count = iter(rows), 0
    while batch := list(islice(iterator, _ROWS_A_WRITE)):
        stream.write((b"," if count else b"") + orjson.dumps(batch)[1:-1])
        count += len(batch)
    stream.write(b"]}")
    return count


def write_csv(stream: TextIO, columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Write a header row and the rows, missing values empty and truth values as true/false; return their number.

    The stream decides the encoding (UTF-8 with or without BOM, GB18030) and is opened with `newline=""`.
    """
    writer = csv.writer(stream)
    writer.writerow(columns)
    count = 0
    for row in rows:
        writer.writerow([_cell(row[column]) for column in columns])
        count += 1
    return count


def _cell(value: str | int | bool | None) -> str | int | None:  # noqa: FBT001  a cell's value, not a switch
    return str(value).lower() if isinstance(value, bool) else value
