"""Invented histories whose end is known, to measure forecasts against: events, amounts, means and levels of many years.

Everything is drawn from `Dice`, so that the same seed gives the same histories on every machine.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, pairwise
from math import exp, sqrt

from benchmarks.forecast_targets import GROWTH, OUTPUT, STARTS, STOCK
from services.rules.domain.quantity import Derivation
from shared.kernel.period import Period
from shared.simulation.calibration import YEAR_TO_DATE_SHARE
from shared.simulation.city import SimulatedCity
from shared.simulation.dice import Dice
from shared.simulation.firm_rows import report_number

YEAR = 2024
REPORTS = (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
_FLAT = tuple(1 / 12 for _ in range(12))
_TO_THE_END = tuple((after - before) / 10_000 for before, after in pairwise(YEAR_TO_DATE_SHARE))
"""Shares of the months as published for a city: a weak start, a strong end."""
_IN_WAVES = (0.02, 0.18, 0.05, 0.17, 0.05, 0.07, 0.12, 0.05, 0.06, 0.06, 0.14, 0.03)
"""Shares of the months when projects start together: in February, April, July and November."""

Months = Sequence[float]
Points = tuple[tuple[Period, Fraction], ...]


@dataclass(frozen=True, slots=True)
class History:
    """A year from its first report to its last, the years before it, and the goal that was set for it."""

    series: Points
    earlier: Points
    goal: Decimal

    @property
    def end(self) -> Fraction:
        """What the year came to."""
        return self.series[-1][1]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of history, and of which figure it is."""

    name: str
    figure: Derivation


@dataclass(frozen=True, slots=True)
class DrawnKind(Kind):
    """A kind of which any number of histories can be drawn."""

    draw: Callable[[Dice], History]


def kinds() -> tuple[DrawnKind, ...]:
    """Return every kind that is drawn. Goals are set without knowing the year's own pace, as plans are written."""
    return (
        DrawnKind("events, 10 a year", STARTS, _events(10)),
        DrawnKind("events, 60 a year", STARTS, _events(60)),
        DrawnKind("events, 200 a year", STARTS, _events(200)),
        DrawnKind("events, 60 a year in clumps", STARTS, _events(60, clump=3)),
        DrawnKind("events, 200 a year in clumps", STARTS, _events(200, clump=5)),
        DrawnKind("events, 200 a year in waves, none known before", STARTS, _events(200, shape=_IN_WAVES)),
        DrawnKind("events, 200 a year in waves, 3 years before", STARTS, _events(200, shape=_IN_WAVES, before=3)),
        DrawnKind("events, 60 a year, twice the pace from July on", STARTS, _events(60, shift=2.0)),
        DrawnKind("amount to the end, none known before", OUTPUT, _amounts(_TO_THE_END)),
        DrawnKind("amount to the end, 1 year before", OUTPUT, _amounts(_TO_THE_END, before=1)),
        DrawnKind("amount to the end, 2 years before", OUTPUT, _amounts(_TO_THE_END, before=2)),
        DrawnKind("amount to the end, 4 years before", OUTPUT, _amounts(_TO_THE_END, before=4)),
        DrawnKind("amount, even, 2 years before", OUTPUT, _amounts(_FLAT, before=2)),
        DrawnKind("amount to the end, 2 years before, a fifth less from July on", OUTPUT,
             _amounts(_TO_THE_END, before=2, shift=0.8)),
        DrawnKind("growth to date, independent months", GROWTH, _growth(0.0)),
        DrawnKind("growth to date, persistent months", GROWTH, _growth(0.5)),
        DrawnKind("stock, random walk with drift", STOCK, _stock()),
        DrawnKind("stock, one jump", STOCK, _stock(jump=20.0)),
    )  # fmt: skip


# ---- chance ---------------------------------------------------------------------------------------------------------


def uniform(dice: Dice) -> float:
    """Return a number from 0 to below 1."""
    return dice.below(1 << 40) / (1 << 40)


def normal(dice: Dice) -> float:
    """Return a nearly normal number of mean 0 and variance 1: twelve uniform ones added, exact on every machine."""
    return sum(uniform(dice) for _ in range(12)) - 6


def poisson(dice: Dice, mean: float) -> int:
    """Return a Poisson number (Knuth)."""
    bound, product, count = exp(-mean), uniform(dice), 0
    while product > bound:
        product *= uniform(dice)
        count += 1
    return count


def clumped(dice: Dice, mean: float, clump: int) -> int:
    """Return a number of events that come in clumps of 1 to 2·clump − 1; clump 1 is Poisson."""
    return sum(dice.between(1, 2 * clump - 1) for _ in range(poisson(dice, mean / clump)))


# ---- kinds ----------------------------------------------------------------------------------------------------------


def year_to_date(months: Months, year: int = YEAR) -> Points:
    """Return the year-to-date values of the eleven reports."""
    so_far = list(accumulate(Fraction(str(round(month, 4))) for month in months))
    return tuple((Period.month(year, last), so_far[last - 1]) for last in REPORTS)


def _events(
    total: float, *, clump: int = 1, shape: Months = _FLAT, before: int = 0, shift: float = 1.0
) -> Callable[[Dice], History]:
    def months(dice: Dice, rate: float, later: float) -> list[float]:
        return [clumped(dice, rate * share * (later if at >= 6 else 1), clump) for at, share in enumerate(shape)]

    def draw(dice: Dice) -> History:
        rate = total * (0.7 + 0.6 * uniform(dice))
        goal = max(1, round(total * (1 + shift) / 2 * (0.6 + 0.8 * uniform(dice))))
        earlier = tuple(
            point for back in range(1, before + 1) for point in year_to_date(months(dice, rate, 1), YEAR - back)
        )
        return History(year_to_date(months(dice, rate, shift)), earlier, Decimal(goal))

    return draw


def _amounts(shape: Months, *, before: int = 0, shift: float = 1.0) -> Callable[[Dice], History]:
    def months(dice: Dice, size: float, later: float) -> list[float]:
        return [size * share * (1 + 0.12 * normal(dice)) * (later if at >= 6 else 1) for at, share in enumerate(shape)]

    def draw(dice: Dice) -> History:
        size = 100 + 900 * uniform(dice)
        whole = size * sum(share * (shift if at >= 6 else 1) for at, share in enumerate(shape))
        goal = Decimal(round(whole * (0.9 + 0.2 * uniform(dice)), 2)).quantize(Decimal("0.01"))
        earlier: Points = ()
        for back in range(1, before + 1):
            earlier += year_to_date(months(dice, size * 0.92**back * (1 + 0.05 * normal(dice)), 1), YEAR - back)
        return History(year_to_date(months(dice, size, shift)), earlier, goal)

    return draw


def _growth(persistence: float) -> Callable[[Dice], History]:
    def draw(dice: Dice) -> History:
        usual, deviation, shock = 4 + 4 * uniform(dice), 3.0, 0.0
        growth = []
        for _ in range(12):
            shock = persistence * shock + sqrt(1 - persistence**2) * deviation * normal(dice)
            growth.append(usual + shock)
        sums = year_to_date(growth)
        goal = Decimal(str(round(3.5 + 5 * uniform(dice), 1)))
        return History(tuple((at, Fraction(round(value / at.last_month, 2))) for at, value in sums), (), goal)

    return draw


def _stock(jump: float = 0.0) -> Callable[[Dice], History]:
    def draw(dice: Dice) -> History:
        level, drift, at_jump = 500 + 500 * uniform(dice), 4 * uniform(dice) - 1, dice.between(3, 11)
        goal = Decimal(round(level + 12 + jump + 48 * (uniform(dice) - 0.5)))
        moves = [drift + 3 * normal(dice) + (jump if at == at_jump else 0) for at in range(12)]
        return History(year_to_date([level + moves[0], *moves[1:]]), (), goal)

    return draw


# ---- the simulated city ---------------------------------------------------------------------------------------------


def city_histories(seed: int, cities: int) -> Iterator[tuple[Kind, History]]:
    """Yield the last year of simulated cities' areas, with the three years before: revenue of the register, and starts."""
    dice = Dice(seed, "city goals")
    for number in range(cities):
        city = SimulatedCity(seed + number, firms=1_000, months=36, first=YEAR - 2)
        for place in range(9):
            for kind, value in _CITY:
                points = [(at, value(city, place, at)) for at in city.periods(history=True)]
                series = tuple(point for point in points if point[0].year == YEAR)
                earlier = tuple(point for point in points if point[0].year < YEAR)
                goal = Decimal(round(earlier[-1][1] * Fraction(dice.between(90, 130), 100)))
                yield kind, History(series, earlier, goal)


def _revenue(city: SimulatedCity, place: int, at: Period) -> Fraction:
    firms = (firm for firm in city.firms if firm.place == place and firm.life.is_above_scale(report_number(at)))
    return Fraction(sum(firm.revenue_to_date(at.year, at.last_month) for firm in firms), 100)


def _starts(city: SimulatedCity, place: int, at: Period) -> Fraction:
    """Return the accepted starts of the year so far, above 亿元."""
    since = at.year * 100
    return Fraction(
        sum(
            1
            for project in city.investments
            if project.place == place and project.planned_total >= 10_000 and project.started_on is not None
            and project.started_on.year == at.year and since < project.accepted_in <= report_number(at)
        )
    )  # fmt: skip


_CITY = (
    (Kind("simulated city: revenue of an area's register, 3 years before", OUTPUT), _revenue),
    (Kind("simulated city: starts in an area, 3 years before", STARTS), _starts),
)
