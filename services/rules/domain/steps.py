"""The arithmetic of a verdict step by step, as a reader can do it again with pencil and paper."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import assert_never

from services.rules.domain.evidence import Compounded
from services.rules.domain.lights import ShortfallUnit
from services.rules.domain.pace import (
    AtHorizon,
    BaselineGrowth,
    BaselineLinear,
    Integer,
    Linear,
    Schedule,
    Stepped,
    path_share,
    share_due,
)
from services.rules.domain.target import Demand, Direction
from services.rules.domain.wording import Text, exactly
from shared.kernel.period import Period


@dataclass(frozen=True, slots=True)
class Step:
    """One line: what is worked out, how, and what comes out; `unit` is empty where there is none."""

    code: str
    name: Text
    formula: str
    value: str
    unit: str = ""


_NAMES = {
    "goal": Text("目标值", "goal"),
    "actual": Text("实际值", "actual"),
    "expected": Text("序时应达数", "expected by now"),
    "gap": Text("差额", "gap"),
    "gap_points": Text("按目标值计的差额（百分点）", "gap in points of the goal"),
    "gap_percent": Text("占序时应达数的差额（%）", "gap in per cent of the expected"),
    "is_met": Text("是否达到目标", "goal reached"),
    "light": Text("亮灯", "light"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The exact numbers compared, in the target's unit, and what the comparison of actual and goal came to."""

    actual: Fraction
    goal: Fraction
    expected: Fraction
    is_met: bool


def steps_of(
    target: Demand, period: Period, numbers: Compared, *, compounded: Compounded | None = None
) -> tuple[Step, ...]:
    """Return the steps from goal and actual to the light. A mean growth is compared by the products of its years."""
    goal, actual, expected = numbers.goal, numbers.actual, numbers.expected
    left, right = exactly(actual), exactly(goal)
    if compounded is not None:
        left, right = exactly(compounded.product), f"(1 + {right} ÷ 100) ^ {compounded.years}"
    return (
        _step("goal", target.value_text(), exactly(goal), target.unit),
        _step("expected", _path(target, goal, period), exactly(expected), target.unit),
        _step("actual", exactly(actual), exactly(actual), target.unit),
        *_gaps(goal, expected, actual - expected, target.unit),
        _step("is_met", f"{left} {target.sign} {right}", "yes" if numbers.is_met else "no"),
        *(() if period.end >= target.last.end else _light(target, actual=actual, goal=goal, expected=expected)),
    )


def _gaps(goal: Fraction, expected: Fraction, gap: Fraction, unit: str) -> Iterator[Step]:
    yield _step("gap", f"{exactly(gap + expected)} − {exactly(expected)}", exactly(gap), unit)
    if goal:
        yield _step("gap_points", f"{exactly(gap)} ÷ {exactly(abs(goal))} × 100", exactly(gap / abs(goal) * 100))
    if expected:
        share = exactly(gap / abs(expected) * 100)
        yield _step("gap_percent", f"{exactly(gap)} ÷ {exactly(abs(expected))} × 100", share)


def _path(target: Demand, goal: Fraction, period: Period) -> str:
    pace, horizon = target.pace, target.horizon
    elapsed, whole = exactly(horizon.elapsed(period)), exactly(goal)
    match pace:
        case Linear():
            return f"{whole} × {elapsed}"
        case Integer():
            return f"⌊{whole} × {elapsed}⌋"
        case Schedule() | Stepped():
            return f"{whole} × {exactly(share_due(pace, horizon, period) or Fraction(0))}"
        case AtHorizon():
            return whole
        case BaselineLinear(value=value, year=year):
            base = exactly(Fraction(value))
            return f"{base} + ({whole} − {base}) × {exactly(path_share(year, horizon, period))}"
        case BaselineGrowth(value=value, year=year):
            base = exactly(Fraction(value))
            return f"{base} × ({whole} ÷ {base}) ^ {exactly(path_share(year, horizon, period))}"
        case unreachable:
            assert_never(unreachable)


def _light(target: Demand, *, actual: Fraction, goal: Fraction, expected: Fraction) -> Iterator[Step]:
    shortfall = expected - actual if target.direction is Direction.UP else actual - expected
    base = abs(goal if target.lights.unit is ShortfallUnit.POINTS else expected)
    if not base:
        yield _step("light", f"{exactly(shortfall)} > 0", "red" if shortfall > 0 else "green")
        return
    share = shortfall / base * 100
    for band in target.lights.bands:
        if band.holds(share):
            yield _step(
                "light", f"{exactly(shortfall)} ÷ {exactly(base)} × 100 = {exactly(share)} ∈ {band}", band.light
            )


def _step(code: str, formula: str, value: str, unit: str = "") -> Step:
    return Step(code, _NAMES[code], formula, value, unit)
