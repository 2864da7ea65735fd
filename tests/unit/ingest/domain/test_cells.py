"""Reading cells: exact values or a finding."""

from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.domain.cells import (
    choice_parser,
    integer_parser,
    money_parser,
    number_parser,
    parse_boolean,
    parse_date,
    parse_text,
    parse_year,
)
from services.ingest.domain.columns import Column, Kind
from services.ingest.domain.errors import CellError

MONEY = Column(name="revenue", kind=Kind.MONEY, zh="营业收入", field="revenue_yuan")
PROFIT = Column(name="profit", kind=Kind.MONEY, zh="利润总额", field="profit_yuan", negative=True)
CHOICE = Column(name="class", kind=Kind.CHOICE, zh="类别", field="class", choices=("A", "D"))


def _code(parse: Any, value: object) -> str:
    with pytest.raises(CellError) as caught:
        parse(value)
    return caught.value.flaw.code


@pytest.mark.parametrize(
    ("value", "yuan"),
    [
        pytest.param("1234.5", 12_345_000, id="text"),
        pytest.param(Decimal("1234.5"), 12_345_000, id="JSON number"),
        pytest.param(1234, 12_340_000, id="JSON integer"),
        pytest.param("0.0001", 1, id="one yuan"),
        pytest.param("1.50000", 15_000, id="zeros beyond the yuan"),
        pytest.param("-0", 0, id="minus zero"),
        pytest.param(Decimal("1E+3"), 10_000_000, id="exponent"),
    ],
)
def test_money_becomes_yuan(value: object, yuan: int) -> None:
    assert money_parser(MONEY)(value) == yuan


@given(st.integers(0, 10**15))
def test_money_is_exact(yuan: int) -> None:
    text = f"{yuan // 10_000}.{yuan % 10_000:04d}"
    assert money_parser(MONEY)(text) == yuan
    assert money_parser(MONEY)(Decimal(text)) == yuan
    assert money_parser(PROFIT)(f"-{text}") == -yuan


@pytest.mark.parametrize(
    ("value", "code"),
    [
        pytest.param("1.23456", "money.precision", id="less than a yuan"),
        pytest.param("-1", "number.negative", id="negative revenue"),
        pytest.param("1,234.5", "number.form", id="separators"),
        pytest.param("１２", "number.form", id="full-width digits"),
        pytest.param("12万元", "number.form", id="unit"),
        pytest.param("12.", "number.form", id="no digit after the point"),
        pytest.param("NaN", "number.form", id="not a number"),
        pytest.param(True, "number.form", id="truth value"),
        pytest.param([1], "number.form", id="array"),
        pytest.param(Decimal("1E+999999"), "number.form", id="huge exponent"),
        pytest.param("9" * 18, "number.too_large", id="beyond any city"),
    ],
)
def test_wrong_money_is_refused(value: object, code: str) -> None:
    assert _code(money_parser(MONEY), value) == code


def test_same_quantity_has_one_canonical_form() -> None:
    parse = number_parser(MONEY)
    assert {parse("12.50"), parse("012.5"), parse(Decimal("12.500"))} == {"12.5"}
    assert parse("0.00") == "0"
    assert _code(parse, "0.123456789") == "number.precision"


def test_other_kinds() -> None:
    assert integer_parser(MONEY)("12.0") == 12
    assert _code(integer_parser(MONEY), "12.5") == "integer.form"
    assert parse_boolean("是") is True
    assert parse_boolean(False) is False
    assert _code(parse_boolean, "maybe") == "boolean.form"
    assert parse_date("2024-02-29") == "2024-02-29"
    assert _code(parse_date, "2023-02-29") == "date.unknown"
    assert _code(parse_date, "2024/2/9") == "date.form"
    assert parse_year("2023") == 2023
    assert _code(parse_year, "23") == "year.form"
    assert choice_parser(CHOICE)("D") == "D"
    assert _code(choice_parser(CHOICE), "E") == "choice.unknown"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        pytest.param("a\x00b", "text.control", id="NUL"),
        pytest.param("a\ud800", "text.control", id="half a surrogate pair"),
        pytest.param("长" * 201, "text.too_long", id="too long"),
        pytest.param(12, "text.form", id="number"),
    ],
)
def test_text_that_cannot_be_kept_is_refused(value: object, code: str) -> None:
    assert _code(parse_text, value) == code


def test_ideographic_space_is_legal_text() -> None:
    assert parse_text("示例\u3000公司") == "示例\u3000公司"


@given(st.one_of(st.text(), st.integers(), st.decimals(), st.booleans(), st.none(), st.lists(st.integers())))
def test_any_value_is_read_or_refused_never_a_crash(value: object) -> None:
    parsers = [parse_text, parse_boolean, parse_date, parse_year, money_parser(MONEY), number_parser(MONEY)]
    for parse in [*parsers, integer_parser(PROFIT), choice_parser(CHOICE)]:
        with suppress(CellError):
            parse(value)
