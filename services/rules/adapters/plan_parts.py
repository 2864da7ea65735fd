"""The parts of a target as the domain's own types."""

from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from services.rules.domain import pace as paces
from services.rules.domain import target as domain
from services.rules.domain.errors import UnsupportedPlanError
from services.rules.domain.lights import Band, Light, Lights, ShortfallUnit
from services.rules.domain.wording import Text
from shared.kernel.ids import text_hash
from shared.plans import catalogue, schema
from shared.plans.lights import Lights as LightsModel
from shared.plans.loader import Plan
from shared.plans.model import BilingualName

ONE = Decimal(1)
_ROLES = ("joint", "support", "implementing")


def text_of(name: BilingualName) -> Text:
    """Return a name."""
    return Text(name.zh, name.en)


def plan_of(head: schema.Head) -> domain.Plan:
    """Return the document."""
    return domain.Plan(head.id, head.title.zh, head.document_number)


def clause_of(clause: schema.Clause, quote: str) -> domain.Clause:
    """Return the clause with the words that state a target."""
    return domain.Clause(clause.id, clause.title, quote, text_hash(quote))


def units_of(responsible: schema.Responsible) -> tuple[domain.Unit, ...]:
    """Return the responsible units, the lead first."""
    others = [domain.Unit(name, role) for role in _ROLES for name in getattr(responsible, role)]
    return (domain.Unit(responsible.lead, "lead"), *others)


def indicator_of(indicator: catalogue.Indicator, clause: schema.Clause) -> domain.Indicator:
    """Return the indicator; the candidates' line comes from the signal rule of the same clause."""
    return domain.Indicator(
        indicator.id, text_of(indicator.name), indicator.unit, _derivation(indicator.source, clause)
    )


def reference_of(
    target: schema.Target, indicators: dict[str, catalogue.Indicator], clause: schema.Clause
) -> domain.Reference | None:
    """Return the second figure of a relative target."""
    if target.reference is None:
        return None
    return domain.Reference(indicator_of(indicators[target.reference.indicator], clause), target.reference.area)


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
    )


def pace_of(pace: schema.Pace) -> paces.Pace:
    """Return the pace."""
    match pace:
        case schema.LinearPace():
            return paces.Linear()
        case schema.IntegerPace():
            return paces.Integer()
        case schema.SchedulePace() | schema.SteppedPace():
            steps = tuple(paces.Step(one.month, one.years_after, one.share) for one in pace.shares)
            return paces.Schedule(steps) if isinstance(pace, schema.SchedulePace) else paces.Stepped(steps)
        case schema.BaselineLinearPace() | schema.BaselineGrowthPace():
            kind = paces.BaselineLinear if isinstance(pace, schema.BaselineLinearPace) else paces.BaselineGrowth
            return kind(pace.baseline.value, pace.baseline.year)
        case schema.AtHorizonPace():
            return paces.AtHorizon()
        case unreachable:
            assert_never(unreachable)


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
    if reference is not None and not isinstance(target.indicator.derivation, domain.ReportedFigure):
        raise UnsupportedPlanError(f"{target.id}: only a published figure can be compared with another one")
    if reference is not None and reference.indicator.unit != target.indicator.unit:
        raise UnsupportedPlanError(f"{target.id}: its two figures have different units")
    if reference is not None and isinstance(target.pace, paces.BaselineLinear | paces.BaselineGrowth):
        raise UnsupportedPlanError(f"{target.id}: a relative target has no path from a baseline")
    if isinstance(target.pace, paces.BaselineLinear | paces.BaselineGrowth) and target.pace.year >= target.horizon.year:
        raise UnsupportedPlanError(f"{target.id}: the baseline must lie before the horizon")
    if target.goal is not None:
        paces.expected_value(target.pace, Fraction(target.goal), horizon=target.horizon, period=target.last)


def _derivation(source: catalogue.Reported | catalogue.Derived, clause: schema.Clause) -> domain.Derivation:
    if isinstance(source, catalogue.Reported):
        return domain.ReportedFigure(source.measure, source.bases)
    match source.derivation:
        case catalogue.CountProjectStarts(min_total_yuan=line):
            return domain.ProjectStarts(int(line))
        case catalogue.CountFirmsCrossing(min_revenue_yuan=line, inclusive=inclusive):
            return domain.FirmsOver(int(line), inclusive=inclusive, newly=True)
        case catalogue.CountFirmsAbove(min_revenue_yuan=line, inclusive=inclusive):
            return domain.FirmsOver(int(line), inclusive=inclusive, newly=False)
        case catalogue.NetAboveScale():
            lines = [line_of(rule) for rule in clause.signals if isinstance(rule, schema.AboveScaleCandidate)]
            return domain.NetAboveScale(min(lines, default=None))
        case unreachable:
            assert_never(unreachable)
