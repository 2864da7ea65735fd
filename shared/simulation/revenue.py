"""Yearly revenue of simulated firms: a size curve by tier, and growth that stays in its tier unless scripted.

Amounts are integers in hundredths of 万元 (100 yuan), so that every figure is exact on every machine.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

from shared.simulation.calibration import YEAR_TO_DATE_SHARE
from shared.simulation.dice import Dice

CENTS = 100
"""Amounts count hundredths of 万元."""
_GROWTH_PER_MILLE = (970, 1145)
_SHAPES = 16


@dataclass(frozen=True, slots=True)
class Band:
    """Revenue from `low` to `high` 万元 that a firm keeps to as long as nothing is scripted."""

    low: int
    high: int

    def kept(self, amount: int) -> int:
        """Return the amount, moved inside the band's margins."""
        return max(self.low * CENTS * 101 // 100, min(amount, self.high * CENTS * 985 // 1000))

    def arrival(self, dice: Dice) -> int:
        """Return the amount of a firm that has just risen into the band: 2–25 % above its lower bound."""
        low = self.low * CENTS
        return dice.between(low * 102 // 100, low * 125 // 100) + dice.between(1, CENTS - 1)


GIANT = Band(1_000_000, 10_000_000)
LARGE = Band(100_000, 1_000_000)
MEDIUM = Band(10_000, 100_000)
SMALL = Band(2_000, 10_000)
BELOW = Band(500, 2_000)
SHRUNK = Band(1_000, 2_000)

Curve = tuple[tuple[int, int], ...]
CURVES: Mapping[Band, Curve] = {
    GIANT: ((0, 1_030_000), (500, 1_350_000), (1000, 2_900_000)),
    LARGE: ((0, 104_000), (500, 150_000), (800, 240_000), (950, 480_000), (1000, 970_000)),
    MEDIUM: ((0, 10_200), (400, 13_300), (750, 20_500), (930, 38_000), (1000, 97_000)),
    SMALL: ((0, 2_080), (300, 2_850), (600, 4_000), (850, 6_000), (1000, 9_700)),
    BELOW: ((0, 600), (400, 1_100), (800, 1_600), (1000, 1_960)),
}
"""(per mille of the band's firms, 万元): straight between the points, which make the city's published total."""


def sizes(dice: Dice, band: Band, count: int) -> list[int]:
    """Return the revenues of `count` firms, smallest first, spread evenly over the band's curve."""
    return [_on_curve(CURVES[band], 2 * rank + 1, 2 * count) + dice.below(CENTS) for rank in range(count)]


def _on_curve(curve: Curve, part: int, whole: int) -> int:
    for (left, low), (right, high) in itertools.pairwise(curve):
        if part * 1000 <= right * whole:
            return (low * CENTS) + (high - low) * CENTS * (part * 1000 - left * whole) // ((right - left) * whole)
    return curve[-1][1] * CENTS


def path(dice: Dice, start: int, band: Band, years: int, rises: Mapping[int, Band]) -> tuple[int, ...]:
    """Return the revenue of each year. `rises` names the years in which the firm arrives in another band."""
    amounts = [start]
    for year in range(1, years):
        if year in rises:
            band = rises[year]
            amounts.append(band.arrival(dice))
        else:
            amounts.append(band.kept(amounts[-1] * dice.between(*_GROWTH_PER_MILLE) // 1000))
    return tuple(amounts)


def seasonal_shapes(dice: Dice) -> tuple[tuple[int, ...], ...]:
    """Return variants of the city's year-to-date profile: index m holds ten-thousandths reached by month m."""
    return tuple(_shape(dice) for _ in range(_SHAPES))


def _shape(dice: Dice) -> tuple[int, ...]:
    months = [(after - before) * dice.between(850, 1150) for before, after in itertools.pairwise(YEAR_TO_DATE_SHARE)]
    whole = sum(months)
    return tuple(sum(months[:month]) * 10_000 // whole for month in range(13))
