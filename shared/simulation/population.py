"""Who lives in the simulated city: the firms of the register, the pool below the threshold, and the newcomers.

Only drafts (a revenue path and a life) are made here; `firms.py` gives them an identity.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from shared.simulation import calibration, scenario
from shared.simulation.dice import Dice
from shared.simulation.firm import EntryKind, ExitKind, Life
from shared.simulation.revenue import BELOW, GIANT, LARGE, MEDIUM, SHRUNK, SMALL, Band, path, sizes

DEFAULT_FIRMS = calibration.REGISTER_2023 + calibration.POOL_2023
IN_YEAR_MONTHS = range(3, 13)


@dataclass(frozen=True, slots=True)
class Setting:
    """What the population depends on. Year indices count from the base year (0), the one before the first."""

    seed: int
    first: int
    years: int
    """Simulated years after the base year, without the closing 1–2月 report."""
    firms: int

    @property
    def base_year(self) -> int:
        """The year before the first one."""
        return self.first - 1

    @property
    def amounts(self) -> int:
        """Revenue amounts a firm has: base year, the simulated years, and the year of the closing report."""
        return self.years + 2

    def scaled(self, count: int) -> int:
        """Return the scripted count for a city of this size."""
        return count * self.firms // DEFAULT_FIRMS


@dataclass(frozen=True, slots=True)
class Draft:
    """A firm without identity."""

    revenue: tuple[int, ...]
    life: Life


@dataclass(frozen=True, slots=True)
class Population:
    """The drafts by group; newcomers in the order in which they appear."""

    register: tuple[Draft, ...]
    pool: tuple[Draft, ...]
    newcomers: tuple[Draft, ...]


def populate(setting: Setting) -> Population:
    """Return the city's firms as drafts."""
    dice = Dice(setting.seed, "population")
    above = setting.scaled(calibration.REGISTER_2023)
    return Population(
        register=tuple(_register(setting, dice, above)),
        pool=tuple(_pool(setting, dice, setting.firms - above)),
        newcomers=tuple(_newcomers(setting, dice)),
    )


def _register(setting: Setting, dice: Dice, count: int) -> Iterator[Draft]:
    giants = setting.scaled(calibration.FIRMS_ABOVE_10_BILLION)
    large = setting.scaled(calibration.FIRMS_ABOVE_1_BILLION) - giants
    medium = setting.scaled(calibration.FIRMS_ABOVE_100_MILLION) - giants - large
    small = count - giants - large - medium
    exits = _exits(setting, dice)
    yield from _tier(setting, dice, (GIANT, None, giants), tier=None)
    yield from _tier(setting, dice, (LARGE, GIANT, large), tier=2)
    yield from _tier(setting, dice, (MEDIUM, LARGE, medium), tier=1)
    for number, draft in enumerate(_tier(setting, dice, (SMALL, MEDIUM, small), tier=0)):
        yield _leaving(setting, dice, draft, exits[number]) if number < len(exits) else draft


def _tier(setting: Setting, dice: Dice, group: tuple[Band, Band | None, int], *, tier: int | None) -> Iterator[Draft]:
    """Draft the firms of one band, smallest first; the largest pass into the next band in their scripted year."""
    band, above, count = group
    rises: dict[int, dict[int, Band]] = {}
    if above is not None and tier is not None:
        position = count
        for year in range(1, setting.years + 1):
            for _ in range(setting.scaled(scenario.firm_script(year).crossing[tier])):
                position -= 1
                rises[position] = {year: above}
    for rank, size in enumerate(sizes(dice, band, count)):
        life = _stock_life(setting, dice)
        yield Draft(path(dice, size, band, setting.amounts, rises.get(rank, {})), life)


def _stock_life(setting: Setting, dice: Dice) -> Life:
    """Return the life of a firm that entered before the base year's annual window."""
    founded = setting.base_year - dice.between(1, 25)
    entered = date(max(2011, min(founded + dice.between(0, 6), setting.base_year - 1)), 1, dice.between(1, 28))
    kind = EntryKind.NEW if entered.year == founded else EntryKind.GROWN
    return Life(founded, entered_in=entered.year * 100 + 2, entered_on=entered, entry_kind=kind)


def _exits(setting: Setting, dice: Dice) -> list[tuple[ExitKind, int]]:
    """Return (kind, report) of every exit from the register, in the order of its smallest firms."""
    exits: list[tuple[ExitKind, int]] = []
    for index in range(setting.years + 1):
        script, year = scenario.firm_script(index), setting.base_year + index
        joint = (year + 1) * 100 + 2
        exits += [(ExitKind.SHRUNK, joint)] * setting.scaled(script.shrunk)
        exits += [(ExitKind.MOVED_OUT, joint)] * setting.scaled(script.moved_out)
        exits += [(ExitKind.CHANGED, joint)] * setting.scaled(script.changed_out)
        for month, count in zip(IN_YEAR_MONTHS, script.closed, strict=False):
            exits += [(ExitKind.CLOSED, year * 100 + month)] * setting.scaled(count)
    dice.shuffle(exits)
    return exits


def _leaving(setting: Setting, dice: Dice, draft: Draft, exit_: tuple[ExitKind, int]) -> Draft:
    kind, report = exit_
    revenue = draft.revenue
    if kind is ExitKind.SHRUNK:  # its last full year is below the threshold, and so is what follows
        last = report // 100 - 1 - setting.base_year
        revenue = tuple(
            dice.between(SHRUNK.low, SHRUNK.high * 95 // 100) * 100 if index >= last else amount
            for index, amount in enumerate(revenue)
        )
    life = replace(draft.life, exited_in=report, exited_on=_day_of(dice, report), exit_kind=kind)
    return Draft(revenue, life)


def _day_of(dice: Dice, report: int) -> date:
    """Return a day of the report's months."""
    year, month = divmod(report, 100)
    return date(year, dice.between(1, 2) if month == 2 else month, dice.between(1, 28))


def _pool(setting: Setting, dice: Dice, count: int) -> Iterator[Draft]:
    """Draft the firms below the threshold: the largest grow over it in their scripted year."""
    plan: list[tuple[int, bool]] = []
    for index in range(setting.years + 1):
        script = scenario.firm_script(index)
        plan += [(index, True)] * setting.scaled(script.grown) + [(index, False)] * setting.scaled(script.held)
    for rank, size in enumerate(sizes(dice, BELOW, count)):
        position = count - 1 - rank
        founded = setting.base_year - dice.between(2, 15)
        if position >= len(plan):
            yield Draft(path(dice, size, BELOW, setting.amounts, {}), Life(founded))
            continue
        index, admitted = plan[position]
        start, band = (SMALL.arrival(dice), SMALL) if index == 0 else (size, BELOW)
        revenue = path(dice, start, band, setting.amounts, {index: SMALL} if index else {})
        report = (setting.base_year + index + 1) * 100 + 2
        yield Draft(revenue, _entering(dice, EntryKind.GROWN, founded, report) if admitted else Life(founded))


def _entering(dice: Dice, kind: EntryKind, founded: int, report: int, seen_in: int = 0) -> Life:
    return Life(founded, seen_in, report, _day_of(dice, report), kind)


def _newcomers(setting: Setting, dice: Dice) -> Iterator[Draft]:
    return chain.from_iterable(_newcomers_of(setting, dice, index) for index in range(1, setting.years + 1))


def _newcomers_of(setting: Setting, dice: Dice, index: int) -> Iterator[Draft]:
    """Draft the firms unknown before: new ones from March to December, moved and changed ones in the 1–2月 report."""
    script, year = scenario.firm_script(index), setting.base_year + index
    for month, count in zip(IN_YEAR_MONTHS, script.new, strict=True):
        for _ in range(setting.scaled(count)):
            founded = year - 1 if month < 6 and dice.one_in(2) else year
            yield _newcomer(setting, dice, EntryKind.NEW, founded, year * 100 + month)
    joint = (year + 1) * 100 + 2
    for kind, count in ((EntryKind.MOVED_IN, script.moved_in), (EntryKind.CHANGED, script.changed_in)):
        for _ in range(setting.scaled(count)):
            yield _newcomer(setting, dice, kind, year - dice.between(3, 12), joint)


def _newcomer(setting: Setting, dice: Dice, kind: EntryKind, founded: int, report: int) -> Draft:
    start = dice.between(2_500, 7_000) * 100 + dice.below(100)
    revenue = path(dice, start, SMALL, setting.amounts, {})
    return Draft(revenue, _entering(dice, kind, founded, report, seen_in=report))
