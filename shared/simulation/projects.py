"""The simulated city's projects: starts as scripted, late and refused evidence, and projects that must not count."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from shared.simulation import scenario
from shared.simulation.calibration import AREAS, CEREMONIES, INDUSTRIES
from shared.simulation.dice import Dice
from shared.simulation.firm import NEVER, Firm
from shared.simulation.firms import allotted
from shared.simulation.identifiers import old_project_code, project_code
from shared.simulation.population import Setting
from shared.simulation.project import Project, month_number

REPORT_MONTHS = (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
_TIER_TOTALS = ((10_000, 60_000), (100_000, 300_000), (500_000, 900_000), (1_000_000, 1_500_000))
"""万元; most projects of a tier lie in its lower half (see `_planned_total`)."""
_BUILDING_MONTHS = ((8, 16), (12, 22), (18, 32), (24, 40))
_SMALL = -1
"""The tier of projects below 亿元."""
_KINDS = ("new",) * 11 + ("expansion",) * 4 + ("retrofit",) * 4 + ("relocation",)
_CODE_TYPES = {"new": "01", "expansion": "02", "retrofit": "02", "relocation": "01"}


@dataclass(frozen=True, slots=True)
class Start:
    """When a project starts and from which report the start is accepted; a project that is only signed has no day."""

    tier: int
    total: int
    signed_before: date
    started_on: date | None = None
    accepted_in: int = NEVER
    is_old: bool = False


def invest(setting: Setting, firms: Sequence[Firm]) -> tuple[Project, ...]:
    """Return the projects in the order of their serial numbers."""
    dice = Dice(setting.seed, "projects")
    starts = list(_starts(setting, dice))
    dice.shuffle(starts)
    owners: list[list[Firm]] = [[] for _ in AREAS]
    for firm in firms[: setting.firms]:
        owners[firm.place].append(firm)
    places = allotted(dice, len(starts), [area.projects for area in AREAS])
    return tuple(
        _project(dice, serial, start, (place, dice.pick(owners[place] or firms)))
        for serial, (start, place) in enumerate(zip(starts, places, strict=True), start=1)
    )


def _starts(setting: Setting, dice: Dice) -> Iterator[Start]:
    yield from _carried_over(setting, dice)
    for index in range(1, setting.years + 1):
        yield from _scripted(setting, dice, index, REPORT_MONTHS)
        yield from _beside(setting.base_year + index, dice)
    yield from _scripted(setting, dice, setting.years + 1, REPORT_MONTHS[:1])


def _carried_over(setting: Setting, dice: Dice) -> Iterator[Start]:
    """Yield the starts of the base year: they must never count for a later year."""
    old = scenario.OLD_CODES
    for tier, count in enumerate(scenario.CARRIED_OVER):
        for _ in range(count):
            day = date(setting.base_year, dice.between(2, 12), dice.between(3, 27))
            is_old, old = tier > 0 and old > 0, old - (tier > 0)
            yield Start(tier, _planned_total(dice, tier), day, day, month_number(day), is_old)


def _scripted(setting: Setting, dice: Dice, index: int, months: Sequence[int]) -> Iterator[Start]:
    """Yield the accepted starts of a year, report by report; the first of each tier in a year meets its bound exactly."""
    year = setting.base_year + index
    seen: set[int] = set()
    for month, counts in zip(months, scenario.start_script(index).by_report(), strict=False):
        for tier, count in enumerate(counts):
            for _ in range(count):
                total = _planned_total(dice, tier) if tier in seen else scenario.PROJECT_TIERS[tier]
                seen.add(tier)
                day = _start_day(dice, year, month)
                yield Start(tier, total, day, day, year * 100 + month)


def _start_day(dice: Dice, year: int, month: int) -> date:
    """Return a day of the report's months; one in seven started in the month before and was accepted late."""
    if month == 2:
        return (
            date(year, 2, CEREMONIES[2]) if dice.below(5) < 3 else date(year, dice.between(1, 2), dice.between(3, 24))
        )
    if dice.one_in(7):
        return date(year, month - 1, dice.between(20, 28))
    if month in CEREMONIES and dice.below(5) < 3:
        return date(year, month, CEREMONIES[month])
    return date(year, month, dice.between(3, 27))


def _beside(year: int, dice: Dice) -> Iterator[Start]:
    """Yield what stands beside the year's starts: evidence never accepted, projects below 亿元, and only signed ones."""
    side = scenario.SideProjects()
    for tier, count in enumerate(side.never_accepted):
        for _ in range(count):
            day = date(year, dice.pick((4, 7, 11)), dice.between(15, 27))
            yield Start(tier, _planned_total(dice, tier), day, day)
    for number in range(side.small):
        day = date(year, dice.between(1, 12), dice.between(3, 27))
        total = scenario.PROJECT_TIERS[0] - 1 if number == 0 else dice.between(5_000, 9_900)
        yield Start(_SMALL, total, day, day, max(year * 100 + 2, month_number(day)))
    for number in range(side.signed_only):
        tier = (0, 0, 1, 0, 1, 2)[number % 6]
        yield Start(tier, _planned_total(dice, tier), date(year, dice.between(6, 12), dice.between(3, 27)))


def _planned_total(dice: Dice, tier: int) -> int:
    """Return a planned total of the tier in 万元, round as in applications, the smaller of two throws."""
    low, high = _TIER_TOTALS[tier]
    total = low + min(dice.below(high - low), dice.below(high - low)) // 500 * 500
    if dice.one_in(40) and tier < len(_TIER_TOTALS) - 1:
        return scenario.PROJECT_TIERS[tier + 1] - 1  # one 万元 short of the next tier
    return total


def _project(dice: Dice, serial: int, start: Start, owner: tuple[int, Firm]) -> Project:
    place, firm = owner
    filed = start.signed_before - timedelta(days=dice.between(25, 150))
    if start.is_old:
        filed = date(dice.between(2018, 2020), dice.between(1, 12), dice.between(1, 28))
    signed = filed - timedelta(days=dice.between(30, 240))
    kind = dice.pick(_KINDS)
    industry = dice.pick(INDUSTRIES)
    months = dice.between(*_BUILDING_MONTHS[max(0, start.tier)])
    completed = None if start.started_on is None else start.started_on + timedelta(days=30 * months)
    return Project(
        code=_code(serial, AREAS[place].region, filed, (industry, kind), is_old=start.is_old),
        serial=serial,
        place=place,
        owner_uscc=firm.uscc,
        industry=industry,
        kind=kind,
        planned_total=start.total,
        planned_equipment=start.total * dice.between(25, 65) // 100,
        signed_on=signed,
        filed_on=filed,
        started_on=start.started_on,
        accepted_in=start.accepted_in,
        listed_on=_listed_on(dice, start),
        building_months=months,
        completed_on=completed,
        production_on=None if completed is None else completed + timedelta(days=dice.between(20, 120)),
    )


def _listed_on(dice: Dice, start: Start) -> date | None:
    """Return the day the project enters the statistical library (列统): some weeks after an accepted start."""
    delay = timedelta(days=dice.between(20, 75))
    return None if start.started_on is None or start.accepted_in == NEVER else start.started_on + delay


def _code(serial: int, region: str, filed: date, industry_and_kind: tuple[str, str], *, is_old: bool) -> str:
    industry, kind = industry_and_kind
    if is_old:
        return old_project_code(filed.year, region, industry[:2], 500_000 + serial)
    return project_code(f"{filed:%y%m}", region, _CODE_TYPES[kind], 90_000 + serial)
