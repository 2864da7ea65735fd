"""The judgement of one target for one period: a function of the target's version, the evidence and the period alone."""

import json
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from fractions import Fraction

from services.rules.domain import reasons
from services.rules.domain.errors import LightsGapError
from services.rules.domain.evidence import Evidence, Figure, Input, Outlook
from services.rules.domain.lights import Light
from services.rules.domain.pace import expected_value
from services.rules.domain.status import UNKNOWN, Status
from services.rules.domain.steps import Compared, Step, steps_of
from services.rules.domain.suspension import suspended
from services.rules.domain.target import Comparator, Demand, Direction, Target
from services.rules.domain.wording import Reason, rounded
from shared.kernel.ids import stable_id
from shared.kernel.period import Period

_OF_LIGHT = {Light.GREEN: Status.ON_PACE, Light.YELLOW: Status.BEHIND, Light.RED: Status.FAR_BEHIND}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`gap` is actual − expected in the target's unit, `gap_points` of the target, `gap_percent` of the expected.

    With the target and the evidence it can be judged again; `steps` is the arithmetic where numbers were compared.
    """

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
    evidence: Evidence
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The numbers of a verdict, rounded for storing and showing."""

    expected: Decimal | None
    actual: Decimal | None
    gap: Decimal | None
    gap_points: Decimal | None
    gap_percent: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What judging comes to: a verdict without the target it is of."""

    verdict_id: str
    status: Status
    measured: Measured
    reasons: tuple[Reason, ...]
    steps: tuple[Step, ...]


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
    judgement = judge_demand(target, evidence, period=period)
    return Verdict(
        verdict_id=judgement.verdict_id,
        target=target,
        period=period,
        status=judgement.status,
        **asdict(judgement.measured),
        reasons=judgement.reasons,
        figures=evidence.figures,
        inputs=evidence.inputs,
        outlook=evidence.outlook,
        simulated=evidence.simulated,
        evidence=evidence,
        steps=judgement.steps,
    )


def judge_demand(target: Demand, evidence: Evidence, *, period: Period) -> Judgement:
    """Judge what is demanded by what is known of the figure, wherever both were read from.

    Where the target is suspended, numbers and steps stay. What could not be judged stays so: no silence is excused.
    """
    outcome = _suspended(target, _outcome(target, evidence, period), period)
    numbers = outcome.numbers
    points, percent = numbers.shares if numbers else (None, None)
    measured = Measured(
        expected=_or_none(numbers.expected if numbers else None),
        actual=_or_none(outcome.actual),
        gap=_or_none(numbers.gap if numbers else None),
        gap_points=_or_none(points),
        gap_percent=_or_none(percent),
    )
    return Judgement(
        verdict_id=_identity(target, period, outcome.status, measured, evidence),
        status=outcome.status,
        measured=measured,
        reasons=(*outcome.because, *evidence.remarks, *evidence.sources, *reasons.assumptions(target)),
        steps=_steps(target, evidence, period, numbers),
    )


def _steps(target: Demand, evidence: Evidence, period: Period, numbers: _Numbers | None) -> tuple[Step, ...]:
    if numbers is None:
        return ()
    compared = Compared(actual=numbers.actual, goal=numbers.goal, expected=numbers.expected, is_met=numbers.is_met)
    return steps_of(target, period, compared, compounded=evidence.compounded)


def _outcome(target: Demand, evidence: Evidence, period: Period) -> _Outcome:
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


def _suspended(target: Demand, outcome: _Outcome, period: Period) -> _Outcome:
    suspension = target.suspension_at(period)
    if suspension is None or outcome.status in UNKNOWN:
        return outcome
    because = (suspended(suspension, outcome.status), *outcome.because)
    return replace(outcome, status=Status.SUSPENDED, because=because)


def _goal(target: Demand, evidence: Evidence) -> Fraction | None:
    if target.goal is not None:
        return Fraction(target.goal)
    return evidence.reference * Fraction(target.factor) if evidence.reference is not None else None


def _is_met(target: Demand, evidence: Evidence, *, actual: Fraction, goal: Fraction) -> bool:
    """Compare exactly: of a mean growth, which is a root, the products of the years."""
    compounded = evidence.compounded
    if compounded is None:
        return target.comparator.is_met(actual, goal)
    return target.comparator.is_met(compounded.product, compounded.of_mean(goal))


def _graded(target: Demand, numbers: _Numbers, period: Period) -> tuple[Status, Reason]:
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


def _identity(target: Demand, period: Period, status: Status, measured: Measured, evidence: Evidence) -> str:
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
