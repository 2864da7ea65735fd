"""The parts of a target as the domain's own types."""

from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from services.rules.domain import pace as paces
from services.rules.domain import target as domain
from services.rules.domain.alerting import Alerting, AttainmentRule, Binding, Severity
from services.rules.domain.errors import UnsupportedPlanError
from services.rules.domain.lights import Band, Light, Lights, ShortfallUnit
from services.rules.domain.quantity import MeanGrowth, ReportedFigure
from services.rules.domain.suspension import Suspension
from services.rules.domain.wording import Text
from shared.kernel.ids import text_hash
from shared.plans import horizon, schema
from shared.plans.expand import YearTarget
from shared.plans.lights import Alerting as AlertingModel
from shared.plans.lights import ForecastRule
from shared.plans.lights import Lights as LightsModel
from shared.plans.loader import Plan
from shared.plans.mention import Baseline
from shared.plans.model import BilingualName
from shared.plans.responsible import ROLES, Responsible
from shared.plans.suspension import Suspension as SuspensionModel

ONE = Decimal(1)


def text_of(name: BilingualName) -> Text:
    """Return a name."""
    return Text(name.zh, name.en)


def plan_of(head: schema.Head) -> domain.Plan:
    """Return the document."""
    return domain.Plan(head.id, head.title.zh, head.document_number)


def clause_of(clause: schema.Clause, quote: str) -> domain.Clause:
    """Return the clause with the words that state a target."""
    return domain.Clause(clause.id, clause.title, quote, text_hash(quote))


def units_of(responsible: Responsible) -> tuple[domain.Unit, ...]:
    """Return the responsible units by role; the one that answers for all is marked."""
    named = [(name, role) for role in ROLES for name in responsible.of(role)]
    return tuple(
        domain.Unit(name, role, answers=place == 0 and name == responsible.answering)
        for place, (name, role) in enumerate(named)
    )


def suspension_of(suspension: SuspensionModel) -> Suspension:
    """Return what is suspended."""
    return Suspension(
        since=suspension.since,
        until=suspension.until,
        reason=text_of(suspension.reason),
        approved_by=suspension.approved_by,
        reference=suspension.reference,
    )


def lights_of(lights: LightsModel) -> Lights:
    """Return the thresholds."""
    return Lights(
        lights.id,
        ShortfallUnit(lights.unit),
        tuple(
            Band(
                light=Light(band.light),
                lower=band.lower,
                lower_inclusive=band.from_ is not None,
                upper=band.upper,
                upper_inclusive=band.to is not None,
            )
            for band in lights.bands
        ),
        _alerting(lights.alerting),
    )


def _alerting(model: AlertingModel) -> Alerting:
    severities = model.severities
    return Alerting(
        hold=model.hold,
        recover=model.recover,
        severities={
            binding: {Severity.YELLOW: Severity(of.yellow), Severity.RED: Severity(of.red)}
            for binding, of in ((Binding.BINDING, severities.binding), (Binding.EXPECTED, severities.expected))
        },
        forecast=None if model.forecast is None else _attainment(model.forecast),
    )


def _attainment(model: ForecastRule) -> AttainmentRule:
    severities = model.severities
    return AttainmentRule(
        below=model.below,
        hold=model.hold,
        severities={
            Binding.BINDING: Severity(severities.binding),
            Binding.EXPECTED: Severity(severities.expected),
        },
    )


def pace_of(pace: horizon.Pace, baseline: Baseline | None) -> tuple[paces.Pace, bool]:
    """Return the pace, and whether the document states it.

    An area's part of a target has no baseline, so the straight way to it is unknown: it is judged at the horizon.
    """
    match pace:
        case horizon.LinearPace():
            return paces.Linear(), pace.stated
        case horizon.IntegerPace():
            return paces.Integer(), pace.stated
        case horizon.SchedulePace() | horizon.SteppedPace():
            steps = tuple(paces.Step(one.month, one.years_after, one.share) for one in pace.shares)
            kind = paces.Schedule if isinstance(pace, horizon.SchedulePace) else paces.Stepped
            return kind(steps), pace.stated
        case horizon.BaselineLinearPace() | horizon.BaselineGrowthPace():
            if baseline is None:
                return paces.AtHorizon(), False
            path = paces.BaselineLinear if isinstance(pace, horizon.BaselineLinearPace) else paces.BaselineGrowth
            return path(baseline.value, baseline.year), pace.stated
        case horizon.AtHorizonPace():
            return paces.AtHorizon(), pace.stated
        case unreachable:
            assert_never(unreachable)


def first_year_of(target: YearTarget, *, counts_within_horizon: bool) -> int:
    """Return the first year judged.

    A level that must be reached by a year is looked at from the plan's first year on, to show how far it is. A pace that
    spreads the target over its own years, and a figure that counts these years alone, say nothing of the years before.
    """
    definition = target.definition
    reached_by = isinstance(definition.horizon, horizon.LevelAtYear | horizon.GrowthOver)
    spread = horizon.LinearPace | horizon.IntegerPace | horizon.SchedulePace | horizon.SteppedPace
    if reached_by and not isinstance(definition.pace, spread) and not counts_within_horizon:
        return target.first_year
    return min(max(target.first_year, target.since_year), target.year)


def line_of(rule: schema.SignalRule) -> int:
    """Return the line of a signal rule in yuan, 0 where it has none."""
    match rule:
        case schema.ProjectStart(min_total_yuan=line) | schema.AboveScaleCandidate(min_revenue_yuan=line):
            return int(line)
        case _:
            return 0


def tiers_of(plan: Plan) -> tuple[int, ...]:
    """Return every tier of project starts the plan names, lowest first."""
    rules = [rule for clause in plan.clauses for rule in clause.signals]
    return tuple(sorted({line_of(rule) for rule in rules if isinstance(rule, schema.ProjectStart)}))


def check_judgeable(target: domain.Target) -> None:
    """Refuse what could never be judged, before it is stored; raise UnsupportedPlanError."""
    reference = target.reference
    if reference is not None and not isinstance(target.indicator.derivation, ReportedFigure):
        raise UnsupportedPlanError(f"{target.id}: only a published figure can be compared with another one")
    if reference is not None and reference.indicator.unit != target.indicator.unit:
        raise UnsupportedPlanError(f"{target.id}: its two figures have different units")
    if reference is not None and isinstance(target.pace, paces.BaselineLinear | paces.BaselineGrowth):
        raise UnsupportedPlanError(f"{target.id}: a relative target has no path from a baseline")
    if isinstance(target.pace, paces.BaselineLinear | paces.BaselineGrowth) and target.pace.year >= target.horizon.year:
        raise UnsupportedPlanError(f"{target.id}: the baseline must lie before the horizon")
    if isinstance(target.indicator.derivation, MeanGrowth):
        _check_mean_growth(target)
    if target.yearly and isinstance(target.pace, paces.Stepped | paces.Schedule):
        raise UnsupportedPlanError(f"{target.id}: steps by month need monthly judgement (frequency: month)")
    if target.goal is not None:
        paces.expected_value(target.pace, Fraction(target.goal), horizon=target.horizon, period=target.last)


def _check_mean_growth(target: domain.Target) -> None:
    if not target.yearly or not isinstance(target.pace, paces.AtHorizon) or target.goal is None:
        raise UnsupportedPlanError(
            f"{target.id}: a mean growth has a value, and is judged once, at the end of its years"
        )
    if (target.indicator.unit, target.unit) != ("%", "%"):
        raise UnsupportedPlanError(f"{target.id}: a mean growth is in per cent")
