"""Titles granted to simulated firms, batch after batch, as `scenario.TITLES` tells it.

A firm is granted a title of a kind once, while it is two years old or older and in the register (some titles also go to
firms below it), the rarer ones to the largest. Who closes or moves out loses its titles on
that day. A month's report holds what was granted or lost in it; what was held before stands in one report of the year before.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from shared.kernel.period import Period
from shared.simulation.calibration import AREAS
from shared.simulation.dice import Dice
from shared.simulation.firm import ExitKind, Firm
from shared.simulation.firm_rows import Row, firm_name
from shared.simulation.population import Setting
from shared.simulation.scenario import TITLES, TitleScript

RECOGNITION_COLUMNS = ("uscc", "name", "kind", "level", "batch", "granted_on", "revoked_on", "area")
_STOCK_YEARS = 4
"""Titles held when the base year begins were granted in so many years before it."""
_YOUNGEST = 2


@dataclass(frozen=True, slots=True)
class Granted:
    """A title of a firm; `lost_on` is the day on which it closed or moved out."""

    firm: Firm
    kind: str
    level: str
    batch: str
    granted_on: date
    lost_on: date | None

    def is_held(self, day: date) -> bool:
        """Whether the firm holds the title at the end of the day."""
        return self.granted_on <= day and (self.lost_on is None or day < self.lost_on)


@dataclass(slots=True)
class _Register:
    """Who was granted which kind in which year, and the firms by size, largest first."""

    setting: Setting
    by_size: Sequence[Firm]
    years: dict[str, dict[int, int]] = field(default_factory=dict)
    """By kind, by serial number."""

    def earliest(self, firm: Firm, script: TitleScript) -> int | None:
        """Return the first year in which the firm may be granted the title, None when it never may."""
        if firm.serial in self.years.get(script.kind, {}):
            return None
        youngest = firm.life.founded + _YOUNGEST
        if script.after is None:
            return youngest
        before = self.years[script.after].get(firm.serial)
        return None if before is None else max(youngest, before + 1)


def grant(setting: Setting, firms: Sequence[Firm]) -> tuple[Granted, ...]:
    """Return every title of the simulated years, and those held before them, script by script and year by year."""
    register = _Register(setting, sorted(firms, key=lambda firm: (-firm.revenue[0], firm.serial)))
    return tuple(title for script in TITLES for title in _granted(register, script))


def _granted(register: _Register, script: TitleScript) -> Iterator[Granted]:
    setting = register.setting
    dice = Dice(setting.seed, f"titles/{script.kind}/{script.level}")
    years = register.years.setdefault(script.kind, {})
    for index in range(-1, setting.years + 1):
        year, count = setting.base_year + index, setting.scaled(script.count(index))
        for number, firm in enumerate(_chosen(register, dice, script, year, count)):
            granted = year if index >= 0 else _stock_year(register, dice, script, firm)
            years[firm.serial] = granted
            yield _title(firm, script, granted, number % len(script.batches))


def _chosen(register: _Register, dice: Dice, script: TitleScript, year: int, count: int) -> list[Firm]:
    """Return the firms that are granted the title in the year."""
    ripe = [firm for firm in register.by_size if (register.earliest(firm, script) or year + 1) <= year]
    reports = [year * 100 + max(2, month) for month, _ in script.batches]
    above = [firm for firm in ripe if all(firm.life.is_above_scale(report) for report in reports)]
    below = [firm for firm in ripe if all(firm.life.is_candidate(report) for report in reports)]
    largest = above[: max(count, len(above) * script.largest // 1000)]
    dice.shuffle(largest)
    dice.shuffle(below)
    few = below[: count * script.below // 1000]
    return [*largest[: count - len(few)], *few]


def _stock_year(register: _Register, dice: Dice, script: TitleScript, firm: Firm) -> int:
    """Return the year in which a title held before the base year was granted, as early as the firm allows."""
    last = register.setting.base_year - 1
    entered = firm.life.entered_on.year if firm.life.entered_on and firm.life.entered_on.year <= last else 0
    first = max(last - _STOCK_YEARS + 1, register.earliest(firm, script) or last, entered)
    return dice.between(min(first, last), last)


def _title(firm: Firm, script: TitleScript, year: int, batch: int) -> Granted:
    month, day = script.batches[batch]
    lost = firm.life.exited_on if firm.life.exit_kind in {ExitKind.CLOSED, ExitKind.MOVED_OUT} else None
    name = f"{year}年第{'一二三四'[batch]}批"
    return Granted(firm, script.kind, script.level, name, date(year, month, day), lost)


def held_rows(titles: Iterable[Granted], year: int) -> Iterator[Row]:
    """Yield the titles held at the end of the year."""
    end = date(year, 12, 31)
    return (_row(title, until=end) for title in titles if title.is_held(end))


def recognition_rows(titles: Iterable[Granted], period: Period) -> Iterator[Row]:
    """Yield the titles granted or lost in the period."""
    for title in titles:
        days = (title.granted_on, title.lost_on)
        if title.granted_on <= period.end and any(
            day is not None and period.start <= day <= period.end for day in days
        ):
            yield _row(title, until=period.end)


def _row(title: Granted, *, until: date) -> Row:
    lost = title.lost_on is not None and title.lost_on <= until
    return {
        "uscc": title.firm.uscc,
        "name": firm_name(title.firm),
        "kind": title.kind,
        "level": title.level,
        "batch": title.batch,
        "granted_on": title.granted_on.isoformat(),
        "revoked_on": title.lost_on.isoformat() if lost and title.lost_on else None,
        "area": AREAS[title.firm.place].area,
    }
