"""How the figure of a target moves through time, as far as that decides how it can be extrapolated."""

from enum import StrEnum
from typing import assert_never

from services.rules.domain import forecast_reasons as reasons
from services.rules.domain.pace import Stepped
from services.rules.domain.quantity import (
    CountProjects,
    CountRecognitions,
    CountRegister,
    FirmsOver,
    MeanGrowth,
    NetAboveScale,
    Quantity,
    Ratio,
    ReportedFigure,
    SumFirms,
    SumProjects,
    quantities_of,
)
from services.rules.domain.target import Target
from services.rules.domain.wording import Reason


class Shape(StrEnum):
    """What the next value is made of."""

    COUNT = "count"
    """Events so far and those to come."""
    AMOUNT = "amount"
    """What is added up so far and what will be added."""
    AVERAGE = "average"
    """The mean of what each month contributes: year-to-date growth, shares and ratios."""
    LEVEL = "level"
    """The last level and how it moves on."""


_ADDED_UP = {Shape.COUNT, Shape.AMOUNT, Shape.AVERAGE}


def shape_of(target: Target) -> Shape | Reason:
    """Return the shape of the target's figure, or the reason why its course cannot be carried on."""
    derivation = target.indicator.derivation
    if target.goal is None:
        return reasons.goal_is_a_figure()
    is_late = target.last.year > target.horizon.year
    if is_late or isinstance(target.pace, Stepped) or isinstance(derivation, NetAboveScale):
        return reasons.comes_in_steps(target)
    if isinstance(derivation, MeanGrowth):
        return Shape.AVERAGE
    if target.yearly:
        return _yearly(target)
    if isinstance(derivation, ReportedFigure):
        return _published(derivation)
    return _ratio(derivation) if isinstance(derivation, Ratio) else _monthly(derivation)


def first_year(target: Target, shape: Shape) -> int:
    """Return the year with whose 1 January the figure begins to add up; of a level the first that is looked at."""
    derivation = target.indicator.derivation
    if isinstance(derivation, MeanGrowth):
        return derivation.since_year + 1
    if not target.yearly and any(isinstance(part, CountRegister) for part in quantities_of(derivation)):
        return target.horizon.year  # the annual batch enters with the 1–2月 report: years do not join
    if shape not in _ADDED_UP:
        return 1
    return target.horizon.year if isinstance(derivation, ReportedFigure) else target.horizon.since_year


def has_season(target: Target, shape: Shape) -> bool:
    """Whether the year has a shape that makes its first months a bad measure of the last ones: amounts grow to its end."""
    return shape is Shape.AMOUNT and not target.yearly


def _yearly(target: Target) -> Shape:
    """Return how a figure known once a year moves: it adds up only over a horizon of several years."""
    derivation = target.indicator.derivation
    if target.horizon.year == target.horizon.since_year:
        return Shape.LEVEL
    match derivation:
        case CountProjects() | FirmsOver(newly=True):
            return Shape.COUNT
        case CountRecognitions(count=count) if not count.is_stock:
            return Shape.COUNT
        case SumProjects() | SumFirms():
            return Shape.AMOUNT
        case _:
            return Shape.LEVEL


def _published(figure: ReportedFigure) -> Shape:
    if "ytd" not in figure.bases:
        return Shape.LEVEL
    return Shape.AMOUNT if figure.measure == "level" else Shape.AVERAGE


def _monthly(quantity: Quantity) -> Shape | Reason:
    match quantity:
        case CountProjects():
            return Shape.COUNT
        case SumFirms() | SumProjects():
            return Shape.AMOUNT
        case CountRegister():
            return Shape.LEVEL
        case FirmsOver():
            return reasons.reached_late()
        case CountRecognitions():
            return reasons.comes_in_batches()
        case NetAboveScale():
            raise AssertionError("net entries come in steps")
        case unreachable:
            assert_never(unreachable)


def _ratio(ratio: Ratio) -> Shape | Reason:
    """Two amounts of the same months make a mean of these, an amount for each of a stock an amount; else a level."""
    above, below = _monthly_part(ratio.numerator), _monthly_part(ratio.denominator)
    if isinstance(above, Reason):
        return above
    if isinstance(below, Reason):
        return below
    if above is Shape.LEVEL:
        return Shape.LEVEL
    return Shape.AMOUNT if below is Shape.LEVEL else Shape.AVERAGE


def _monthly_part(quantity: Quantity) -> Shape | Reason:
    if isinstance(quantity, CountRecognitions) and quantity.count.is_stock:
        return Shape.LEVEL
    return reasons.comes_in_steps() if isinstance(quantity, NetAboveScale) else _monthly(quantity)
