"""How each kind of figure is found: the questions it asks the store, and the evidence its answers give.

A figure is known only when a complete submission covers its period.
"""

from fractions import Fraction
from typing import assert_never

from services.rules.domain.evidence import Evidence, added, in_unit
from services.rules.domain.facts import (
    Facts,
    Question,
)
from services.rules.domain.firm_evidence import firms_over, revenue_question
from services.rules.domain.ledger import Ledger
from services.rules.domain.net_evidence import net_above_scale, net_questions
from services.rules.domain.project_evidence import projects_evidence, projects_question
from services.rules.domain.published_evidence import mean_growth, reported_figure, reported_questions
from services.rules.domain.quantity import (
    CountProjects,
    CountRecognitions,
    CountRegister,
    FirmsOver,
    MeanGrowth,
    NetAboveScale,
    Quantity,
    Ratio,
    ReportedFigure,
    SumFirms,
    SumProjects,
    quantities_of,
)
from services.rules.domain.ratio_evidence import divided
from services.rules.domain.recognition_evidence import recognition_evidence, recognition_questions
from services.rules.domain.register_evidence import register_evidence, totals_question
from services.rules.domain.target import Target
from shared.kernel.period import Period


def questions_of(target: Target, period: Period, ledger: Ledger) -> tuple[Question, ...]:
    """Return what the store must answer before the target can be judged at the period; nothing of an unknown report."""
    questions: list[Question] = []
    for quantity in quantities_of(target.indicator.derivation):
        if isinstance(quantity, ReportedFigure | MeanGrowth):
            questions += reported_questions(target, period)
            continue
        for report in reports_of(quantity, target, period):
            questions += _questions(quantity, target, report, ledger)
    return tuple(questions)


def evidence_of(target: Target, period: Period, facts: Facts, ledger: Ledger) -> Evidence:
    """Return what the facts say of the target's figure at the period, in the indicator's unit."""
    indicator = target.indicator
    match indicator.derivation:
        case ReportedFigure():
            return reported_figure(target, period, facts, ledger)
        case MeanGrowth() as growth:
            return mean_growth(target, growth, period, facts=facts, ledger=ledger)
        case Ratio() as ratio:
            above = _all_years(ratio.numerator, target, period, facts=facts, ledger=ledger)
            below = _all_years(ratio.denominator, target, period, facts=facts, ledger=ledger)
            return divided(ratio, above, below)
        case quantity:
            found = _all_years(quantity, target, period, facts=facts, ledger=ledger)
            return in_unit(found, quantity.unit, Fraction(indicator.scale), indicator.unit)


def reports_of(quantity: Quantity, target: Target, period: Period) -> tuple[Period, ...]:
    """Return the reports whose figures make up the quantity: the period's own.

    What belongs to one year alone, summed over several, takes the last report of each year before.
    """
    report = Period.month(period.year, period.last_month)
    if isinstance(quantity, SumFirms) or (isinstance(quantity, FirmsOver) and quantity.newly):
        years_before = range(target.horizon.since_year, period.year)
        return (*(Period.month(year, 12) for year in years_before), report)
    return (report,)


def _questions(quantity: Quantity, target: Target, report: Period, ledger: Ledger) -> tuple[Question, ...]:
    if isinstance(quantity, CountRecognitions):
        return recognition_questions(target, quantity, report, ledger)
    if any(ledger.first(feed, report) is None for feed in quantity.feeds):
        return ()
    match quantity:
        case CountProjects(choice=choice) | SumProjects(choice=choice):
            return (projects_question(target, choice.event, report),)
        case NetAboveScale() as net:
            return net_questions(target, net, report)
        case FirmsOver() as over:
            return (revenue_question(target, over, report),)
        case CountRegister() | SumFirms():
            return (totals_question(target, report),)
        case unreachable:
            assert_never(unreachable)


def _all_years(quantity: Quantity, target: Target, period: Period, *, facts: Facts, ledger: Ledger) -> Evidence:
    reports = reports_of(quantity, target, period)
    return added([_evidence(quantity, target, report, facts=facts, ledger=ledger) for report in reports])


def _evidence(quantity: Quantity, target: Target, report: Period, *, facts: Facts, ledger: Ledger) -> Evidence:
    match quantity:
        case CountProjects() | SumProjects():
            return projects_evidence(target, quantity, report, facts=facts, ledger=ledger)
        case NetAboveScale() as net:
            return net_above_scale(target, net, report, facts=facts, ledger=ledger)
        case FirmsOver() as over:
            return firms_over(target, over, report, facts=facts, ledger=ledger)
        case CountRegister() | SumFirms():
            return register_evidence(target, quantity, report, facts=facts, ledger=ledger)
        case CountRecognitions() as titles:
            return recognition_evidence(target, titles, report, facts=facts, ledger=ledger)
        case unreachable:
            assert_never(unreachable)
