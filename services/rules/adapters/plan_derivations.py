"""The derivations of the indicator catalogue as the domain's own types."""

from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from services.rules.adapters.plan_parts import line_of
from services.rules.domain import quantity as domain
from services.rules.domain.errors import UnsupportedPlanError
from shared.plans import catalogue, horizon, schema
from shared.plans.mention import Target

_FirmQuantity = (
    catalogue.CountFirmsCrossing
    | catalogue.CountFirmsAbove
    | catalogue.NetAboveScale
    | catalogue.CountRegister
    | catalogue.SumFirms
)


def derivation_of(indicator: catalogue.Indicator, target: Target, clause: schema.Clause) -> domain.Derivation:
    """Return how a target's figure is found: computed from rows where that is possible, else the published one.

    Mean growth needs the published growth of every year. The candidates' line of a net increase comes from the signal rule
    of the same clause.
    """
    reported = indicator.reported
    if isinstance(target.horizon, horizon.GrowthOver):
        if reported is None or reported.measure != "growth":
            raise UnsupportedPlanError(f"{indicator.id}: mean growth needs a published growth")
        return domain.MeanGrowth(reported.bases, target.horizon.since, final_only=reported.accepts == "final")
    if indicator.derived is not None:
        return _derived(indicator.derived, clause)
    return published_of(indicator)


def published_of(indicator: catalogue.Indicator) -> domain.ReportedFigure:
    """Return where the published figure is found."""
    reported = indicator.reported
    if reported is None:
        raise UnsupportedPlanError(f"{indicator.id}: nobody publishes it")
    return domain.ReportedFigure(reported.measure, reported.bases, final_only=reported.accepts == "final")


def counts_within_horizon(indicator: catalogue.Indicator) -> bool:
    """Whether the figure counts only what falls into the horizon's years, so that it says nothing of the years before."""
    derived = indicator.derived
    parts = (derived.numerator, derived.denominator) if isinstance(derived, catalogue.Ratio) else (derived,)
    return any(_is_windowed(part) for part in parts)


def _is_windowed(derived: catalogue.Derivation | None) -> bool:
    if isinstance(derived, catalogue.CountRecognitions):
        return not domain.TitleCount(derived.count).is_stock
    return isinstance(derived, catalogue.CountProjects | catalogue.SumProjects | catalogue.NetAboveScale)


def _derived(derived: catalogue.Derivation, clause: schema.Clause) -> domain.Derivation:
    if isinstance(derived, catalogue.Ratio):
        above, below = _quantity(derived.numerator, clause), _quantity(derived.denominator, clause)
        return domain.Ratio(above, below, Fraction(derived.factor))
    return _quantity(derived, clause)


def _quantity(derived: catalogue.Quantity, clause: schema.Clause) -> domain.Quantity:
    match derived:
        case catalogue.CountProjects():
            return domain.CountProjects(_choice(derived))
        case catalogue.SumProjects(field=field):
            return domain.SumProjects(_choice(derived), domain.ProjectAmount(field), _share(derived.untold_up_to))
        case catalogue.CountRecognitions(titles=titles):
            return domain.CountRecognitions(
                count=domain.TitleCount(derived.count),
                titles=tuple(domain.Title(title.kind, frozenset(title.levels)) for title in titles),
                register_only=derived.register_only,
            )
        case _:
            return _of_firms(derived, clause)


def _of_firms(derived: _FirmQuantity, clause: schema.Clause) -> domain.Quantity:
    match derived:
        case catalogue.CountFirmsCrossing(min_revenue_yuan=yuan, inclusive=inclusive):
            return domain.FirmsOver(domain.Line(int(yuan), inclusive=inclusive), newly=True)
        case catalogue.CountFirmsAbove(min_revenue_yuan=yuan, inclusive=inclusive, industries=industries):
            return domain.FirmsOver(domain.Line(int(yuan), inclusive=inclusive), newly=False, industries=industries)
        case catalogue.NetAboveScale():
            lines = [line_of(rule) for rule in clause.signals if isinstance(rule, schema.AboveScaleCandidate)]
            return domain.NetAboveScale(min(lines, default=None))
        case catalogue.CountRegister(industries=industries):
            return domain.CountRegister(industries)
        case catalogue.SumFirms(field=field, industries=industries):
            return domain.SumFirms(domain.FirmAmount(field), industries, _share(derived.untold_up_to))
        case unreachable:
            assert_never(unreachable)


def _choice(derived: catalogue.CountProjects | catalogue.SumProjects) -> domain.ProjectChoice:
    return domain.ProjectChoice(
        event=domain.ProjectEvent(derived.event),
        total=_line(derived.min_total_yuan, inclusive=derived.inclusive),
        equipment=_line(derived.min_equipment_yuan, inclusive=derived.equipment_inclusive),
        kinds=frozenset(derived.kinds),
        industries=derived.industries,
        codes=frozenset(derived.codes),
    )


def _share(percent: Decimal) -> Fraction:
    return Fraction(percent) / 100


def _line(yuan: Decimal | None, *, inclusive: bool) -> domain.Line | None:
    return None if yuan is None else domain.Line(int(yuan), inclusive=inclusive)
