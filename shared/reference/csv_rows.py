"""Reads a reference CSV: UTF-8, a header row, every row complete; an error names file and line."""

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from shared.reference.errors import BadReferenceFileError

T = TypeVar("T")


def read_rows(path: Path, columns: Sequence[str], build: Callable[[dict[str, str]], T]) -> Iterator[T]:
    """Yield `build(row)` for each row; `build` raises ValueError for a row that is wrong."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames is None or list(reader.fieldnames) != list(columns):
            raise BadReferenceFileError(f"{path}:1: the columns must be {','.join(columns)}")
        for row in reader:
            if None in row or None in row.values():
                raise BadReferenceFileError(f"{path}:{reader.line_num}: the row does not have {len(columns)} columns")
            try:
                yield build(row)
            except ValueError as error:
                raise BadReferenceFileError(f"{path}:{reader.line_num}: {error}") from error
