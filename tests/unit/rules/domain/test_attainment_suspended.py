"""A rule on forecasts while the plan suspends its target: what was told stands, and nothing begins."""

from collections.abc import Mapping
from dataclasses import replace

from services.rules.domain.attainment import attainment_outcome
from services.rules.domain.finding import FindingHead, FindingKind
from services.rules.domain.judged import VerdictHead
from services.rules.domain.review import Outcome, Review
from services.rules.domain.status import Status
from shared.kernel.period import Period
from tests.fakes.rules import told_of
from tests.unit.rules.domain.test_attainment import (
    DECEMBER,
    HISTORY,
    JUNE,
    MAY,
    MONTHS,
    OCTOBER,
    found,
    until,
    verdicts,
)


def resting(actuals: Mapping[Period, int | None], *months: Period) -> dict[Period, VerdictHead]:
    return {
        when: replace(one, status=Status.SUSPENDED, lit=one) if when in months else one
        for when, one in verdicts(actuals).items()
    }


def outcome_of(heads: Mapping[Period, VerdictHead], told: FindingHead | None = None) -> Outcome | None:
    return attainment_outcome(Review(history=HISTORY, heads=heads, before={}, told=told, kind=FindingKind.FORECAST), ())


def test_a_breach_told_before_its_periods_were_suspended_stands_with_its_forecast() -> None:
    told = told_of(found(until(JUNE)))
    outcome = outcome_of(resting(until(JUNE), MAY, JUNE), told)
    assert outcome is not None
    assert [(run.since, run.until, run.ended_by) for run in outcome.standing.runs] == [(MAY, JUNE, None)]
    assert (outcome.corrected, outcome.foreseen[JUNE].is_below) == ((), True)


def test_nothing_is_told_of_low_forecasts_while_the_target_is_suspended() -> None:
    assert outcome_of(resting(until(OCTOBER), *MONTHS)) is None


def test_what_settled_a_breach_stays_when_the_last_period_is_suspended_later() -> None:
    slow: dict[Period, int | None] = {when: when.last_month for when in MONTHS}
    outcome = outcome_of(resting(slow, DECEMBER), told_of(found(slow)))
    assert outcome is not None
    assert [(run.ended_by, run.settled) for run in outcome.standing.runs] == [(DECEMBER, True)]
