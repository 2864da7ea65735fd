"""Thresholds of the lights (`plans/lights.yaml`): how far behind the pace gives which light.

Red means lagging. Business-climate lights, in which red means overheated, never use these words (trap 8).
"""

from decimal import Decimal
from typing import Literal

from pydantic import Field, model_validator

from shared.kernel.errors import PlanwatchError
from shared.plans.model import BilingualName, DecimalText, PlanModel, Slug, broken

Light = Literal["green", "yellow", "red"]
ShortfallUnit = Literal["points", "percent"]
Severity = Literal["yellow", "red"]


class LightsCoverageError(PlanwatchError):
    """A shortfall falls in no band, or in two: lint refuses such lights before they are used."""


class LightBand(PlanModel):
    """One light and the shortfalls it covers.

    Lower bound `from` (inclusive) or `over` (exclusive); upper bound `to` (inclusive) or `under` (exclusive);
    a bound that is not given is infinite.
    """

    light: Light
    from_: DecimalText | None = Field(default=None, alias="from")
    over: DecimalText | None = None
    to: DecimalText | None = None
    under: DecimalText | None = None

    @model_validator(mode="after")
    def _one_bound_a_side(self) -> "LightBand":
        if self.from_ is not None and self.over is not None:
            raise broken("from（含）和 over（不含）只写一个", "give `from` (inclusive) or `over` (exclusive), not both")
        if self.to is not None and self.under is not None:
            raise broken("to（含）和 under（不含）只写一个", "give `to` (inclusive) or `under` (exclusive), not both")
        if self.lower is not None and self.upper is not None and self.lower > self.upper:
            raise broken("下限高于上限", "the lower bound is above the upper bound")
        return self

    @property
    def lower(self) -> Decimal | None:
        """The lower bound; None is minus infinity."""
        return self.from_ if self.from_ is not None else self.over

    @property
    def upper(self) -> Decimal | None:
        """The upper bound; None is infinity."""
        return self.to if self.to is not None else self.under

    def holds(self, shortfall: Decimal) -> bool:
        """Whether the shortfall lies in this band; a bound met exactly belongs to its inclusive side."""
        above = (self.from_ is None or shortfall >= self.from_) and (self.over is None or shortfall > self.over)
        return above and (self.to is None or shortfall <= self.to) and (self.under is None or shortfall < self.under)


class LightSeverities(PlanModel):
    """How severe the alert of each light is."""

    yellow: Severity
    red: Severity


class Severities(PlanModel):
    """By whether the document binds a target (约束性) or expects it (预期性)."""

    binding: LightSeverities = LightSeverities(yellow="red", red="red")
    expected: LightSeverities = LightSeverities(yellow="yellow", red="red")


class ForecastSeverities(PlanModel):
    """How severe a low forecast is, by whether the document binds a target (约束性) or expects it (预期性)."""

    binding: Severity = "yellow"
    expected: Severity = "yellow"


class ForecastRule(PlanModel):
    """When a forecast becomes an alert: the probability of attaining the goal is below a bound in `hold` periods in a row.

    `below` is a share of 1: "0.5" is 50 per cent. Exactly the bound is not below it.
    """

    below: DecimalText
    hold: int = Field(ge=1, le=12)
    severities: ForecastSeverities = ForecastSeverities()

    @model_validator(mode="after")
    def _is_probability(self) -> "ForecastRule":
        if not 0 < self.below <= 1:
            raise broken(
                f"below 是概率，写大于0、不超过1的小数（50%写“0.5”），不是 {self.below}",
                f'`below` is a probability above 0 and at most 1 (50 per cent is "0.5"), not {self.below}',
            )
        return self


def _is_absent(rule: ForecastRule | None) -> bool:
    return rule is None


class Alerting(PlanModel):
    """When a light becomes an alert.

    `hold`: after so many periods in a row behind. `recover`: the alert ends when the shortfall, in the unit of the lights, is
    at most this; without it, with any green light. `missed` alerts at once. `forecast`: when a forecast becomes one; without
    it forecasts are only shown.
    """

    hold: int = Field(default=1, ge=1, le=12)
    recover: DecimalText | None = None
    severities: Severities = Severities()
    forecast: ForecastRule | None = Field(default=None, exclude_if=_is_absent)


class Lights(PlanModel):
    """One set of thresholds.

    `unit` says what a shortfall is: `points` are percentage points of the target (pace 50 % of it, reached 20 % of
    it: 30 points), `percent` is per cent of what the pace expected (30 of 50: 60 per cent). Positive means behind.
    """

    id: Slug
    name: BilingualName
    unit: ShortfallUnit
    source: BilingualName
    bands: tuple[LightBand, ...] = Field(min_length=1)
    alerting: Alerting = Alerting()

    def light_of(self, shortfall: Decimal) -> Light:
        """Return the light of a shortfall."""
        lights = [band.light for band in self.bands if band.holds(shortfall)]
        if len(lights) != 1:
            raise LightsCoverageError(f"lights {self.id!r}: {len(lights)} bands hold {shortfall}")
        return lights[0]


class LightsFile(PlanModel):
    """The content of `plans/lights.yaml`."""

    lights: tuple[Lights, ...]
