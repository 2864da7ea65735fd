"""Paces (序时进度): what should have been reached by a period. Exact fractions; None where no step is due yet."""

from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from math import floor
from typing import assert_never

from services.rules.domain.errors import UnsupportedPlanError
from shared.kernel.period import Period

_GROWTH_PRECISION = 50
_GROWTH_PLACES = Decimal("1e-12")


@dataclass(frozen=True, slots=True)
class Horizon:
    """The years a target covers: from 1 January of `since_year` to 31 December of `year`."""

    since_year: int
    year: int

    def elapsed(self, period: Period) -> Fraction:
        """Return the share of the horizon that has passed at the end of the period, between 0 and 1."""
        months = 12 * (period.year - self.since_year) + period.last_month
        return min(max(Fraction(months, 12 * (self.year - self.since_year + 1)), Fraction(0)), Fraction(1))

    def has_ended(self, period: Period) -> bool:
        """Whether the period ends with the horizon or later."""
        return (period.year, period.last_month) >= (self.year, 12)


@dataclass(frozen=True, slots=True)
class Step:
    """The cumulative share expected by a month's report; `years_after` 1 is the year after the horizon."""

    month: int
    years_after: int
    share: Decimal

    def period(self, horizon: Horizon) -> Period:
        """Return the monthly report in which the step is judged."""
        return Period.month(horizon.year + self.years_after, self.month)


@dataclass(frozen=True, slots=True)
class Linear:
    """The elapsed share of the horizon."""

    kind = "linear"


@dataclass(frozen=True, slots=True)
class Integer:
    """The elapsed share, rounded down: 10 projects a year are floor(10·m/12), not 0.83 a month (trap 7)."""

    kind = "integer"


@dataclass(frozen=True, slots=True)
class Schedule:
    """Shares written by month; between two of them the earlier holds, before the first nothing is due."""

    steps: tuple[Step, ...]
    kind = "schedule"


@dataclass(frozen=True, slots=True)
class Stepped:
    """Judged only in the named months (trap 2)."""

    steps: tuple[Step, ...]
    kind = "stepped"


@dataclass(frozen=True, slots=True)
class AtHorizon:
    """Judged only at the end."""

    kind = "at_horizon"


@dataclass(frozen=True, slots=True)
class BaselineLinear:
    """A straight line from the end of the baseline's year to the end of the horizon."""

    value: Decimal
    year: int
    kind = "baseline_linear"


@dataclass(frozen=True, slots=True)
class BaselineGrowth:
    """Constant growth from the baseline to the target; both must be positive."""

    value: Decimal
    year: int
    kind = "baseline_growth"


Pace = Linear | Integer | Schedule | Stepped | AtHorizon | BaselineLinear | BaselineGrowth


def expected_value(pace: Pace, goal: Fraction, *, horizon: Horizon, period: Period) -> Fraction | None:
    """Return what should have been reached at the end of the period, None when the pace has no step yet."""
    match pace:
        case Linear():
            return goal * horizon.elapsed(period)
        case Integer():
            return Fraction(floor(goal * horizon.elapsed(period)))
        case Schedule() | Stepped():
            share = share_due(pace, horizon, period)
            return None if share is None else goal * share
        case AtHorizon():
            return goal if horizon.has_ended(period) else None
        case BaselineLinear(value=value, year=year):
            return Fraction(value) + (goal - Fraction(value)) * path_share(year, horizon, period)
        case BaselineGrowth(value=value, year=year):
            return _growth(Fraction(value), goal, path_share(year, horizon, period))
        case unreachable:
            assert_never(unreachable)


def last_period(pace: Pace, *, horizon: Horizon, yearly: bool) -> Period:
    """Return the period whose verdict is final."""
    if isinstance(pace, Stepped | Schedule):
        return pace.steps[-1].period(horizon)
    return Period.whole_year(horizon.year) if yearly else Period.month(horizon.year, 12)


def share_due(pace: Schedule | Stepped, horizon: Horizon, period: Period) -> Fraction | None:
    """Return the share of the step that holds: of a schedule the latest one, of a stepped pace only this period's."""
    exactly = isinstance(pace, Stepped)
    due = [
        step
        for step in pace.steps
        if step.period(horizon) == period or (not exactly and step.period(horizon).end <= period.end)
    ]
    return Fraction(due[-1].share) if due else None


def path_share(base_year: int, horizon: Horizon, period: Period) -> Fraction:
    """Return the share of the way from the end of the base year, between 0 and 1."""
    months = 12 * (period.year - base_year - 1) + period.last_month
    return min(max(Fraction(months, 12 * (horizon.year - base_year)), Fraction(0)), Fraction(1))


def _growth(base: Fraction, goal: Fraction, share: Fraction) -> Fraction:
    """Return base · (goal / base) ^ share; the ends are exact, between them the root is taken to 12 decimals."""
    if base <= 0 or goal <= 0:
        raise UnsupportedPlanError("a growth path needs a positive baseline and a positive target")
    if share in (0, 1):
        return goal if share else base
    with localcontext(prec=_GROWTH_PRECISION):
        ratio = goal / base
        logarithm = (Decimal(ratio.numerator) / Decimal(ratio.denominator)).ln()
        factor = (logarithm * Decimal(share.numerator) / Decimal(share.denominator)).exp()
        start = Decimal(base.numerator) / Decimal(base.denominator)
        return Fraction((start * factor).quantize(_GROWTH_PLACES))
