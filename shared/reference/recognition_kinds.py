"""Kinds of recognition a firm can be granted, with the levels each has (`data/recognition_kinds.csv`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shared.reference.csv_rows import read_rows

_COLUMNS = ("kind", "name_zh", "name_en", "levels", "granted_by")


@dataclass(frozen=True, slots=True)
class RecognitionKind:
    """A title: its levels from the highest to the lowest, and who grants it."""

    kind: str
    name_zh: str
    name_en: str
    levels: tuple[str, ...]
    granted_by: str


@dataclass(frozen=True, slots=True)
class RecognitionKinds:
    """All known kinds."""

    by_kind: Mapping[str, RecognitionKind]

    @classmethod
    def load(cls, path: Path) -> "RecognitionKinds":
        """Read `data/recognition_kinds.csv`."""
        return cls({kind.kind: kind for kind in read_rows(path, _COLUMNS, _kind)})

    def find(self, kind: str) -> RecognitionKind | None:
        """Return the kind of this id."""
        return self.by_kind.get(kind)


def _kind(row: dict[str, str]) -> RecognitionKind:
    return RecognitionKind(
        kind=row["kind"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        levels=tuple(row["levels"].split()),
        granted_by=row["granted_by"],
    )
