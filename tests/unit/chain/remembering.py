"""A model that forgets nothing and computes everything anew from first principles: slow, short, and obviously right.

It knows every submission with the instant at which it was complete, and shares no code with the services.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from math import floor

PERIODS = {"2024-01/P2M": 2, "2024-03": 3, "2024-04": 4, "2024-05": 5}
"""The reports, by the number of months that have passed when they end."""
ENDS = {"2024-01/P2M": date(2024, 2, 29), "2024-03": date(2024, 3, 31), "2024-04": date(2024, 4, 30)} | {
    "2024-05": date(2024, 5, 31)
}
RANK = {"bureau": 1, "press": 2}
"""Whose figure or row governs: the smaller number."""


@dataclass(frozen=True, slots=True)
class Figure:
    value: Fraction
    is_final: bool


@dataclass(frozen=True, slots=True)
class Project:
    """`counts_from`: the day of its start, None when it is too small or its start is not accepted."""

    counts_from: date | None


@dataclass(frozen=True, slots=True)
class Firm:
    above_scale: bool
    exited_on: date | None = None


Cell = Figure | Project | Firm


@dataclass(slots=True)
class Remembered:
    """A submission; a row of None left. `known_at` is when it was complete, None while it is not."""

    sequence: int
    source: str
    feed: str
    period: str
    rows: Mapping[str, Cell | None]
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """A target of 2024: which feed says how much, how much is demanded, whether its pace is rounded down, and when it is told."""

    feed: str
    goal: int
    integer: bool = False
    hold: int = 1
    recover: Fraction | None = None

    def expected(self, period: str) -> Fraction:
        share = Fraction(self.goal * PERIODS[period], 12)
        return Fraction(floor(share)) if self.integer else share

    def shortfall(self, actual: Fraction, period: str) -> Fraction:
        """In points of the goal."""
        return (self.expected(period) - actual) / self.goal * 100

    def status(self, actual: Fraction | None, period: str) -> str:
        if actual is None:
            return "no_data"
        if actual >= self.goal:
            return "met"
        short = self.shortfall(actual, period)
        return "on_pace" if short <= 0 else "behind" if short <= 30 else "far_behind"


GOALS = {
    "figure": Goal("indicators", 8),
    "patient": Goal("indicators", 8, hold=2, recover=Fraction(-10)),
    "whole": Goal("projects", 6, integer=True),
    "linear": Goal("projects", 6),
    "register": Goal("enterprises", 6),
}
Judged = dict[tuple[str, str], tuple[str, Fraction | None]]
Breach = tuple[str, str, str, str, bool]


@dataclass(slots=True)
class Memory:
    """Everything that was ever submitted."""

    submissions: list[Remembered] = field(default_factory=list)

    def judged(self, at: datetime) -> Judged:
        """By target and period: status and figure, as known at the instant."""
        known = [one for one in self.submissions if one.known_at is not None and one.known_at <= at]
        periods = {"2024-01/P2M", *(one.period for one in known)}
        return {
            (name, period): (goal.status(actual, period), actual)
            for name, goal in GOALS.items()
            for period in periods
            for actual in (_actual(goal.feed, period, known),)
        }

    def breaches(self, at: datetime) -> set[Breach]:
        """Every breach as known at the instant: target, first and last period, worst light, and whether it goes on."""
        judged = self.judged(at)
        return {breach for name, goal in GOALS.items() for breach in _breaches(name, goal, judged)}


def _actual(feed: str, period: str, known: Sequence[Remembered]) -> Fraction | None:
    """Return the figure; None when nothing says it."""
    own = [one for one in known if one.feed == feed]
    if feed == "indicators":
        return _governing(one for one in own if one.period == period)
    if all(one.period != period for one in own):
        return None
    if feed == "projects":
        rows = _held(one for one in own if ENDS[one.period] <= ENDS[period])
        starts = [row.counts_from for row in rows.values() if isinstance(row, Project) and row.counts_from is not None]
        return Fraction(sum(1 for day in starts if day <= ENDS[period]))
    rows = _held(one for one in own if one.period == period)
    held = [row for row in rows.values() if isinstance(row, Firm) and row.above_scale]
    return Fraction(sum(1 for firm in held if firm.exited_on is None or firm.exited_on > ENDS[period]))


def _governing(known: Iterable[Remembered]) -> Fraction | None:
    """Return the better authority's figure; a source states what it said last, or nothing."""
    stated: dict[str, Cell | None] = {}
    for one in sorted(known, key=lambda one: one.sequence):
        for row in one.rows.values():
            stated[one.source] = row
    figures = [(RANK[source], row.value) for source, row in stated.items() if isinstance(row, Figure)]
    return min(figures)[1] if figures else None


def _held(known: Iterable[Remembered]) -> dict[str, Cell | None]:
    """Return each key's row of its latest period: the better authority's, as it said last, unless it took it back."""
    stated: dict[str, dict[date, dict[str, Cell | None]]] = {}
    for one in sorted(known, key=lambda one: one.sequence):
        for key, row in one.rows.items():
            stated.setdefault(key, {}).setdefault(ENDS[one.period], {})[one.source] = row
    return {key: _best(periods[max(periods)]) for key, periods in stated.items()}


def _best(stated: Mapping[str, Cell | None]) -> Cell | None:
    kept = [source for source, row in stated.items() if row is not None]
    return stated[min(kept, key=RANK.__getitem__)] if kept else None


def _breaches(name: str, goal: Goal, judged: Judged) -> Iterator[Breach]:
    """Walk through the periods: months in breach add up, months without a figure change nothing, good ones end it."""
    waiting: list[str] = []
    held: list[tuple[str, str]] = []
    for period in PERIODS:
        status, actual = judged.get((name, period), ("no_data", None))
        if actual is None:
            continue
        if status in ("behind", "far_behind"):
            light = "yellow" if status == "behind" else "red"
            waiting.append(period)
            if held:
                held.append((period, light))
            elif len(waiting) >= goal.hold:
                held = [(waiting[0], light), (period, light)]
            continue
        waiting = []
        enough = goal.recover is None or status == "met" or goal.shortfall(actual, period) <= goal.recover
        if held and enough:
            yield _breach(name, held, goes_on=False)
            held = []
    if held:
        yield _breach(name, held, goes_on=True)


def _breach(name: str, held: Sequence[tuple[str, str]], *, goes_on: bool) -> Breach:
    worst = "red" if any(light == "red" for _, light in held) else "yellow"
    return name, held[0][0], held[-1][0], worst, goes_on
