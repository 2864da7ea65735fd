"""Reads one cell: the text or JSON value of a column becomes its canonical value, or a CellError.

Canonical values are what is sent and compared: integer yuan, decimal text without trailing zeros, ISO dates,
true/false. The same quantity written in another way (`12.50`, `12.5`) is therefore the same value.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache

from services.ingest.domain.columns import MAX_MONEY_YUAN, Column
from services.ingest.domain.errors import CellError, Flaw

Parse = Callable[[object], object]

LONGEST_TEXT = 200
YUAN_DECIMALS = 4
"""万元 with four decimals is one yuan."""
_MAX_DECIMALS = 8
_MAX_INTEGER = 10**9
_YEARS = range(1990, 2101)
_NUMBER = re.compile(r"(-?)([0-9]{1,18})(?:\.([0-9]{1,20}))?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EXPONENTS = range(-30, 31)
_BOOLEANS: dict[object, bool] = {"true": True, "false": False, "是": True, "否": False, "1": True, "0": False}

_TEXT_FORM = Flaw("text.form", "应为文本。", "This must be text.")
_TEXT_LONG = Flaw(
    "text.too_long", f"文本超过{LONGEST_TEXT}个字符。", f"The text is longer than {LONGEST_TEXT} characters."
)
_TEXT_CONTROL = Flaw("text.control", "文本含有控制字符。", "The text contains control characters.")
_BOOLEAN_FORM = Flaw("boolean.form", "应为 true/false、1/0 或 是/否。", "This must be true/false, 1/0 or 是/否.")
_NUMBER_FORM = Flaw(
    "number.form",
    "应为十进制数，如 1234.5；不带千分位、单位或百分号。",
    "This must be a decimal number such as 1234.5, without separators, unit or per cent sign.",
)
_NUMBER_NEGATIVE = Flaw("number.negative", "该项不得为负数。", "This value must not be negative.")
_NUMBER_LARGE = Flaw("number.too_large", "数值过大，请核对计量单位。", "The value is too large; check the unit.")
_NUMBER_PRECISION = Flaw(
    "number.precision", f"小数不得超过{_MAX_DECIMALS}位。", f"At most {_MAX_DECIMALS} decimals are allowed."
)
_MONEY_PRECISION = Flaw(
    "money.precision",
    "金额以万元为单位，小数不得超过4位（即精确到元）。",
    "Amounts are in 万元 with at most 4 decimals (one yuan).",
)
_INTEGER_FORM = Flaw("integer.form", "应为整数。", "This must be a whole number.")
_DATE_FORM = Flaw("date.form", "日期应为 2024-06-30 形式。", "A date is written 2024-06-30.")
_DATE_UNKNOWN = Flaw("date.unknown", "没有这一天。", "There is no such day.")
_YEAR_FORM = Flaw("year.form", "年度应为四位数字，如 2024。", "A year has four digits, such as 2024.")


def parse_text(value: object) -> str:
    """Return text of bounded length without control characters."""
    if not isinstance(value, str):
        raise CellError(_TEXT_FORM)
    if len(value) > LONGEST_TEXT:
        raise CellError(_TEXT_LONG)
    if not value.isprintable() and any(unicodedata.category(character) in {"Cc", "Cs"} for character in value):
        raise CellError(_TEXT_CONTROL)
    return value


def parse_boolean(value: object) -> bool:
    """Return the truth value."""
    if isinstance(value, bool):
        return value
    known = _BOOLEANS.get(value.lower()) if isinstance(value, str) else None
    if known is None:
        raise CellError(_BOOLEAN_FORM)
    return known


def parse_date(value: object) -> str:
    """Return an existing day as `YYYY-MM-DD`."""
    if not isinstance(value, str) or _DAY.fullmatch(value) is None:
        raise CellError(_DATE_FORM)
    if not _is_day(value):
        raise CellError(_DATE_UNKNOWN)
    return value


@lru_cache(maxsize=4096)
def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def parse_year(value: object) -> int:
    """Return a year of this or the last century."""
    year = int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) == 4 else value
    if not isinstance(year, int) or year not in _YEARS:
        raise CellError(_YEAR_FORM)
    return year


def choice_parser(column: Column) -> Parse:
    """Return a reader that takes the column's words only."""
    words = {word: word for word in column.choices}
    listed = "、".join(column.choices)
    flaw = Flaw("choice.unknown", f"应为下列之一：{listed}。", f"This must be one of {', '.join(column.choices)}.")

    def parse(value: object) -> str:
        word = words.get(value) if isinstance(value, str) else None
        if word is None:
            raise CellError(flaw)
        return word

    return parse


def money_parser(column: Column) -> Parse:
    """Return a reader of amounts in 万元; the value is integer yuan."""

    def parse(value: object) -> int:
        sign, whole, fraction = _digits(value)
        fraction = fraction.rstrip("0")
        if len(fraction) > YUAN_DECIMALS:
            raise CellError(_MONEY_PRECISION)
        yuan = int(whole + fraction.ljust(YUAN_DECIMALS, "0"))
        if yuan > MAX_MONEY_YUAN:
            raise CellError(_NUMBER_LARGE)
        if sign and yuan:
            _refuse_negative(column)
            return -yuan
        return yuan

    return parse


def number_parser(column: Column) -> Parse:
    """Return a reader of other quantities; the value is canonical decimal text."""

    def parse(value: object) -> str:
        sign, whole, fraction = _digits(value)
        fraction = fraction.rstrip("0")
        if len(fraction) > _MAX_DECIMALS:
            raise CellError(_NUMBER_PRECISION)
        text = f"{int(whole)}.{fraction}" if fraction else str(int(whole))
        if sign and text != "0":
            _refuse_negative(column)
            return f"-{text}"
        return text

    return parse


def integer_parser(column: Column) -> Parse:
    """Return a reader of whole numbers."""

    def parse(value: object) -> int:
        sign, whole, fraction = _digits(value)
        if fraction.rstrip("0"):
            raise CellError(_INTEGER_FORM)
        number = int(whole)
        if number > _MAX_INTEGER:
            raise CellError(_NUMBER_LARGE)
        if sign and number:
            _refuse_negative(column)
            return -number
        return number

    return parse


def _refuse_negative(column: Column) -> None:
    if not column.negative:
        raise CellError(_NUMBER_NEGATIVE)


def _digits(value: object) -> tuple[str, str, str]:
    """Return sign, whole part and fraction of a number given as text or as a JSON number."""
    if isinstance(value, str):
        text = value
    elif isinstance(value, Decimal) and value.is_finite() and value.adjusted() in _EXPONENTS:
        text = format(value, "f")
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MAX_MONEY_YUAN:
        text = str(value)
    else:
        raise CellError(_NUMBER_FORM)
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise CellError(_NUMBER_FORM)
    sign, whole, fraction = match.groups("")
    return sign, whole, fraction
