"""The judgement of one target for one period: a function of the target's version, the evidence and the period alone."""

import json
from dataclasses import asdict, dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from services.rules.domain import reasons
from services.rules.domain.errors import LightsGapError
from services.rules.domain.evidence import Evidence, Figure, Input, Outlook
from services.rules.domain.lights import Light
from services.rules.domain.pace import expected_value
from services.rules.domain.target import Comparator, Direction, Target
from services.rules.domain.wording import Reason, rounded
from shared.kernel.ids import stable_id
from shared.kernel.period import Period


class Status(StrEnum):
    """What a verdict says."""

    MET = "met"
    ON_PACE = "on_pace"
    BEHIND = "behind"
    FAR_BEHIND = "far_behind"
    MISSED = "missed"
    NO_DATA = "no_data"
    CANNOT_JUDGE = "cannot_judge"
    NOT_DUE = "not_due"

    @property
    def light(self) -> Light | None:
        """The light it shows, None when it says nothing of good or bad."""
        return _LIGHTS.get(self)


_LIGHTS = {
    Status.MET: Light.GREEN,
    Status.ON_PACE: Light.GREEN,
    Status.BEHIND: Light.YELLOW,
    Status.FAR_BEHIND: Light.RED,
    Status.MISSED: Light.RED,
}
_OF_LIGHT = {Light.GREEN: Status.ON_PACE, Light.YELLOW: Status.BEHIND, Light.RED: Status.FAR_BEHIND}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`gap` is actual − expected in the target's unit, `gap_points` of the target, `gap_percent` of the expected."""

    verdict_id: str
    target: Target
    period: Period
    status: Status
    expected: Decimal | None
    actual: Decimal | None
    gap: Decimal | None
    gap_points: Decimal | None
    gap_percent: Decimal | None
    reasons: tuple[Reason, ...]
    figures: tuple[Figure, ...]
    inputs: tuple[Input, ...]
    outlook: Outlook | None
    simulated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    """The numbers of a verdict, rounded for storing and showing."""

    expected: Decimal | None
    actual: Decimal | None
    gap: Decimal | None
    gap_points: Decimal | None
    gap_percent: Decimal | None


@dataclass(frozen=True, slots=True)
class _Numbers:
    """Exact numbers in the target's unit, and whether the goal is met by them."""

    goal: Fraction
    expected: Fraction
    actual: Fraction
    is_met: bool

    @property
    def gap(self) -> Fraction:
        return self.actual - self.expected

    @property
    def shares(self) -> tuple[Fraction | None, Fraction | None]:
        """The gap in points of the target and in per cent of the expected; None against a base of zero."""
        points = self.gap / abs(self.goal) * 100 if self.goal else None
        percent = self.gap / abs(self.expected) * 100 if self.expected else None
        return points, percent


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a judgement comes to; `numbers` only where actual and expected were compared."""

    status: Status
    because: tuple[Reason, ...]
    actual: Fraction | None = None
    numbers: _Numbers | None = None


def judge(target: Target, evidence: Evidence, *, period: Period) -> Verdict:
    """Judge the target at the period. Business time alone decides; nothing here knows the clock or earlier verdicts."""
    outcome = _outcome(target, evidence, period)
    numbers = outcome.numbers
    points, percent = numbers.shares if numbers else (None, None)
    measured = _Measured(
        expected=_or_none(numbers.expected if numbers else None),
        actual=_or_none(outcome.actual),
        gap=_or_none(numbers.gap if numbers else None),
        gap_points=_or_none(points),
        gap_percent=_or_none(percent),
    )
    return Verdict(
        verdict_id=_identity(target, period, outcome.status, measured, evidence),
        target=target,
        period=period,
        status=outcome.status,
        **asdict(measured),
        reasons=(*outcome.because, *evidence.remarks, *evidence.sources, *reasons.assumptions(target)),
        figures=evidence.figures,
        inputs=evidence.inputs,
        outlook=evidence.outlook,
        simulated=evidence.simulated,
    )


def _outcome(target: Target, evidence: Evidence, period: Period) -> _Outcome:
    factor = Fraction(target.factor)
    actual = evidence.actual * factor if evidence.actual is not None else None
    goal = _goal(target, evidence)
    expected = expected_value(target.pace, goal or Fraction(0), horizon=target.horizon, period=period)
    if expected is None:
        because = (reasons.not_due(target, actual), *evidence.missing, *evidence.doubts)
        return _Outcome(Status.NOT_DUE, because, actual)
    if evidence.doubts:
        return _Outcome(Status.CANNOT_JUDGE, evidence.doubts)
    if evidence.missing or actual is None or goal is None:
        return _Outcome(Status.NO_DATA, evidence.missing, actual)
    numbers = _Numbers(goal, expected, actual, _is_met(target, evidence, actual=actual, goal=goal))
    status, reason = _graded(target, numbers, period)
    return _Outcome(status, (reason,), actual, numbers)


def _goal(target: Target, evidence: Evidence) -> Fraction | None:
    if target.goal is not None:
        return Fraction(target.goal)
    return evidence.reference * Fraction(target.factor) if evidence.reference is not None else None


def _is_met(target: Target, evidence: Evidence, *, actual: Fraction, goal: Fraction) -> bool:
    """Compare exactly: of a mean growth, which is a root, the products of the years."""
    compounded = evidence.compounded
    if compounded is None:
        return target.comparator.is_met(actual, goal)
    return target.comparator.is_met(compounded.product, compounded.of_mean(goal))


def _graded(target: Target, numbers: _Numbers, period: Period) -> tuple[Status, Reason]:
    """Final: met or missed. Before: met when an upward goal is reached already, else the light of the shortfall."""
    if period.end >= target.last.end:
        if numbers.is_met:
            return Status.MET, reasons.met(target, numbers.actual)
        return Status.MISSED, reasons.missed(target, numbers.actual, numbers.goal)
    if numbers.is_met and target.direction is Direction.UP and target.comparator is not Comparator.EQ:
        return Status.MET, reasons.met(target, numbers.actual)
    shortfall = -numbers.gap if target.direction is Direction.UP else numbers.gap
    try:
        light = target.lights.grade(shortfall, goal=numbers.goal, expected=numbers.expected)
    except LightsGapError:
        return Status.CANNOT_JUDGE, reasons.lights_gap(target.lights)
    if light is Light.GREEN:
        return Status.ON_PACE, reasons.on_pace(target, numbers.actual, numbers.expected)
    points, percent = numbers.shares
    shortfall_told = reasons.Shortfall(actual=numbers.actual, expected=numbers.expected, points=points, percent=percent)
    return _OF_LIGHT[light], reasons.behind(target, shortfall_told)


def _or_none(number: Fraction | None) -> Decimal | None:
    return None if number is None else rounded(number)


def _identity(target: Target, period: Period, status: Status, measured: _Measured, evidence: Evidence) -> str:
    """Return the id: equal exactly when target version, period, status, numbers, row versions, their origins and what is
    told of sources are.
    """
    content: dict[str, object] = {
        "status": str(status),
        "numbers": {name: str(value) for name, value in asdict(measured).items()},
        "inputs": [[one.name, one.known_by, one.considered, one.matched, one.digest] for one in evidence.inputs],
        "origins": [[str(one.period), one.submissions] for one in evidence.figures],
        "simulated": evidence.simulated,
        "reasons": [[reason.code, reason.zh] for reason in (*evidence.missing, *evidence.doubts)],
        "outlook": None if evidence.outlook is None else evidence.outlook.digest,
    }
    if evidence.sources:  # the ranks of authorities decide them, and no row version tells the ranks
        content["sources"] = [[reason.code, reason.zh] for reason in evidence.sources]
    return stable_id(
        "verdict",
        target.id,
        str(target.version),
        target.place.id,
        str(period),
        json.dumps(content, ensure_ascii=False, sort_keys=True),
    )
