"""A suspended target: its figures are told as ever, nothing opens or ends while it rests, and nothing told is taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.domain.alerting import Alerting
from services.rules.domain.evidence import Evidence
from services.rules.domain.finding import Finding, FindingHead, next_sequence
from services.rules.domain.in_force import NEVER, InForce
from services.rules.domain.judged import VerdictHead, head_of, judged_of
from services.rules.domain.lagging import lagging_outcome, standing_by_lights
from services.rules.domain.review import Review, finding_of
from services.rules.domain.stated_forecast import stated_forecast
from services.rules.domain.status import UNKNOWN, Status
from services.rules.domain.suspension import Suspension
from services.rules.domain.target import Target
from services.rules.domain.target_history import TargetHistory
from services.rules.domain.verdict import Verdict, judge
from services.rules.domain.wording import Reason, Text
from shared.kernel.period import Period
from tests.contracts.rules_targets import lights, target
from tests.fakes.rules import told_of

MONTHS = [Period.month(2024, month) for month in (1, *range(3, 13))]
JANUARY, MARCH, APRIL, MAY, JUNE, JULY = MONTHS[:6]
REST = Suspension(
    since=date(2024, 4, 1),
    until=date(2024, 6, 30),
    reason=Text("防汛停工", "work stopped for flood control"),
    approved_by="市人民政府",
    reference="示政办函〔2024〕9号",
)
PLAIN = target("60")
RESTING = replace(PLAIN, version=2, suspensions=(REST,))
MISSING = Reason("feed_missing", "缺少项目报表", "The project report is missing")
DOUBT = Reason("rows_parked", "有1行数据无法读取", "1 row could not be read")


def judged(one: Target, actual: int | None, when: Period) -> Verdict:
    missing = () if actual is not None else (MISSING,)
    evidence = Evidence(actual=None if actual is None else Fraction(actual), missing=missing)
    return judge(one, evidence, period=when)


# ---- verdicts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "is_suspended"),
    [
        pytest.param(MARCH, False, id="ends the day before"),
        pytest.param(APRIL, True, id="ends within"),
        pytest.param(JUNE, True, id="ends on the last day"),
        pytest.param(JULY, False, id="ends after"),
    ],
)
def test_a_period_is_suspended_by_its_last_day(when: Period, *, is_suspended: bool) -> None:
    assert (judged(RESTING, 1, when).status is Status.SUSPENDED) is is_suspended


@pytest.mark.parametrize(
    ("actual", "would_be"), [(60, "已完成"), (30, "达到序时进度"), (19, "落后序时进度"), (1, "严重落后")]
)
def test_a_suspended_verdict_says_what_it_would_be_until_when_by_whom_and_why(actual: int, would_be: str) -> None:
    verdict, plain = judged(RESTING, actual, MAY), judged(PLAIN, actual, MAY)
    numbers = ("expected", "actual", "gap", "gap_points", "gap_percent", "steps", "figures", "inputs")
    assert [getattr(verdict, name) for name in numbers] == [getattr(plain, name) for name in numbers]
    assert verdict.reasons == (verdict.reasons[0], *plain.reasons)
    assert verdict.reasons[0].zh == (
        f"暂缓评判至2024-06-30（由市人民政府批准，依据示政办函〔2024〕9号）：防汛停工；不暂缓则为“{would_be}”"
    )
    assert verdict.status.light is None


def test_a_target_missed_for_good_while_suspended_says_so() -> None:
    resting = replace(RESTING, suspensions=(replace(REST, until=date(2024, 12, 31), reference=None),))
    assert judged(resting, 1, MONTHS[-1]).reasons[0].en == (
        "Suspended until 2024-12-31, approved by 市人民政府: work stopped for flood control; it would be “missed”"
    )


def test_what_is_not_known_stays_so_in_a_suspension() -> None:
    doubtful = judge(RESTING, Evidence(actual=Fraction(1), doubts=(DOUBT,)), period=MAY)
    assert (judged(RESTING, None, MAY).status, doubtful.status) == (Status.NO_DATA, Status.CANNOT_JUDGE)


# ---- runs -----------------------------------------------------------------------------------------------------------

Actuals = Mapping[Period, int | None]


def heads(actuals: Actuals, one: Target = RESTING) -> dict[Period, VerdictHead]:
    return {when: head_of(judged(one, actual, when)) for when, actual in actuals.items()}


def runs(actuals: Actuals, one: Target = RESTING) -> list[tuple[Period, Period, Period | None]]:
    found = standing_by_lights(TargetHistory((one,)), heads(actuals, one)).runs
    return [(run.since, run.until, run.ended_by) for run in found]


@pytest.mark.parametrize(
    ("actuals", "expected"),
    [
        pytest.param({APRIL: 1, MAY: 1}, [], id="no breach begins in it"),
        pytest.param({MARCH: 1, MAY: 60}, [(MARCH, MARCH, None)], id="nor ends"),
        pytest.param({MARCH: 1, APRIL: 60, JULY: 60}, [(MARCH, MARCH, JULY)], id="the first period after ends it"),
        pytest.param({MARCH: 1, MAY: 1, JULY: 1}, [(MARCH, JULY, None)], id="or goes on with it"),
        pytest.param({APRIL: 1, JULY: 1}, [(JULY, JULY, None)], id="or begins one"),
    ],
)
def test_a_suspension_neither_opens_nor_ends_a_breach(
    actuals: Actuals, expected: list[tuple[Period, Period, Period | None]]
) -> None:
    assert runs(actuals) == expected


def test_suspended_periods_do_not_count_to_hold_nor_break_it() -> None:
    holding = replace(RESTING, lights=lights(alerting=Alerting(hold=2)))
    assert runs({APRIL: 1, MAY: 1, JULY: 1}, holding) == []
    assert runs({MARCH: 1, APRIL: 60, JULY: 1}, holding) == [(MARCH, JULY, None)]


@pytest.mark.parametrize(
    ("actuals", "stale_since"),
    [
        pytest.param({MARCH: 1, APRIL: 1, MAY: 1}, None, id="figures came, though suspended"),
        pytest.param({MARCH: 1, APRIL: 1, MAY: None}, MAY, id="silence is told, suspended or not"),
        pytest.param({MARCH: 1, APRIL: None, MAY: 1}, None, id="silence that is over"),
    ],
)
def test_a_breach_is_stale_where_figures_are_missing_not_where_it_is_suspended(
    actuals: Actuals, stale_since: Period | None
) -> None:
    assert standing_by_lights(TargetHistory((RESTING,)), heads(actuals)).stale_since == stale_since


@given(
    st.lists(st.none() | st.integers(0, 60), min_size=11, max_size=11),
    st.integers(0, 10),
    st.integers(0, 10),
    st.integers(1, 3),
)
def test_with_any_suspension_nothing_begins_or_ends_in_it_and_the_other_periods_are_judged_as_ever(
    actuals: Sequence[int | None], first: int, last: int, hold: int
) -> None:
    rest = replace(REST, since=MONTHS[min(first, last)].end, until=MONTHS[max(first, last)].end)
    plain = replace(PLAIN, lights=lights(alerting=Alerting(hold=hold)))
    resting = replace(plain, suspensions=(rest,))
    told = dict(zip(MONTHS, actuals, strict=True))
    with_it, without = heads(told, resting), heads(told, plain)
    for when in MONTHS:
        known = without[when].status not in UNKNOWN
        assert (with_it[when].status is Status.SUSPENDED) == (known and rest.covers(when))
        assert with_it[when].actual == without[when].actual
        assert with_it[when].status is Status.SUSPENDED or with_it[when].status == without[when].status
    standing = standing_by_lights(TargetHistory((resting,)), with_it)
    marks = [mark for run in standing.runs for mark in (run.since, run.fired, run.until, run.ended_by)]
    assert not any(rest.covers(mark) for mark in marks if mark is not None)
    assert standing.governing is None or not rest.covers(standing.governing)
    foreseen = stated_forecast(TargetHistory((resting,)), with_it, ())
    as_ever = stated_forecast(TargetHistory((plain,)), without, ())
    assert (foreseen.period, foreseen.outcome) == (as_ever.period, as_ever.outcome)


# ---- what was told before the plan suspended it ------------------------------------------------------------------------


def finding(actuals: Actuals, one: Target, told: FindingHead | None = None) -> Finding:
    verdicts = {when: judged(one, actual, when) for when, actual in actuals.items()}
    before = {when: head_of(judged(PLAIN, actual, when)) for when, actual in actuals.items()}
    current = {when: head_of(verdict).after(before[when]) for when, verdict in verdicts.items()}
    outcome = lagging_outcome(Review(history=TargetHistory((one,)), heads=current, before=before, told=told))
    assert outcome is not None
    found = finding_of(outcome, {verdict.verdict_id: judged_of(verdict) for verdict in verdicts.values()})
    assert found is not None
    return found


def spans(found: Finding) -> list[tuple[Period, Period, Period | None]]:
    return [(one.run.since, one.run.until, one.run.ended_by) for one in found.runs]


BREACH: Actuals = {MARCH: 15, APRIL: 1, MAY: 2}
"""Told from April to May, both suspended later."""


def test_a_breach_that_was_told_is_neither_taken_back_nor_ended_when_its_periods_are_suspended() -> None:
    told = finding(BREACH, PLAIN)
    rests = finding(BREACH, RESTING, told_of(told))
    assert (spans(rests), rests.corrected, rests.is_breach) == ([(APRIL, MAY, None)], (), True)
    assert (rests.severity, rests.period, rests.stale_since) == (told.severity, MAY, None)
    assert rests.judged is not None
    assert rests.judged.status is Status.SUSPENDED
    assert next_sequence(told_of(told), rests) == 2
    assert next_sequence(told_of(rests, 2), finding(BREACH, RESTING, told_of(rests, 2))) is None


@pytest.mark.parametrize(
    ("july", "expected"),
    [pytest.param(60, (APRIL, MAY, JULY), id="recovered"), pytest.param(1, (APRIL, JULY, None), id="still behind")],
)
def test_the_first_period_after_the_suspension_ends_it_or_goes_on_with_it(
    july: int, expected: tuple[Period, Period, Period | None]
) -> None:
    rests = finding(BREACH, RESTING, told_of(finding(BREACH, PLAIN)))
    assert spans(finding({**BREACH, JULY: july}, RESTING, told_of(rests))) == [expected]


def test_a_light_before_the_suspension_does_not_count_to_the_hold_of_what_comes_after_it() -> None:
    plain, resting = (replace(one, lights=lights(alerting=Alerting(hold=2))) for one in (PLAIN, RESTING))
    for actuals, expected in (({APRIL: 1, JULY: 1}, []), ({APRIL: 1, MAY: 1, JULY: 1}, [(APRIL, JULY, None)])):
        without = heads(actuals, plain)
        rests = {when: one.after(without[when]) for when, one in heads(actuals, resting).items()}
        runs = standing_by_lights(TargetHistory((resting,)), rests).runs
        assert [(run.since, run.until, run.ended_by) for run in runs] == expected


def test_an_end_that_was_told_stands_when_its_period_is_suspended() -> None:
    ended: Actuals = {APRIL: 1, MAY: 60}
    told = finding(ended, PLAIN)
    assert spans(told) == spans(finding(ended, RESTING, told_of(told))) == [(APRIL, APRIL, MAY)]


def test_a_breach_of_which_nothing_was_told_is_not_found_in_a_suspension() -> None:
    assert lagging_outcome(Review(history=TargetHistory((RESTING,)), heads=heads(BREACH), before={}, told=None)) is None


def test_when_the_suspension_is_taken_away_figures_decide_again() -> None:
    rests = finding(BREACH, RESTING, told_of(finding(BREACH, PLAIN)))
    lifted = finding(BREACH, replace(PLAIN, version=3), told_of(rests))
    assert (spans(lifted), lifted.suspensions) == ([(APRIL, MAY, None)], ())
    never = finding({MARCH: 15, APRIL: 60, MAY: 60}, replace(PLAIN, version=3), told_of(rests))
    assert [(one.since, one.until) for one in never.corrected] == [(APRIL, MAY)]


# ---- what a finding tells of it -----------------------------------------------------------------------------------------


def test_a_finding_tells_what_is_suspended_until_it_is_over_and_one_without_reads_as_ever() -> None:
    assert finding({MARCH: 1}, RESTING).suspensions == (REST,)
    assert finding({MARCH: 1, JULY: 1}, RESTING).suspensions == ()
    assert finding({MARCH: 1, JULY: 60}, RESTING).suspensions == ()
    plain = finding({MARCH: 1}, PLAIN)
    assert plain.fingerprint == replace(finding({MARCH: 1}, RESTING), suspensions=()).fingerprint
    shorter = replace(RESTING, suspensions=(replace(REST, until=date(2024, 5, 31)),))
    assert finding({MARCH: 1}, shorter).fingerprint != finding({MARCH: 1}, RESTING).fingerprint


def test_of_each_version_of_a_target_the_days_are_suspended_on_which_it_holds() -> None:
    amended = replace(RESTING, version=3, in_force=InForce(since=date(2024, 6, 1)), suspensions=())
    before = replace(RESTING, in_force=InForce(until=date(2024, 6, 1)))
    never = replace(RESTING, in_force=NEVER)
    history = TargetHistory((never, before, amended))
    assert history.suspensions == (replace(REST, until=date(2024, 5, 31)),)


def test_a_suspension_that_an_amendment_leaves_as_it_is_is_one_until_its_last_day() -> None:
    later = replace(REST, since=date(2024, 7, 1), until=date(2024, 8, 31), reason=Text("检修", "repairs"))
    before = replace(RESTING, in_force=InForce(until=date(2024, 6, 1)), suspensions=(later, REST))
    amended = replace(before, version=3, in_force=InForce(since=date(2024, 6, 1)))
    assert TargetHistory((before, amended)).suspensions == (REST, later)


def test_two_runs_told_are_kept_apart() -> None:
    told: Actuals = {JANUARY: 0, MARCH: 60, APRIL: 1}
    rests = finding(told, RESTING, told_of(finding(told, PLAIN)))
    assert spans(rests) == [(JANUARY, JANUARY, MARCH), (APRIL, APRIL, None)]
