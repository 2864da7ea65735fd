"""Who publishes figures, ranked: whose figure governs where sources differ (`data/authorities.csv`, design 7.11)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from shared.reference.csv_rows import read_rows
from shared.reference.errors import BadReferenceFileError

_COLUMNS = ("pattern", "rank", "name_zh", "name_en", "note")
_RESERVED = re.compile(r"[%_\\?\[\]\s]")
"""Characters that a pattern language gives a meaning of their own: matching is the same everywhere without them."""


@dataclass(frozen=True, slots=True)
class Authority:
    """Authorities whose name fits a pattern (`*` stands for any words); of two ranks the lower number governs."""

    pattern: str
    rank: int
    name_zh: str
    name_en: str
    note: str


@dataclass(frozen=True, slots=True)
class Authorities:
    """The lines in the order of the file: the first that fits a name says its rank."""

    lines: tuple[Authority, ...]

    @classmethod
    def of(cls, lines: Iterable[Authority]) -> "Authorities":
        """Build from lines; raise BadReferenceFileError for no line at all, or a pattern that stands twice."""
        known: dict[str, Authority] = {}
        for line in lines:
            if line.pattern in known:
                raise BadReferenceFileError(f"the authority {line.pattern} stands in the file twice")
            known[line.pattern] = line
        if not known:
            raise BadReferenceFileError("the file ranks no authority")
        return cls(tuple(known.values()))

    @classmethod
    def load(cls, path: Path) -> "Authorities":
        """Read `data/authorities.csv`."""
        return cls.of(read_rows(path, _COLUMNS, _authority))

    def find(self, name: str) -> Authority | None:
        """Return the line that ranks an authority, None when none does: then it comes last."""
        return next((line for line in self.lines if fnmatchcase(name, line.pattern)), None)


def _authority(row: dict[str, str]) -> Authority:
    pattern, rank = row["pattern"], row["rank"]
    if not pattern.strip("*") or _RESERVED.search(pattern):
        raise ValueError(f"the pattern {pattern!r} must hold words and `*`, without spaces and any of % _ \\ ? [ ]")
    if not (rank.isascii() and rank.isdigit() and 1 <= int(rank) <= 9999):
        raise ValueError(f"the rank {rank!r} of {pattern} is no whole number from 1 to 9999")
    if not all(row[name] for name in ("name_zh", "name_en", "note")):
        raise ValueError(f"{pattern} needs a name in both languages, and a note with the reason of its rank")
    return Authority(pattern, int(rank), row["name_zh"], row["name_en"], row["note"])
