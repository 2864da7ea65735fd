"""Which areas a sender may report: known, valid at the period, and within the city of its key."""

from collections.abc import Callable
from datetime import date
from typing import Protocol

from services.ingest.domain.errors import CellError, Flaw

_FORM = Flaw("area.form", "区域代码应为文本，如 321302。", "An area is given as text, such as 321302.")
_UNKNOWN = Flaw("area.unknown", "没有该区域代码。", "There is no such area.")
_NOT_VALID = Flaw(
    "area.not_valid", "该区域在此期不存在（已撤并或尚未设立）。", "The area does not exist at this period."
)
_FOREIGN = Flaw(
    "area.foreign", "该区域不在密钥所属城市范围内。", "The area lies outside the city this key is bound to."
)
_OUTSIDE = Flaw(
    "area.outside_envelope", "该区域不在本次报送声明的区域范围内。", "The area lies outside the area of the envelope."
)


class Areas(Protocol):
    """Knows the areas and when they existed."""

    def find(self, area_id: str, on: date | None = None) -> object | None:
        """Return the area if it is known and, with `on`, existed then."""
        ...

    def is_within(self, area_id: str, ancestor: str) -> bool:
        """Whether the area is this one or lies in it."""
        ...


def coverage_of(area: str | None, areas: Areas) -> Callable[[str], bool]:
    """Return what tells whether a replacement of the area covers another one; None replaces the whole city."""
    return lambda other: area is None or areas.is_within(other, area)


class AreaCheck:
    """Reads area cells for one submission; every known area is looked up once."""

    def __init__(self, areas: Areas, *, city: str, scope: str | None, on: date) -> None:
        self._areas = areas
        self._city = city
        self._scope = scope
        self._on = on
        self._known: dict[str, Flaw | None] = {}

    def parse(self, value: object) -> str:
        """Return the area's id; raise CellError when the sender may not report it."""
        if not isinstance(value, str):
            raise CellError(_FORM)
        if value not in self._known:
            if self._areas.find(value) is None:
                raise CellError(_UNKNOWN)
            self._known[value] = self._flaw(value)
        flaw = self._known[value]
        if flaw is not None:
            raise CellError(flaw)
        return value

    def _flaw(self, area: str) -> Flaw | None:
        if not self._areas.is_within(area, self._city):
            return _FOREIGN
        if self._areas.find(area, on=self._on) is None:
            return _NOT_VALID
        if self._scope is not None and not self._areas.is_within(area, self._scope):
            return _OUTSIDE
        return None
