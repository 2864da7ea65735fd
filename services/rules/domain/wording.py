"""Words for people, always in both languages."""

from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

_SHOWN_PLACES = Decimal("0.000001")
_SENTENCE_PLACES = Decimal("0.01")
_EXACT_PLACES = 12


@dataclass(frozen=True, slots=True)
class Text:
    """A name in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a verdict is what it is: a code for programs and a sentence for people."""

    code: str
    zh: str
    en: str


def rounded(number: Fraction) -> Decimal:
    """Return the number with at most 6 decimals, for storing and showing. Decisions use the exact fraction."""
    return _to_places(number, _SHOWN_PLACES)


def shown(number: Fraction | Decimal | int) -> str:
    """Return the number as a sentence writes it: at most 2 decimals, no trailing zeros."""
    return format(_to_places(Fraction(number), _SENTENCE_PLACES), "f")


def exactly(number: Fraction) -> str:
    """Return the number exactly: as a decimal when it has at most 12 decimals, else as a fraction `n/d`."""
    numerator, power = number.numerator, 0
    while power < _EXACT_PLACES and numerator % number.denominator:
        numerator, power = numerator * 10, power + 1
    if numerator % number.denominator:
        return f"{number.numerator}/{number.denominator}"
    return format(Decimal(numerator // number.denominator).scaleb(-power), "f")


def _to_places(number: Fraction, places: Decimal) -> Decimal:
    with localcontext(prec=60):
        value = (Decimal(number.numerator) / Decimal(number.denominator)).quantize(places)
        return value.to_integral_value() if value == value.to_integral_value() else value.normalize()
