"""Areas: province, cities, counties and functional zones, each with an own id and the years it existed (trap 13).

An id is the GB/T 2260 code; an earlier holder of a reused code is `<code>@<first year>` (`320602@1983` was 城区,
`320602` is 崇川区 of 1991–2020); a zone without a code is `<city>-<pinyin>`. Only years are known of changes, so in
the year of a change both the old and the new area are valid.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, get_args

from shared.reference.csv_rows import read_rows
from shared.reference.errors import BadReferenceFileError, UnknownAreaError

AreaLevel = Literal["province", "city", "county", "zone", "township_zone"]

_LEVELS: Mapping[str, AreaLevel] = {level: level for level in get_args(AreaLevel)}
_COLUMNS = ("id", "name", "level", "parent", "gbt2260", "valid_from", "valid_to", "successor", "source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One area. `valid_from` and `valid_to` are the first and last year, None when unknown or open.

    `successors` are the areas that took it over, or a part of it.
    """

    id: str
    name: str
    level: AreaLevel
    parent: str | None
    gbt2260: str | None
    valid_from: int | None
    valid_to: int | None
    successors: tuple[str, ...]
    source: str

    def is_valid(self, on: date) -> bool:
        """Whether the area existed in the year of this day."""
        return (self.valid_from is None or self.valid_from <= on.year) and (
            self.valid_to is None or on.year <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class Areas:
    """All known areas."""

    by_id: Mapping[str, Area]

    @classmethod
    def of(cls, areas: Iterable[Area]) -> "Areas":
        """Build from areas; raise BadReferenceFileError for a repeated id or an unknown parent."""
        by_id: dict[str, Area] = {}
        for area in areas:
            if area.id in by_id:
                raise BadReferenceFileError(f"the area {area.id} stands in the file twice")
            by_id[area.id] = area
        for area in by_id.values():
            missing = [other for other in (area.parent, *area.successors) if other and other not in by_id]
            if missing:
                raise BadReferenceFileError(f"the area {area.id} names unknown areas: {', '.join(missing)}")
        return cls(by_id)

    @classmethod
    def load(cls, path: Path) -> "Areas":
        """Read `data/areas.csv`."""
        return cls.of(read_rows(path, _COLUMNS, _area))

    def find(self, area_id: str, on: date | None = None) -> Area | None:
        """Return the area of this id if it is known and, with `on`, existed in that year."""
        area = self.by_id.get(area_id)
        return area if area is not None and (on is None or area.is_valid(on)) else None

    def get(self, area_id: str) -> Area:
        """Return the area of this id or raise UnknownAreaError."""
        area = self.by_id.get(area_id)
        if area is None:
            raise UnknownAreaError(f"unknown area: {area_id!r}")
        return area

    def name(self, area_id: str) -> str:
        """Return the name or raise UnknownAreaError."""
        return self.get(area_id).name

    def city_of(self, area_id: str) -> str | None:
        """Return the id of the city the area belongs to (itself for a city), None for a province."""
        return next((area.id for area in self._upwards(area_id) if area.level == "city"), None)

    def is_within(self, area_id: str, ancestor: str) -> bool:
        """Whether the area is this one or lies in it; an unknown area lies nowhere."""
        return area_id in self.by_id and any(area.id == ancestor for area in self._upwards(area_id))

    def within(self, ancestor: str) -> tuple[Area, ...]:
        """Return the area and everything in it, in the order of the file."""
        return tuple(area for area in self.by_id.values() if self.is_within(area.id, ancestor))

    def _upwards(self, area_id: str) -> Iterator[Area]:
        area: Area | None = self.get(area_id)
        while area is not None:
            yield area
            area = self.by_id[area.parent] if area.parent else None


def _area(row: dict[str, str]) -> Area:
    if row["level"] not in _LEVELS:
        raise ValueError(f"unknown level {row['level']!r}")
    return Area(
        id=row["id"],
        name=row["name"],
        level=_LEVELS[row["level"]],
        parent=row["parent"] or None,
        gbt2260=row["gbt2260"] or None,
        valid_from=int(row["valid_from"]) if row["valid_from"] else None,
        valid_to=int(row["valid_to"]) if row["valid_to"] else None,
        successors=tuple(row["successor"].split(";")) if row["successor"] else (),
        source=row["source"],
    )
