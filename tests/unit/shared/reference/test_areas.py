from datetime import date
from pathlib import Path

import pytest

from shared.reference.areas import Areas
from shared.reference.errors import BadReferenceFileError, UnknownAreaError

ROOT = Path(__file__).parents[4]
HEADER = "id,name,level,parent,gbt2260,valid_from,valid_to,successor,source\n"


@pytest.fixture(scope="module")
def areas() -> Areas:
    return Areas.load(ROOT / "data" / "areas.csv")


def test_suqian_is_reported_in_nine_areas(areas: Areas) -> None:
    """宿迁2022-04：nine areas of one report; the former 宿豫县 is no longer one of them."""
    on = date(2024, 6, 30)
    reported = {a.name for a in areas.within("321300") if a.level in {"county", "zone"} and a.is_valid(on)}
    assert reported == {
        "宿城区",
        "宿豫区",
        "沭阳县",
        "泗阳县",
        "泗洪县",
        "宿迁经济技术开发区",
        "宿迁市湖滨新区",
        "宿迁市洋河新区",
        "苏宿工业园区",
    }


@pytest.mark.parametrize("zone", ["321371", "321300-hubin", "321300-yanghe", "321300-susu"])
def test_zones_have_own_ids_and_no_gbt2260_code(areas: Areas, zone: str) -> None:
    assert areas.get(zone).gbt2260 is None
    assert areas.city_of(zone) == "321300"


def test_a_reused_code_is_two_areas_told_apart_by_their_years(areas: Areas) -> None:
    assert areas.name("320602@1983") == "城区"
    assert areas.name("320602") == "崇川区"
    assert areas.find("320602@1983", on=date(1990, 1, 1)) is not None
    assert areas.find("320602@1983", on=date(1992, 1, 1)) is None
    assert areas.find("320602", on=date(2021, 1, 1)) is None
    assert areas.get("320602").successors == ("320613",)


def test_in_the_year_of_a_change_both_areas_are_valid(areas: Areas) -> None:
    assert areas.find("320602", on=date(2020, 5, 1)) is not None
    assert areas.find("320613", on=date(2020, 5, 1)) is not None


def test_within_follows_parents_and_knows_other_cities(areas: Areas) -> None:
    assert areas.is_within("321322401", "321300")
    assert areas.is_within("321300", "321300")
    assert areas.is_within("321300", "320000")
    assert not areas.is_within("320613", "321300")
    assert not areas.is_within("999999", "321300")


def test_a_province_belongs_to_no_city(areas: Areas) -> None:
    assert areas.city_of("320000") is None


def test_an_unknown_area_is_refused_by_get_and_none_by_find(areas: Areas) -> None:
    assert areas.find("320656") is None
    with pytest.raises(UnknownAreaError, match="320656"):
        areas.name("320656")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param("1,x,moon,,,,,,s\n", ":2: unknown level", id="level"),
        pytest.param("1,x,city,,,,,,s\n1,y,city,,,,,,s\n", "twice", id="twice"),
        pytest.param("1,x,city,2,,,,,s\n", "unknown areas: 2", id="parent"),
        pytest.param("1,x,city\n", ":2: the row does not have 9 columns", id="short row"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(tmp_path: Path, body: str, message: str) -> None:
    path = tmp_path / "areas.csv"
    path.write_text(HEADER + body, encoding="utf-8")
    with pytest.raises(BadReferenceFileError, match=message):
        Areas.load(path)


def test_other_columns_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "areas.csv"
    path.write_text("id,name\n", encoding="utf-8")
    with pytest.raises(BadReferenceFileError, match=":1: the columns must be"):
        Areas.load(path)
