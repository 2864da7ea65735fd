"""Units of measure with their exact factors: what plans and feeds may write, and how one becomes the other (T10)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from shared.reference.csv_rows import read_rows
from shared.reference.errors import IncompatibleUnitsError, UnknownUnitOfMeasureError

_COLUMNS = ("unit", "name_en", "dimension", "factor")


@dataclass(frozen=True, slots=True)
class UnitOfMeasure:
    """A unit as written, the dimension it measures, and how many of the dimension's base unit one of it is."""

    unit: str
    name_en: str
    dimension: str
    factor: Decimal


@dataclass(frozen=True, slots=True)
class UnitsOfMeasure:
    """All known units of measure."""

    by_unit: Mapping[str, UnitOfMeasure]

    @classmethod
    def load(cls, path: Path) -> "UnitsOfMeasure":
        """Read `data/units_of_measure.csv`."""
        return cls({unit.unit: unit for unit in read_rows(path, _COLUMNS, _unit)})

    def is_known(self, unit: str) -> bool:
        """Whether the unit is written this way somewhere in the reference."""
        return unit in self.by_unit

    def are_compatible(self, one: str, other: str) -> bool:
        """Whether both are known and measure the same thing."""
        return self.is_known(one) and self.is_known(other) and self._dimension(one) == self._dimension(other)

    def convert(self, value: Decimal, *, from_unit: str, to_unit: str) -> Decimal:
        """Return the value in the other unit; factors are powers of ten, so the result is exact."""
        if self._dimension(from_unit) != self._dimension(to_unit):
            raise IncompatibleUnitsError(f"{from_unit} and {to_unit} measure different things")
        return value * self.by_unit[from_unit].factor / self.by_unit[to_unit].factor

    def _dimension(self, unit: str) -> str:
        known = self.by_unit.get(unit)
        if known is None:
            raise UnknownUnitOfMeasureError(f"unknown unit of measure: {unit!r}")
        return known.dimension


def _unit(row: dict[str, str]) -> UnitOfMeasure:
    factor = Decimal(row["factor"])
    if factor.normalize().as_tuple().digits != (1,):
        raise ValueError(f"the factor of {row['unit']} is not a power of ten, conversions would not be exact")
    return UnitOfMeasure(unit=row["unit"], name_en=row["name_en"], dimension=row["dimension"], factor=factor)
