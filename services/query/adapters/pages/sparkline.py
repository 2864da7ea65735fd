"""The small chart of a target: actual against pace, as points of an SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

WIDTH, HEIGHT, MARGIN = 150, 44, 5


@dataclass(frozen=True, slots=True)
class Judged:
    """One period by its last day: what the pace expected and what was reached."""

    on: date
    expected: Decimal | None
    actual: Decimal | None


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Lines as `x,y` pairs, in a box of WIDTH × HEIGHT. `last` is where the newest actual value stands."""

    expected: str
    actual: str
    last: tuple[str, str] | None
    target: str | None


def sparkline(history: Sequence[Judged], target: Decimal | None, *, until: date) -> Sparkline | None:
    """Return the lines of a history, oldest first, or None when there is nothing to draw.

    The box spans the time from the first period to `until` (or to the last period, where that is later).
    """
    values = [value for one in history for value in (one.expected, one.actual) if value is not None]
    if not values or all(one.actual is None for one in history):
        return None
    levels = [*values, *([target] if target is not None else [])]
    low, high = min(Decimal(0), *levels), max(levels)
    span = high - low or Decimal(1)

    first = history[0].on
    days = max((max(until, history[-1].on) - first).days, 1)

    def point(on: date, value: Decimal) -> tuple[str, str]:
        across = Decimal((on - first).days) / days
        x = MARGIN + across * (WIDTH - 2 * MARGIN)
        y = HEIGHT - MARGIN - (value - low) / span * (HEIGHT - 2 * MARGIN)
        return f"{x:.1f}", f"{y:.1f}"

    actual = [point(one.on, one.actual) for one in history if one.actual is not None]
    expected = [point(one.on, one.expected) for one in history if one.expected is not None]
    return Sparkline(
        expected=_line(expected),
        actual=_line(actual),
        last=actual[-1] if actual else None,
        target=point(first, target)[1] if target is not None else None,
    )


def _line(points: Sequence[tuple[str, str]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)
