"""Numerals in Chinese official text: where they stand, and which numbers they mean.

Arabic digits, full-width digits and Chinese numerals count; 万, 亿 and their like after digits are numerals of their own and
multiply what stands before them (4万户, 千亿级, 一百).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from pydantic import Field, field_validator

from shared.plans.mention import ExemptionReason
from shared.plans.model import PlanModel, broken

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
_CHINESE = "".join((*_DIGITS, *_SMALL, *_LARGE))

_DIGIT_RUN = r"[0-9０-９]{1,3}(?:,[0-9]{3})+(?![0-9])(?:[.．][0-9０-９]+)?|[0-9０-９]+(?:[.．][0-9０-９]+)?"
_HALF = "过半|半数"

NUMERAL = re.compile(rf"{_DIGIT_RUN}|[{_CHINESE}]+|{_HALF}|翻番")
_MULTIPLIERS = rf"(?!\s*百分)\s*[{''.join((*_SMALL, *_LARGE))}]+"
_NUMBER = re.compile(
    rf"(?P<digits>{_DIGIT_RUN})(?P<scale>{_MULTIPLIERS})?|(?P<chinese>(?!百分)[{_CHINESE}]+)|(?P<half>{_HALF})|翻番"
)
_SCALE = re.compile(_MULTIPLIERS)
_YEARS = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?:\s*[-—－~～至、]\s*(?:19|20)[0-9]{2})*\s*年")


class NumeralPattern(PlanModel):
    """Words of any document whose numerals are never a quantity of a plan: a regular expression and why."""

    pattern: str = Field(min_length=1)
    reason: ExemptionReason
    note: str | None = None

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            raise broken("不是正则表达式", f"not a regular expression: {error}") from error
        return pattern


class NumeralsFile(PlanModel):
    """The content of `plans/numerals.yaml`."""

    patterns: tuple[NumeralPattern, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of characters, end excluded."""

    start: int
    end: int


def numeral_spans(text: str) -> Iterator[Span]:
    """Find every numeral."""
    return (Span(*match.span()) for match in NUMERAL.finditer(text))


@dataclass(frozen=True, slots=True)
class Written:
    """A number where a text writes it: its digits, what the 万 or 亿 behind them makes of it, and the words around.

    `after` begins with that 万 or 亿, which may be the beginning of the unit (千亿级).
    `others` are what the words behind it mean otherwise: 八成 is 80 per cent, 翻两番 is 3 times over, 300 per cent, more.
    """

    digits: Decimal
    scale: int
    before: str
    after: str
    others: frozenset[Decimal] = frozenset()

    def states(self, value: Decimal, unit: str) -> bool:
        """Whether it is a value in a unit, the same multiplier on both sides, or the digits bare (its unit elsewhere)."""
        means = self.digits * self.scale == abs(value) * _scale_of(unit)
        return means or (self.scale == 1 and self.digits == abs(value)) or abs(value) in self.others


def numbers_in(text: str) -> Iterator[Written]:
    """Find every number a text states. White space parts numbers: 34.5 and 45 in two cells of a row are two."""
    for found in _NUMBER.finditer(text):
        before, after = text[: found.start()], text[found.end() :]
        digits, scale, others = Decimal(1), 1, _times_over(Decimal(1))
        if found["half"]:
            digits, others = Decimal(50), frozenset[Decimal]()
        elif found["digits"]:
            digits, scale = (
                Decimal(found["digits"].replace(",", "").replace("．", ".")),
                _multiplied(found["scale"] or ""),
            )
            others, after = _other_readings(digits, before, after), (found["scale"] or "") + after
        elif found["chinese"]:
            digits = chinese_number(found["chinese"])
            others = _other_readings(digits, before, after)
            after = found["chinese"][len(found["chinese"].rstrip("".join(_LARGE))) :] + after
        yield Written(digits, scale, before, after, others)


def is_stated(value: Decimal, unit: str, text: str) -> bool:
    """Whether a text states a value in a unit, exactly: 4 in 万户 is 4万户, 四万户, 40000户 or a bare 4, never 4亿户."""
    return any(number.states(value, unit) for number in numbers_in(text))


def years_in(text: str) -> frozenset[int]:
    """Return the years a text names: 2025年, and 2023 of 2023—2025年."""
    spans = _YEARS.finditer(text)
    return frozenset(int(year) for span in spans for year in re.findall(r"[12][0-9]{3}", span.group()))


def _other_readings(digits: Decimal, before: str, after: str) -> frozenset[Decimal]:
    if after.startswith("成"):
        return frozenset({digits * 10})
    return _times_over(digits) if before.endswith("翻") and after.startswith("番") else frozenset()


def _times_over(doublings: Decimal) -> frozenset[Decimal]:
    more = Decimal(2) ** doublings - 1
    return frozenset({more, more * 100})


def _scale_of(words: str) -> int:
    """Return what the multipliers make that words begin with; 百分点 begins with none."""
    scale = _SCALE.match(words)
    return _multiplied(scale.group()) if scale else 1


def chinese_number(token: str) -> Decimal:
    """Return the number of Chinese numerals: 一百二十 is 120, 千亿 is 10**11, 二〇二五 is 2025."""
    if all(character in _DIGITS for character in token) and len(token) > 1:
        return Decimal("".join(str(_DIGITS[character]) for character in token))
    total, section, digit = 0, 0, 0
    for character in token:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _SMALL:
            section += (digit or 1) * _SMALL[character]
            digit = 0
        else:
            total = (total + section + digit or 1) * _LARGE[character]
            section, digit = 0, 0
    return Decimal(total + section + digit)


def _multiplied(multipliers: str) -> int:
    product = 1
    for character in multipliers:
        product *= _SMALL.get(character, 1) * _LARGE.get(character, 1)
    return product
