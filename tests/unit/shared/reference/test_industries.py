from pathlib import Path

import pytest

from shared.reference.industries import Industries

ROOT = Path(__file__).parents[4]


@pytest.fixture(scope="module")
def industries() -> Industries:
    return Industries.load(ROOT / "data" / "industries.csv")


@pytest.mark.parametrize("code", ["C", "13", "131", "1311", "43", "B", "06", "0610", "D", "44", "441", "4411", "46"])
def test_industry_includes_mining_and_utilities(industries: Industries, code: str) -> None:
    assert industries.is_known(code)


@pytest.mark.parametrize(
    "code", ["", "A", "01", "05", "4700", "47", "1999", "13111", "06101", "٠٦", "0x", "44 ", "1310x"]
)
def test_codes_outside_industry_or_form_are_unknown(industries: Industries, code: str) -> None:
    assert not industries.is_known(code)


def test_section_c_is_complete(industries: Industries) -> None:
    levels = [i.level for c, i in industries.by_code.items() if "13" <= c[:2] <= "43" and c.isdigit()]
    assert {level: levels.count(level) for level in set(levels)} == {"大类": 31, "中类": 179, "小类": 608}


def test_a_mining_class_is_named_by_its_division(industries: Industries) -> None:
    assert industries.name("0610") == "煤炭开采和洗选业"
    assert industries.name("9999") == "9999"
