"""How well forecasts hold: how often the 80 % interval held the end, and how often what had a probability came true."""

from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.forecast_targets import target_of
from benchmarks.histories import YEAR, History
from services.rules.domain.forecast import Forecast, forecast
from services.rules.domain.quantity import Derivation
from shared.kernel.period import Period

BINS = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """One forecast and what came of it; `side` is −1 below the interval, 0 in it, 1 above it."""

    probability: float
    attained: bool
    is_decided: bool
    side: int
    width: float


@dataclass(frozen=True, slots=True)
class Score:
    """What many forecasts came to; shares of all of them."""

    forecasts: int
    covered: float
    below: float
    above: float
    brier: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts of about the same probability: their number, the mean of it, and how often the goal was attained."""

    forecasts: int
    told: float
    attained: float


def outcome(figure: Derivation, history: History, month: int) -> Outcome | None:
    """Forecast the year from what was known with the month's report; None where that is not enough."""
    target = target_of(figure, history.goal, year=YEAR)
    found = forecast(target, history.series, period=Period.month(YEAR, month), history=history.earlier)
    if not isinstance(found, Forecast):
        return None
    end = history.end
    return Outcome(
        probability=float(found.probability),
        attained=end >= history.goal,
        is_decided=found.is_decided,
        side=(end > found.high) - (end < found.low),
        width=float(found.high - found.low),
    )


def score(outcomes: Iterable[Outcome]) -> Score | None:
    """Sum forecasts up; None of none."""
    all_of_them = tuple(outcomes)
    count = len(all_of_them)
    if not count:
        return None
    sides = [one.side for one in all_of_them]
    brier = sum((one.probability - one.attained) ** 2 for one in all_of_them) / count
    return Score(count, sides.count(0) / count, sides.count(-1) / count, sides.count(1) / count, brier)


def reliability(outcomes: Iterable[Outcome]) -> tuple[Bin | None, ...]:
    """Group what was not decided by its probability in steps of a fifth."""
    bins: list[list[Outcome]] = [[] for _ in range(BINS)]
    for one in outcomes:
        if not one.is_decided:
            bins[min(int(one.probability * BINS), BINS - 1)].append(one)
    return tuple(_bin(group) for group in bins)


def _bin(group: list[Outcome]) -> Bin | None:
    if not group:
        return None
    count = len(group)
    return Bin(count, sum(one.probability for one in group) / count, sum(one.attained for one in group) / count)
