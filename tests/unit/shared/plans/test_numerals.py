"""Numerals of Chinese official text, and which numbers they mean."""

import re
from decimal import Decimal

import pytest

from shared.plans.loader import parse
from shared.plans.numerals import NumeralsFile, chinese_number, is_stated, numbers_in, numeral_spans, years_in
from tests.unit.shared.plans.conftest import ROOT


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        pytest.param("累计2000户", [("2000", 1)], id="digits"),
        pytest.param("4200 4700 5000", [("4200", 1), ("4700", 1), ("5000", 1)], id="cells of a row"),
        pytest.param("| 20 | 30 |", [("20", 1), ("30", 1)], id="cells parted by bars"),
        pytest.param("4 万户", [("4", 10000)], id="a multiplier after white space"),
        pytest.param("３．５％", [("3.5", 1)], id="full-width digits"),
        pytest.param("1,200户", [("1200", 1)], id="thousands parted by commas"),
        pytest.param("30,1200户", [("30", 1), ("1200", 1)], id="a comma between two numbers"),
        pytest.param("3%~4%", [("3", 1), ("4", 1)], id="a range"),
        pytest.param("2百分点", [("2", 1)], id="points are no hundreds"),
        pytest.param("千亿级", [("100000000000", 1)], id="Chinese numerals"),
    ],
)
def test_a_text_states_these_numbers(text: str, numbers: list[tuple[str, int]]) -> None:
    found = [(number.digits, number.scale) for number in numbers_in(text)]
    assert found == [(Decimal(digits), scale) for digits, scale in numbers]


@pytest.mark.parametrize(
    ("token", "number"), [("一百二十", 120), ("二〇二五", 2025), ("两万", 20000), ("十", 10), ("一万零五十", 10050)]
)
def test_chinese_numerals_are_numbers(token: str, number: int) -> None:
    assert chinese_number(token) == number


@pytest.mark.parametrize(
    ("value", "unit", "text", "stated"),
    [
        pytest.param("4", "万户", "四万户", True, id="the multiplier that begins the unit"),
        pytest.param("5", "万户", "四万户", False, id="another number"),
        pytest.param("40000", "户", "4万户", True, id="multiplied out"),
        pytest.param("4", "户", "4万户", False, id="the multiplier forgotten"),
        pytest.param("4", "亿元", "4万元", False, id="another multiplier"),
        pytest.param("4", "万户", "企业（万户） 4", True, id="the unit in the heading of a table"),
        pytest.param("80", "%", "八成以上", True, id="tenths"),
        pytest.param("80", "%", "百分之八十", True, id="hundredths"),
        pytest.param("50", "%", "占比过半", True, id="more than half"),
        pytest.param("1", "倍", "实现翻番", True, id="doubled, as growth"),
        pytest.param("300", "%", "翻两番", True, id="doubled twice, as growth"),
        pytest.param("0.5", "百分点", "提高50个百分点", False, id="points are no hundreds"),
        pytest.param("-3.2", "%", "下降3.2%", True, id="a fall is written without its sign"),
    ],
)
def test_a_value_is_stated_in_its_unit(value: str, unit: str, text: str, *, stated: bool) -> None:
    assert is_stated(Decimal(value), unit, text) is stated


@pytest.mark.parametrize("text", ["占比过半", "半数企业", "产值翻番", "两化", "达到1,200户"])
def test_numbers_in_words_must_be_accounted_for(text: str) -> None:
    assert len(list(numeral_spans(text))) == 1


def test_years_are_told_from_other_numbers_of_four_digits() -> None:
    assert years_in("2023—2025年累计2000家，2026年底前") == {2023, 2025, 2026}


def _not_covered(text: str) -> list[str]:
    """Return the numerals of a text that no pattern of `plans/numerals.yaml` explains."""
    patterns = parse(ROOT / "plans" / "numerals.yaml", NumeralsFile).model.patterns
    covered = {place for one in patterns for match in re.finditer(one.pattern, text) for place in range(*match.span())}
    return [
        text[one.start : one.end] for one in numeral_spans(text) if not covered.issuperset(range(one.start, one.end))
    ]


@pytest.mark.parametrize(
    ("text", "numerals"),
    [
        ("新增5GW组件，建设5G基站", ["5"]),
        ("贯彻党的二十大精神，培育二十大产业集群", ["二十"]),
        ("每户至少一件专利，推行一件事一次办成", ["一", "一"]),
        ("培育1900-2000家，2023-2025年", ["1900", "2000"]),
        ("第3条生产线，第三条", ["3"]),
        ("不发生一起事故，一起推进", ["一"]),
        ("3~5%，3至5家，3-5项", ["3", "5", "3", "5", "3", "5"]),
        ("１２００户，近百户，两个，占比过半", ["１２００", "百", "两", "过半"]),
        ("百强企业，三分之一，十五个集群", ["百", "三", "一", "十五"]),
        ("（三）第二章，一批、一流、零部件，“十四五”，2025年，〔2024〕15号", []),
    ],
)
def test_no_pattern_swallows_a_quantity(text: str, numerals: list[str]) -> None:
    assert _not_covered(text) == numerals
