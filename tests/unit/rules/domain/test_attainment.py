"""Feature E7: a rule `P(attain) < 0.5 for 2 periods`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from services.rules.domain.alerting import Alerting, AttainmentRule, Binding, Severity
from services.rules.domain.attainment import attainment_outcome, forecast_says, has_rule, told_says
from services.rules.domain.finding import Finding, FindingHead, FindingKind, next_sequence
from services.rules.domain.forecast import Forecast, Method, NotEnoughData
from services.rules.domain.forecast_reasons import too_few_points
from services.rules.domain.foreseen import foreseen_in
from services.rules.domain.in_force import InForce
from services.rules.domain.judged import Judged, VerdictHead
from services.rules.domain.pace import Integer
from services.rules.domain.review import Review, finding_of
from services.rules.domain.runs import Run, judged_in, runs_of, said_in
from services.rules.domain.status import Status
from services.rules.domain.target import Target
from services.rules.domain.target_history import TargetHistory
from shared.kernel.period import Period
from shared.simulation.scenario import STARTS_FALLING_BEHIND
from tests.contracts.rules_targets import lights, target
from tests.fakes.rules import told_of

RULE = AttainmentRule(below=Decimal("0.5"), hold=2)
MONTHS = [Period.month(2024, month) for month in (1, *range(3, 13))]
MAY, JUNE, OCTOBER, NOVEMBER, DECEMBER = MONTHS[3], MONTHS[4], MONTHS[8], MONTHS[9], MONTHS[10]


def judged_by(rule: AttainmentRule | None = RULE, **changes: object) -> Target:
    made = target("60", pace=Integer(), grading=lights(alerting=Alerting(forecast=rule)))
    return replace(made, **changes)  # type: ignore[arg-type]


JUDGED = judged_by()
HISTORY = TargetHistory((JUDGED,))

# ---- what probabilities say -----------------------------------------------------------------------------------------


def expected(probability: str | None) -> Forecast | NotEnoughData:
    if probability is None:
        return NotEnoughData(too_few_points(3, 4), 3)
    return Forecast(
        period=DECEMBER,
        point=Decimal(60),
        low=Decimal(50),
        high=Decimal(70),
        probability=Decimal(probability),
        method=Method.EVENTS,
        points=5,
    )


def heads(statuses: Mapping[Period, Status]) -> dict[Period, VerdictHead]:
    return {when: VerdictHead(verdict_id=f"{when}", target_version=1, status=one) for when, one in statuses.items()}


def runs(probabilities: Sequence[str | None], history: TargetHistory = HISTORY) -> list[Run]:
    """By the probabilities of April and the months after it."""
    by_month = dict(zip(MONTHS[2:], probabilities, strict=False))
    foreseen = foreseen_in(history, {when: expected(one) for when, one in by_month.items()})
    now = heads(dict.fromkeys(by_month, Status.ON_PACE))
    return list(runs_of(said_in(judged_in(history, now), forecast_says(foreseen), of_suspended=told_says(()))))


@pytest.mark.parametrize(
    ("probabilities", "found"),
    [
        pytest.param(["0.6", "0.4"], [], id="one month below is not enough"),
        pytest.param(["0.6", "0.4", "0.4"], [("2024-05", "2024-06", None)], id="in the second month below"),
        pytest.param(["0.4", "0.4", "0"], [("2024-04", "2024-06", None)], id="as long as it stays below"),
        pytest.param(["0.4", "0.6", "0.4"], [], id="a month above begins anew"),
        pytest.param(["0.4", "0.5", "0.4"], [], id="exactly the bound is not below"),
        pytest.param(["0.4", "0.4", "0.5"], [("2024-04", "2024-05", "2024-06")], id="exactly the bound ends it"),
        pytest.param(["0.4", None, "0.4"], [("2024-04", "2024-06", None)], id="too little neither counts nor breaks"),
        pytest.param(["0.4", "0.4", None], [("2024-04", "2024-05", None)], id="too little data ends nothing"),
        pytest.param([None, None, "0.4"], [], id="too little data is not a low probability"),
        pytest.param(
            ["0.4", "0.4", "0.6", "0.1", "0"],
            [("2024-04", "2024-05", "2024-06"), ("2024-07", "2024-08", None)],
            id="it may fire again",
        ),
    ],
)
def test_the_rule_fires_after_two_months_below(
    probabilities: list[str | None], found: list[tuple[str, str, str | None]]
) -> None:
    told = [
        (str(run.since), str(run.until), None if run.ended_by is None else str(run.ended_by))
        for run in runs(probabilities)
    ]
    assert told == found


def test_it_fired_in_the_month_in_which_it_had_held_long_enough() -> None:
    assert [run.fired for run in runs(["0.6", "0.4", "0.4", "0.3"])] == [JUNE]


def test_how_many_months_in_a_row_is_told_without_those_of_which_nothing_is_known() -> None:
    forecasts = {when: expected(one) for when, one in zip(MONTHS, ["0.4", None, "0.3", "0.6", "0.2"], strict=False)}
    found = foreseen_in(HISTORY, dict(reversed(forecasts.items())))
    assert [found[when].in_a_row for when in sorted(found)] == [1, 2, 0, 1]


def test_it_is_as_severe_as_the_rule_says_for_targets_that_bind_and_yellow_unless_it_says() -> None:
    told = replace(RULE, severities={Binding.BINDING: Severity.RED, Binding.EXPECTED: Severity.YELLOW})
    for rule, severity in ((RULE, Severity.YELLOW), (told, Severity.RED)):
        history = TargetHistory((judged_by(rule, binding=Binding.BINDING),))
        assert [run.worst for run in runs(["0.4", "0.4"], history)] == [severity]


# ---- what figures come to -------------------------------------------------------------------------------------------

STARTS = dict(zip(MONTHS, STARTS_FALLING_BEHIND.above_1_billion, strict=True))
"""10亿元 starts lag from April to September and end above 60."""


def verdicts(actuals: Mapping[Period, int | None], version: int = 1) -> dict[Period, VerdictHead]:
    return {
        when: VerdictHead(
            verdict_id=f"verdict_{when}",
            target_version=version,
            status=Status.NO_DATA if actual is None else Status.ON_PACE if when < DECEMBER else Status.MET,
            actual=None if actual is None else Decimal(actual),
        )
        for when, actual in actuals.items()
    }


def until(month: Period, starts: Mapping[Period, int | None] = STARTS) -> dict[Period, int | None]:
    return {when: actual for when, actual in starts.items() if when.end <= month.end}


def find(
    actuals: Mapping[Period, int | None],
    before: Mapping[Period, int | None] | None = None,
    told: FindingHead | None = None,
    history: TargetHistory = HISTORY,
) -> Finding | None:
    now = verdicts(actuals, history.latest.version)
    review = Review(history=history, heads=now, before=verdicts(before or {}), told=told, kind=FindingKind.FORECAST)
    outcome = attainment_outcome(review, ())
    return (
        None
        if outcome is None
        else finding_of(outcome, {one.verdict_id: _judged(when, one) for when, one in now.items()})
    )


def _judged(when: Period, head: VerdictHead) -> Judged:
    return Judged(
        verdict_id=head.verdict_id,
        period=when,
        status=head.status,
        expected=None,
        actual=head.actual,
        gap=None,
        gap_points=None,
        gap_percent=None,
        pace="integer",
        reasons=(),
        figures=(),
        simulated=False,
    )


def found(*args: object, **kwargs: object) -> Finding:
    finding = find(*args, **kwargs)  # type: ignore[arg-type]
    assert finding is not None
    return finding


def test_it_fires_at_the_expected_month_of_a_prepared_series() -> None:
    """The report of May is the first that can be forecast; in November the probability is above one half again."""
    assert find(until(MAY)) is None
    first = found(until(JUNE))
    assert first.is_breach
    assert (first.key.kind, first.since, first.period) == (FindingKind.FORECAST, MAY, JUNE)
    assert first.foreseen is not None
    assert (first.foreseen.in_a_row, first.foreseen.is_below) == (2, True)
    assert first.foreseen.forecast.probability < first.foreseen.rule.below
    (run,) = found(until(NOVEMBER)).runs
    assert (run.run.since, run.run.until, run.run.ended_by, run.run.settled) == (MAY, OCTOBER, NOVEMBER, False)


@pytest.mark.parametrize("known", [0, 1, 2, 3])
def test_a_series_shorter_than_four_points_never_fires(known: int) -> None:
    hopeless = dict.fromkeys(MONTHS[:known], 0)
    eager = TargetHistory((judged_by(AttainmentRule(below=Decimal(1), hold=1)),))
    assert find(hopeless, history=eager) is None


def test_a_target_without_a_rule_is_never_told_of() -> None:
    without = TargetHistory((judged_by(None),))
    assert not has_rule(without)
    assert find(until(OCTOBER), history=without) is None


def test_when_the_last_period_is_judged_nothing_is_left_to_foresee() -> None:
    slow: dict[Period, int | None] = {when: when.last_month for when in MONTHS}
    finding = found(slow)
    assert (finding.is_breach, finding.period, finding.foreseen) == (False, DECEMBER, None)
    assert [(one.run.until, one.run.ended_by, one.run.settled) for one in finding.runs] == [(NOVEMBER, DECEMBER, True)]


def test_silence_makes_it_stale_and_ends_nothing() -> None:
    silent = found({**until(JUNE), MONTHS[5]: None})
    assert (silent.is_breach, silent.period, silent.stale_since) == (True, JUNE, MONTHS[5])


# ---- corrections ----------------------------------------------------------------------------------------------------


def test_a_correction_of_an_old_month_takes_it_back_and_says_what_is_foreseen_now() -> None:
    """More starts in the months before make the course of June steep enough."""
    told = found(until(JUNE))
    corrected = {**until(JUNE), MONTHS[2]: 24, MAY: 26, JUNE: 36}
    now = found(corrected, until(JUNE), told_of(told))
    assert (now.is_breach, now.runs) == (False, ())
    (one,) = now.corrected
    assert one.foreseen is not None
    assert (one.since, one.until, one.foreseen.is_below) == (MAY, JUNE, False)


def test_a_correction_of_one_old_month_changes_what_the_later_ones_foresee() -> None:
    """Only April is corrected; what is told of June changes with it, though June's own figure is the same."""
    told = found(until(JUNE))
    now = found({**until(JUNE), MONTHS[1]: 5}, until(JUNE), told_of(told))
    assert now.foreseen is not None
    assert told.foreseen is not None
    assert now.foreseen.forecast != told.foreseen.forecast
    assert next_sequence(told_of(told), now) == 2


def test_what_a_correction_makes_a_breach_of_is_retroactive() -> None:
    steady = {when: 5 * when.last_month + 1 for when in MONTHS[:6]}
    assert find(steady) is None
    assert [one.retroactive for one in found(until(MONTHS[5]), steady).runs] == [True]
    assert [one.retroactive for one in found(until(JUNE), until(MAY)).runs] == [False]


def test_the_same_figures_tell_the_same_in_whatever_order_they_came() -> None:
    straight, reverse = found(until(OCTOBER)), found(dict(reversed(until(OCTOBER).items())))
    assert straight.fingerprint == reverse.fingerprint
    assert next_sequence(told_of(straight), reverse) is None


def test_a_rule_that_an_amendment_took_away_settles_what_it_began() -> None:
    august = date(2024, 8, 1)
    history = TargetHistory(
        (judged_by(in_force=InForce(until=august)), judged_by(None, version=2, in_force=InForce(since=august)))
    )
    now = {
        when: replace(one, target_version=1 if when.end < august else 2)
        for when, one in verdicts(until(OCTOBER)).items()
    }
    review = Review(history=history, heads=now, before={}, told=None, kind=FindingKind.FORECAST)
    outcome = attainment_outcome(review, ())
    assert outcome is not None
    (run,) = outcome.standing.runs
    assert (run.until, run.ended_by, run.settled) == (MONTHS[5], MONTHS[6], True)


def test_earlier_years_teach_what_is_foreseen() -> None:
    """The same months of a year before, in which most starts came at the end, make this year's attainable."""
    late = {Period.month(year, when.last_month): 2 * when.last_month for year in (2022, 2023) for when in MONTHS[:-1]}
    late |= {Period.month(year, 12): 90 for year in (2022, 2023)}
    by_years: dict[int, dict[Period, VerdictHead]] = {
        year: verdicts({when: actual for when, actual in late.items() if when.year == year}) for year in (2022, 2023)
    }
    review = Review(history=HISTORY, heads=verdicts(until(JUNE)), before={}, told=None, kind=FindingKind.FORECAST)
    assert attainment_outcome(review, ()) is not None
    assert attainment_outcome(review, tuple(by_years.values())) is None
