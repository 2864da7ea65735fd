"""Gives drafted firms an identity: serial number, uscc, area, industry and the ratios of their other figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, groupby

from shared.simulation.calibration import AREAS, ELECTRICITY_KWH_PER_10K_YUAN, INDUSTRIES
from shared.simulation.dice import Dice
from shared.simulation.firm import Firm, Ratios
from shared.simulation.identifiers import uscc
from shared.simulation.population import Draft, Population, Setting
from shared.simulation.revenue import seasonal_shapes

_RATIO_VARIANTS = 512


@dataclass(frozen=True, slots=True)
class _Stock:
    """Shared parts that many firms point to, which keeps a large city small in memory."""

    dice: Dice
    base_year: int
    ratios: tuple[Ratios, ...]
    shapes: tuple[tuple[int, ...], ...]


def establish(setting: Setting, population: Population) -> tuple[Firm, ...]:
    """Return the firms in the order of their serial numbers; newcomers come last, in order of appearance."""
    dice = Dice(setting.seed, "firms")
    stock = _Stock(dice, setting.base_year, tuple(_ratios(dice) for _ in range(_RATIO_VARIANTS)), seasonal_shapes(dice))
    settled = [*_placed(dice, population.register), *_placed(dice, population.pool)]
    dice.shuffle(settled)
    arriving = chain.from_iterable(
        _placed(dice, tuple(year))
        for _, year in groupby(population.newcomers, key=lambda draft: draft.life.entered_in // 100)
    )
    return tuple(
        _firm(stock, serial, place, draft) for serial, (place, draft) in enumerate(chain(settled, arriving), start=1)
    )


def _placed(dice: Dice, drafts: Sequence[Draft]) -> list[tuple[int, Draft]]:
    """Return the drafts with an area each, the areas' shares being exact to the nearest firm."""
    places = allotted(dice, len(drafts), [area.firms for area in AREAS])
    return list(zip(places, drafts, strict=True))


def allotted(dice: Dice, count: int, weights: Sequence[int]) -> list[int]:
    """Return `count` indices of the weights in chance order, in numbers proportional to them (largest remainder)."""
    whole = sum(weights)
    numbers = [count * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda index: (-(count * weights[index] % whole), index))
    for index in by_remainder[: count - sum(numbers)]:
        numbers[index] += 1
    indices = [index for index, number in enumerate(numbers) for _ in range(number)]
    dice.shuffle(indices)
    return indices


def _ratios(dice: Dice) -> Ratios:
    return Ratios(
        output=dice.between(955, 1025),
        margin=dice.between(15, 105),
        tax=dice.between(12, 58),
        research=dice.between(3, 34),
        energy=dice.between(40, 240),
        electricity=ELECTRICITY_KWH_PER_10K_YUAN * dice.between(400, 1600) // 10_000,
        revenue_per_head=dice.between(65, 160),
        revenue_per_mu=dice.between(120, 620),
    )


def _firm(stock: _Stock, serial: int, place: int, draft: Draft) -> Firm:
    dice = stock.dice
    first_revenue = draft.revenue[0]
    return Firm(
        uscc=uscc(AREAS[place].region, serial),
        serial=serial,
        place=place,
        industry=dice.pick(INDUSTRIES),
        ratios=dice.pick(stock.ratios),
        shape=dice.pick(stock.shapes),
        loss=first_revenue * dice.between(30, 120) // 1000 if dice.one_in(8) else 0,
        life=draft.life,
        revenue=draft.revenue,
        base_year=stock.base_year,
    )
