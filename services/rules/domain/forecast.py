"""The forecast of a target: where its figure will stand at the end of the horizon, how surely, and whether that is enough.

The method is the smallest that gives honest intervals; which one depends on the shape of the figure (`forecast_shape.py`).

- What moves or adds up carries on at its mean pace: a random walk with drift. With n gains over a time T, spread with the
  variance s² a unit of time, the gain of the time h ahead is distributed as h·pace + s·√(h + h²/T)·t(n − 1): Student's t
  stands for the unknown variance, h²/T for the unknown pace (R. J. Hyndman, G. Athanasopoulos, Forecasting: Principles and
  Practice, 3rd ed., 5.2 and 5.5 "Drift method"; exact for independent normal gains).
- Events are counted, not measured: with S of them in T the number ahead is negative binomial with the mean h·(S + ½)/T and
  the variance φ·mean·(1 + h/T); for φ = 1 that is the Poisson-gamma predictive distribution with Jeffreys' prior (A. Gelman
  et al., Bayesian Data Analysis, 3rd ed., 2.6). φ is Pearson's dispersion where it is above 1, widened as t widens a normal.
- Complete earlier years teach the season: time then runs by the shares of the year that its reports brought (`increments.py`),
  their scatter joins the estimate of the variance, a factor 1 + 1/years stands for what is not known of the shares, and where
  the years were further apart by this month than independent months explain, the variance grows by that ratio.

Nothing here is random or a float: exact fractions up to the last step, then 36 digits of integer arithmetic, rounded once
(values to 6 decimals, numbers of things to whole ones, probabilities to 4 decimals). So the same figures give the
same digits on every machine. How well the intervals cover and the probabilities hold is measured by `python -m benchmarks.forecast`.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import floor
from typing import assert_never

from services.rules.domain import forecast_reasons as reasons
from services.rules.domain.extrapolation import counted, drifted, drifted_by_season
from services.rules.domain.forecast_shape import Shape, first_year, has_season, shape_of
from services.rules.domain.increments import Points, Season, accumulated, averaged, duration, moved, season_of
from services.rules.domain.predictive import Predictive
from services.rules.domain.quantity import CountProjects, CountRecognitions, CountRegister, FirmsOver
from services.rules.domain.target import Comparator, Direction, Target
from services.rules.domain.wording import Reason, rounded
from shared.kernel.period import Grain, Period

FEWEST_POINTS = 4
_FEWEST_GAINS = 5
"""Of fewer gains, of this year or by several earlier ones, a season does not show how much they vary."""
_PROBABILITY_PLACES = 4
_SMALLEST = Decimal("0.0001")
_SEASON_YEARS = {Shape.AMOUNT: 1, Shape.COUNT: 2}
"""How many complete earlier years must be known before the season is taken from them."""
_MANY = 1000
"""So many events to come are as good as an amount."""
_THINGS = (CountProjects, CountRecognitions, CountRegister, FirmsOver)


class Method(StrEnum):
    """How a forecast was made."""

    KNOWN = "known"
    DRIFT = "drift"
    SEASONAL = "seasonal"
    MEAN = "mean"
    EVENTS = "events"
    SEASONAL_EVENTS = "seasonal_events"


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What is expected at the end, in the target's unit: the median, the 80 % interval, the probability of attaining the goal.

    The probability is 0 or 1 exactly when that is decided already. `points` counts the known values it was learnt from.
    """

    period: Period
    point: Decimal
    low: Decimal
    high: Decimal
    probability: Decimal
    method: Method
    points: int

    @property
    def is_decided(self) -> bool:
        """Whether nothing that is still to come can change the outcome."""
        return self.probability in (0, 1)


@dataclass(frozen=True, slots=True)
class NotEnoughData:
    """Why there is no forecast, and how many values are known."""

    reason: Reason
    points: int


def forecast(target: Target, series: Points, *, period: Period, history: Points = ()) -> Forecast | NotEnoughData:
    """Forecast the figure at the target's last period from what is known of it up to the period.

    `series` holds the actual values of judged periods, `history` those of the same figure in earlier years (year to date),
    both in the target's unit and in any order; what lies after the period is left out.
    """
    known = _known(target, series, period)
    if target.goal is not None and known and known[-1][0].end >= target.last.end:
        return _decided(target, Fraction(target.goal), known)
    shape = shape_of(target)
    if isinstance(shape, Reason) or target.goal is None:
        return NotEnoughData(shape if isinstance(shape, Reason) else reasons.goal_is_a_figure(), len(known))
    return _carried_on(target, Fraction(target.goal), shape, known=known, history=_known(target, history, period))


def _known(target: Target, points: Points, period: Period) -> Points:
    """Return the points of the target's own grain up to the period, in order, each period once."""
    until = min(period.end, target.last.end)
    grain_fits = [(at, value) for at, value in points if _is_of_its_grain(target, at) and at.end <= until]
    return sorted(dict(sorted(grain_fits)).items())


def _is_of_its_grain(target: Target, period: Period) -> bool:
    return period.grain is Grain.YEAR if target.yearly else period.is_monthly_report


def _decided(target: Target, goal: Fraction, known: Points) -> Forecast:
    actual = known[-1][1]
    return Forecast(
        period=target.last,
        point=rounded(actual),
        low=rounded(actual),
        high=rounded(actual),
        probability=Decimal(int(target.comparator.is_met(actual, goal))),
        method=Method.KNOWN,
        points=len(known),
    )


# ---- what is not known yet ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Basis:
    """What a forecast is made from."""

    shape: Shape
    begin: int
    own: Points
    season: Season | None

    @property
    def points(self) -> int:
        """How many values there are to learn from; none while nothing is known of what is to be carried on."""
        return len(self.own) + (self.season.points if self.season else 0) if self.own else 0


def _carried_on(
    target: Target, goal: Fraction, shape: Shape, *, known: Points, history: Points
) -> Forecast | NotEnoughData:
    basis = _basis(target, shape, known=known, history=history)
    if basis.points < FEWEST_POINTS:
        return NotEnoughData(reasons.too_few_points(basis.points, FEWEST_POINTS), basis.points)
    if has_season(target, shape) and basis.season is None:
        return NotEnoughData(reasons.season_unknown(basis.points), basis.points)
    method, predictive = _predicted(target, basis)
    spread = predictive.spread()
    told = _whole if _is_whole(target, basis.own) else rounded
    return Forecast(
        period=target.last,
        point=told(spread.median),
        low=told(spread.low),
        high=told(spread.high),
        probability=_probability(target, goal, predictive, basis),
        method=method,
        points=basis.points,
    )


def _basis(target: Target, shape: Shape, *, known: Points, history: Points) -> _Basis:
    """Part what is known into the course to carry on and the earlier years that teach its season."""
    begin = first_year(target, shape)
    if shape is Shape.LEVEL:
        joined = sorted({**dict(history), **dict(known)}.items())
        return _Basis(shape=shape, begin=begin, own=[one for one in joined if one[0].year >= begin], season=None)
    own = [one for one in known if one[0].year >= begin]
    season = None
    if shape in _SEASON_YEARS and not target.yearly:
        season = season_of((*history, *known), before=begin)
    if season and (len(season.years) < _SEASON_YEARS[shape] or len(own) + season.freedom < _FEWEST_GAINS):
        season = None
    return _Basis(shape=shape, begin=begin, own=own, season=season)


def _predicted(target: Target, basis: _Basis) -> tuple[Method, Predictive]:
    whole, season = _is_whole(target, basis.own), basis.season
    if basis.shape is Shape.LEVEL:
        return Method.DRIFT, drifted(moved(basis.own, last=target.last), whole=whole)
    if basis.shape is Shape.AVERAGE:
        course = averaged(basis.own, first_year=basis.begin, last=target.last)
        return Method.MEAN, drifted(course, over=duration(target.last, first_year=basis.begin))
    course = accumulated(basis.own, first_year=basis.begin, last=target.last, season=season)
    if basis.shape is Shape.COUNT and whole and course.rate * course.ahead < _MANY:
        return Method.SEASONAL_EVENTS if season else Method.EVENTS, counted(course, season)
    if season:
        return Method.SEASONAL, drifted_by_season(course, season, month=basis.own[-1][0].last_month)
    return Method.DRIFT, drifted(course, whole=whole)


def _is_whole(target: Target, own: Points) -> bool:
    """Whether the figure is a number of things, told one by one."""
    return isinstance(target.indicator.derivation, _THINGS) and all(value.denominator == 1 for _, value in own)


def _probability(target: Target, goal: Fraction, predictive: Predictive, basis: _Basis) -> Decimal:
    """Return the probability of attaining the goal, between 0 and 1 and never one of them unless it is decided."""
    reached = basis.own[-1][1]
    if basis.shape in {Shape.COUNT, Shape.AMOUNT}:
        is_met = target.comparator.is_met(reached, goal)
        if target.direction is Direction.UP and is_met and target.comparator in {Comparator.GE, Comparator.GT}:
            return Decimal(1)
        if target.direction is Direction.DOWN and not is_met and target.comparator in {Comparator.LE, Comparator.LT}:
            return Decimal(0)
    chance = _half_up(_chance(target.comparator, predictive, goal), _PROBABILITY_PLACES)
    return min(max(chance, _SMALLEST), 1 - _SMALLEST)


def _chance(comparator: Comparator, predictive: Predictive, goal: Fraction) -> Fraction:
    match comparator:
        case Comparator.GE:
            return predictive.at_least(goal)
        case Comparator.GT:
            return predictive.above(goal)
        case Comparator.LE:
            return 1 - predictive.above(goal)
        case Comparator.LT:
            return 1 - predictive.at_least(goal)
        case Comparator.EQ:
            return predictive.at_least(goal) - predictive.above(goal)
        case unreachable:
            assert_never(unreachable)


def _whole(number: Fraction) -> Decimal:
    return _half_up(number, 0)


def _half_up(number: Fraction, places: int) -> Decimal:
    """Round exactly, half up: a fraction has no noise that could tip it."""
    return Decimal(floor(number * 10**places + Fraction(1, 2))).scaleb(-places)
