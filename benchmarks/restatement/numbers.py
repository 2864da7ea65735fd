"""The numbers of a made-up plan: kinds in the proportions in which real plans have them.

Amounts are whole ten-thousandths of the unit (`SCALE`), so that the batch in polars reckons exactly too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from math import log10

from benchmarks.restatement.size import Size, chance

SCALE = 10_000
YI = 100_000_000
"""亿元 in yuan."""
INDUSTRIES = ("13", "14", "15", "17", "18", "20", "26", "27", "30", "34", "38", "39")
TITLES = ("high_tech", "innovative_sme", "green_factory", "national_giant")
EVENTS = ("signed", "started", "completed", "in_production")
AMOUNTS = ("revenue", "output", "profit", "tax")


class Kind(StrEnum):
    """Where the figure comes from."""

    FIGURE = "figure"
    COUNT_PROJECTS = "count_projects"
    SUM_PROJECTS = "sum_projects"
    COUNT_REGISTER = "count_register"
    SUM_FIRMS = "sum_firms"
    FIRMS_ABOVE = "count_firms_above"
    FIRMS_CROSSING = "count_firms_crossing"
    NET = "net_above_scale"
    HOLDERS = "holders"
    GRANTS = "grants"


class Path(StrEnum):
    """What should have been reached by a report."""

    LINEAR = "linear"
    INTEGER = "integer"
    STEPPED = "stepped"
    BASELINE_LINEAR = "baseline_linear"
    BASELINE_GROWTH = "baseline_growth"


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number of the plan: yearly ones are a target in each year, others one target judged in every month."""

    slug: str
    kind: Kind
    path: Path
    goal: int
    unit: str
    baseline: int = 0
    yearly: bool = False
    measure: str = "level"
    basis: str = "ytd"
    choice: str = ""
    """The event of projects, the amount of firms, or the kind of title."""
    line_yuan: int = 0
    industry: str = ""

    @property
    def is_falling(self) -> bool:
        """Whether less is better."""
        return self.baseline > self.goal


@cache
def numbers_of(size: Size) -> tuple[Number, ...]:
    """Return the numbers of every city's plan: in each hundred, 70 are published figures."""
    order = sorted(_MAKERS, key=lambda place: chance("order", place[0]))
    return tuple(order[serial % len(order)][1](size, serial) for serial in range(size.targets))


# ---- published figures ----------------------------------------------------------------------------------------------


def _growth(_size: Size, serial: int) -> Number:
    goal = _between(serial, 60_000, 120_000)
    return Number(
        slug=f"growth-{serial}",
        kind=Kind.FIGURE,
        path=Path.BASELINE_LINEAR,
        goal=goal,
        baseline=goal - 10_000,
        unit="%",
        measure="growth",
    )


def _cumulative(_size: Size, serial: int) -> Number:
    goal = _between(serial, 100 * SCALE, 2000 * SCALE)
    return Number(slug=f"sum-{serial}", kind=Kind.FIGURE, path=Path.LINEAR, goal=goal, unit="亿元")


def _level(_size: Size, serial: int) -> Number:
    return _from_baseline(serial, "level", Path.BASELINE_LINEAR, percent=150)


def _falling(_size: Size, serial: int) -> Number:
    return _from_baseline(serial, "falling", Path.BASELINE_LINEAR, percent=70)


def _compound(_size: Size, serial: int) -> Number:
    return _from_baseline(serial, "compound", Path.BASELINE_GROWTH, percent=180)


def _from_baseline(serial: int, name: str, path: Path, *, percent: int) -> Number:
    baseline = _between(serial, 50 * SCALE, 800 * SCALE)
    return Number(
        slug=f"{name}-{serial}",
        kind=Kind.FIGURE,
        path=path,
        goal=_whole(baseline * percent / 100 / SCALE),
        baseline=baseline,
        unit="亿元",
        basis="month",
    )


# ---- projects -------------------------------------------------------------------------------------------------------


def _projects_a_year(size: Size, serial: int) -> Number:
    line = _tier(serial)
    goal = _about(serial, size.projects * _share_of_tier(line))
    return _of_projects(serial, Kind.COUNT_PROJECTS, Path.INTEGER, goal, line=line, yearly=True)


def _projects_so_far(size: Size, serial: int) -> Number:
    line = _tier(serial)
    goal = _about(serial, size.project_count * _share_of_tier(line))
    return _of_projects(serial, Kind.COUNT_PROJECTS, Path.LINEAR, goal, line=line)


def _investment(size: Size, serial: int) -> Number:
    line = _tier(serial)
    goal = _about(serial, size.project_count * (100 - line / YI) / 4.6)
    return _of_projects(serial, Kind.SUM_PROJECTS, Path.LINEAR, goal, line=line)


def _of_projects(serial: int, kind: Kind, path: Path, goal: int, *, line: int, yearly: bool = False) -> Number:
    return Number(
        slug=f"projects-{serial}",
        kind=kind,
        path=path,
        goal=goal,
        unit="个" if kind is Kind.COUNT_PROJECTS else "亿元",
        yearly=yearly,
        choice=EVENTS[serial % len(EVENTS)],
        line_yuan=line,
    )


def _tier(serial: int) -> int:
    return (1, 5, 10, 20, 50)[serial % 5] * YI


def _share_of_tier(line: int) -> float:
    """Planned totals lie between 1亿元 and 100亿元, each power of ten alike."""
    return 1 - log10(line / YI) / 2


# ---- firms and titles -----------------------------------------------------------------------------------------------


def _register(size: Size, serial: int) -> Number:
    goal = _about(serial, size.firms / len(INDUSTRIES))
    return _of_firms(serial, Kind.COUNT_REGISTER, goal, industry=_industry(serial))


def _firms_summed(size: Size, serial: int) -> Number:
    goal = _about(serial, 0.2 * size.firms)
    amount = AMOUNTS[serial % len(AMOUNTS)]
    return _of_firms(serial, Kind.SUM_FIRMS, goal, industry=_industry(serial), choice=amount)


def _firms_above(size: Size, serial: int) -> Number:
    return _of_firms(serial, Kind.FIRMS_ABOVE, _about(serial, 0.2 * size.firms), line=_tier(serial))


def _of_firms(serial: int, kind: Kind, goal: int, *, industry: str = "", choice: str = "", line: int = 0) -> Number:
    return Number(
        slug=f"firms-{serial}",
        kind=kind,
        path=Path.BASELINE_LINEAR,
        goal=goal,
        baseline=goal // 2,
        unit="亿元" if kind is Kind.SUM_FIRMS else "户",
        industry=industry,
        choice=choice,
        line_yuan=line,
    )


def _crossing(size: Size, serial: int) -> Number:
    return _yearly(serial, Kind.FIRMS_CROSSING, Path.LINEAR, _about(serial, 0.02 * size.firms), line=YI)


def _net(size: Size, serial: int) -> Number:
    return _yearly(serial, Kind.NET, Path.STEPPED, _about(serial, 0.3 * size.firms / size.years))


def _grants(size: Size, serial: int) -> Number:
    goal = _about(serial, 11 * size.titles / len(TITLES))
    return _yearly(serial, Kind.GRANTS, Path.LINEAR, goal, title=TITLES[serial % len(TITLES)])


def _yearly(serial: int, kind: Kind, path: Path, goal: int, *, line: int = 0, title: str = "") -> Number:
    return Number(
        slug=f"yearly-{serial}",
        kind=kind,
        path=path,
        goal=goal,
        unit="项" if kind is Kind.GRANTS else "户",
        yearly=True,
        line_yuan=line,
        choice=title,
    )


def _holders(size: Size, serial: int) -> Number:
    goal = _about(serial, 11 * size.titles * size.years / len(TITLES))
    return _of_firms(serial, Kind.HOLDERS, goal, choice=TITLES[serial % len(TITLES)])


# ---- the mix --------------------------------------------------------------------------------------------------------

_MIX: tuple[tuple[Callable[[Size, int], Number], int], ...] = (
    (_growth, 20), (_cumulative, 20), (_level, 14), (_falling, 10), (_compound, 6),
    (_projects_a_year, 4), (_projects_so_far, 2), (_investment, 4),
    (_register, 5), (_firms_summed, 5), (_firms_above, 4), (_crossing, 1), (_net, 1),
    (_holders, 2), (_grants, 2),
)  # fmt: skip
_MAKERS = tuple(enumerate(maker for maker, count in _MIX for _ in range(count)))


def _between(serial: int, low: int, high: int) -> int:
    return _whole((low + (high - low) * chance("goal", serial)) / SCALE)


def _about(serial: int, middle: float) -> int:
    """Return a whole number around the middle: some plans ask for more than comes, some for less."""
    return max(1, round(middle * (0.6 + 0.7 * chance("goal", serial)))) * SCALE


def _whole(value: float) -> int:
    return max(1, round(value)) * SCALE


def _industry(serial: int) -> str:
    return INDUSTRIES[serial % len(INDUSTRIES)]
