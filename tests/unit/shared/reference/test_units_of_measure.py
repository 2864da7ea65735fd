from decimal import Decimal
from pathlib import Path

import pytest

from shared.reference.errors import BadReferenceFileError, IncompatibleUnitsError, UnknownUnitOfMeasureError
from shared.reference.units_of_measure import UnitsOfMeasure

ROOT = Path(__file__).parents[4]


@pytest.fixture(scope="module")
def units() -> UnitsOfMeasure:
    return UnitsOfMeasure.load(ROOT / "data" / "units_of_measure.csv")


def test_money_converts_exactly(units: UnitsOfMeasure) -> None:
    """T10: 1,234.5 万元 where 亿元 is declared."""
    assert units.convert(Decimal("1234.5"), from_unit="万元", to_unit="亿元") == Decimal("0.12345")
    assert units.convert(Decimal("0.1"), from_unit="亿元", to_unit="元") == Decimal("10000000")


def test_per_cent_and_percentage_points_do_not_mix(units: UnitsOfMeasure) -> None:
    assert not units.are_compatible("%", "百分点")
    with pytest.raises(IncompatibleUnitsError):
        units.convert(Decimal(1), from_unit="元", to_unit="%")


def test_an_unknown_unit_is_refused(units: UnitsOfMeasure) -> None:
    assert not units.are_compatible("万块", "万元")
    with pytest.raises(UnknownUnitOfMeasureError, match="万块"):
        units.convert(Decimal(1), from_unit="万块", to_unit="元")


def test_a_factor_that_would_round_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_text("unit,name_en,dimension,factor\n英亩,acre,land,6.07\n", encoding="utf-8")
    with pytest.raises(BadReferenceFileError, match="power of ten"):
        UnitsOfMeasure.load(path)
