"""Predictive distributions: what a quantity will come to, with the uncertainty of its parameters in them.

`Student` is the exact predictive distribution of a sum of normal increments whose mean and variance were estimated;
`EventCount` that of a number of events to come (negative binomial, the Poisson-gamma mixture). Both are computed to
36 digits in arithmetic built on integers (mpmath, decimal), never in floats: the same input gives the same digits on every
machine, and rounding happens once, at the end.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from typing import Any, Protocol

from mpmath import MPContext

Number = Any
"""An mpmath number; the library declares no types."""

LOWER_TAIL = Fraction(1, 10)
"""What lies below an interval of 80 %; as much lies above it."""
_BITS = 120
_DIGITS = Context(prec=36, rounding=ROUND_HALF_EVEN)
_BISECTIONS = 110
_HALF = Fraction(1, 2)


def _context() -> Number:
    context = MPContext()
    context.prec = _BITS
    return context


_MP = _context()
_NEARLY_ALL = Decimal("0.999999")
"""Counts beyond this are not followed further: their tail is below what is ever told."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The median and the bounds of the 80 % interval."""

    low: Fraction
    median: Fraction
    high: Fraction


class Predictive(Protocol):
    """A distribution of what will be known at the end."""

    def spread(self) -> Spread:
        """Return the median and the 80 % interval."""
        ...

    def at_least(self, bound: Fraction) -> Fraction:
        """Return the probability of the bound or more."""
        ...

    def above(self, bound: Fraction) -> Fraction:
        """Return the probability of more than the bound."""
        ...


@dataclass(frozen=True, slots=True)
class Student:
    """center + √variance · t, with t of Student's distribution; without any variance all of it lies at the center.

    `whole`: what will be known is a whole number, the nearest one.
    """

    center: Fraction
    variance: Fraction
    freedom: int
    whole: bool = False

    def spread(self) -> Spread:
        """Return the median and the 80 % interval."""
        reach = exact(student_quantile(self.freedom) * _MP.sqrt(_mp(self.variance)))
        return Spread(self.center - reach, self.center, self.center + reach)

    def at_least(self, bound: Fraction) -> Fraction:
        """Return the probability of the bound or more."""
        least = ceil(bound) - _HALF if self.whole else bound
        return self._beyond(least) if self.variance else Fraction(self.center >= least)

    def above(self, bound: Fraction) -> Fraction:
        """Return the probability of more than the bound."""
        if self.whole:
            return self.at_least(Fraction(floor(bound) + 1))
        return self._beyond(bound) if self.variance else Fraction(self.center > bound)

    def _beyond(self, bound: Fraction) -> Fraction:
        distance = bound - self.center
        tail = exact(_outside(_mp(self.freedom / (self.freedom + distance**2 / self.variance)), self.freedom) / 2)
        return tail if distance > 0 else 1 - tail


@dataclass(frozen=True, slots=True)
class EventCount:
    """`reached` + a negative binomial number of further events; its variance is above its mean, both are positive."""

    reached: int
    mean: Fraction
    variance: Fraction

    def spread(self) -> Spread:
        """Return the median and the 80 % interval: the smallest counts that 10, 50 and 90 % do not exceed."""
        counts = enumerate(self._cumulative(), start=self.reached)
        count, up_to = next(counts)
        found: list[int] = []
        for share in map(_decimal, (LOWER_TAIL, _HALF, 1 - LOWER_TAIL)):
            while up_to < share:
                count, up_to = next(counts)
            found.append(count)
        return Spread(*map(Fraction, found))

    def at_least(self, bound: Fraction) -> Fraction:
        """Return the probability of the bound or more."""
        needed = ceil(bound - self.reached)
        if needed <= 0:
            return Fraction(1)
        for count, up_to in enumerate(self._cumulative(), start=1):
            if count == needed or up_to > _NEARLY_ALL:
                break
        return 1 - Fraction(up_to)

    def above(self, bound: Fraction) -> Fraction:
        """Return the probability of more than the bound."""
        return self.at_least(Fraction(floor(bound) + 1))

    def _cumulative(self) -> Iterator[Decimal]:
        """Yield the probability of at most 0, 1, 2, … further events."""
        size, failure = self.mean**2 / (self.variance - self.mean), 1 - self.mean / self.variance
        mass = up_to = _decimal(exact(_mp(1 - failure) ** _mp(size)))
        top, rise = _decimal(size * failure), _decimal(failure)
        for count in itertools.count(1):
            yield up_to
            mass = _DIGITS.divide(_DIGITS.multiply(mass, top), Decimal(count))
            top, up_to = _DIGITS.add(top, rise), _DIGITS.add(up_to, mass)


@lru_cache
def student_quantile(freedom: int) -> Number:
    """Return the bound that t exceeds with 10 %."""
    low, high = _MP.mpf(0), _MP.mpf(1)
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if _outside(middle, freedom) < _mp(2 * LOWER_TAIL) else (low, middle)
    return _MP.sqrt(freedom * (1 - low) / low)


@lru_cache
def widening(freedom: int) -> Fraction:
    """Return by how much a variance estimated with so many degrees of freedom must be enlarged: (t / z)² at 10 %."""
    normal = _MP.sqrt(2) * _MP.erfinv(1 - _mp(2 * LOWER_TAIL))
    return exact((student_quantile(freedom) / normal) ** 2)


def exact(number: Number) -> Fraction:
    """Return the very value of an mpmath number."""
    numerator, denominator = _MP.mpf(number).as_integer_ratio()
    return Fraction(int(numerator), int(denominator))


def _outside(share: Number, freedom: int) -> Number:
    """Return the probability of |t| beyond the value at which freedom / (freedom + t²) is this share."""
    return _MP.betainc(_MP.mpf(freedom) / 2, _MP.mpf(1) / 2, 0, share, regularized=True)


def _decimal(number: Fraction) -> Decimal:
    return _DIGITS.divide(Decimal(number.numerator), Decimal(number.denominator))


def _mp(number: Fraction) -> Number:
    return _MP.mpf(number.numerator) / number.denominator
