"""Lights: how far behind the pace gives which light. Red means lagging here (never overheated, trap 8)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from services.rules.domain.alerting import AT_ONCE, Alerting
from services.rules.domain.errors import LightsGapError


class Light(StrEnum):
    """A light of pace."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class ShortfallUnit(StrEnum):
    """What a shortfall is measured in: points of the target, or per cent of what was expected."""

    POINTS = "points"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One light and the shortfalls it covers; a bound of None is infinite."""

    light: Light
    lower: Decimal | None
    lower_inclusive: bool
    upper: Decimal | None
    upper_inclusive: bool

    def holds(self, shortfall: Fraction) -> bool:
        """Whether the shortfall lies in the band; a bound met exactly belongs to its inclusive side."""
        above = self.lower is None or shortfall > self.lower or (self.lower_inclusive and shortfall == self.lower)
        below = self.upper is None or shortfall < self.upper or (self.upper_inclusive and shortfall == self.upper)
        return above and below

    def __str__(self) -> str:
        """Return the shortfalls covered as an interval: `(0, 30]`."""
        lower = "(−∞" if self.lower is None else f"{'[' if self.lower_inclusive else '('}{self.lower}"
        upper = "+∞)" if self.upper is None else f"{self.upper}{']' if self.upper_inclusive else ')'}"
        return f"{lower}, {upper}"


@dataclass(frozen=True, slots=True)
class Lights:
    """Thresholds with their unit named, and when a light of theirs becomes an alert."""

    id: str
    unit: ShortfallUnit
    bands: tuple[Band, ...]
    alerting: Alerting = AT_ONCE

    def grade(self, shortfall: Fraction, *, goal: Fraction, expected: Fraction) -> Light:
        """Return the light of a shortfall in the target's unit; positive means behind.

        Against a base of zero a share has no meaning: then any shortfall is red and none is green.
        """
        base = abs(goal if self.unit is ShortfallUnit.POINTS else expected)
        if base == 0:
            return Light.RED if shortfall > 0 else Light.GREEN
        share = shortfall / base * 100
        lights = [band.light for band in self.bands if band.holds(share)]
        if len(lights) != 1:
            raise LightsGapError(f"lights {self.id!r}: {len(lights)} bands hold {share}")
        return lights[0]
