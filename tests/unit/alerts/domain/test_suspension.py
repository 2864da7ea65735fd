"""Suspending by people and by plans, resuming, and the day on which a suspension is over."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.alerts.domain.acknowledgement import acknowledge
from services.alerts.domain.alert import Alert, Changed, Decision, State, Suspension, Unchanged, Why
from services.alerts.domain.errors import (
    AlertClosedError,
    SelfApprovedError,
    SuspendedByPlanError,
    SuspensionPeriodError,
)
from services.alerts.domain.finding import Finding, Run, Severity
from services.alerts.domain.reconcile import KeyState, Reconciled, reconcile
from services.alerts.domain.statement import Statement
from services.alerts.domain.suspension import resume, settle, suspend
from services.alerts.domain.transitions import Moment, opened
from tests.contracts.alerts_findings import finding, finding_of_runs, planned, run

NOW = datetime(2024, 7, 24, 17, tzinfo=UTC)  # 01:00 on 25 July in China
YEAR = timedelta(days=365)
JUNE = Run(since="2024-06", until="2024-06", ended_by=None, severity=Severity.YELLOW, worst=Severity.YELLOW)
OPEN = opened(finding(), JUNE, episode=1, at=Moment(NOW, date(2024, 8, 1)))[0].alert
REST = Suspension(by="甲", unit="市示例局", approver="乙", reason="停产检修", until=date(2024, 9, 30))
STATED = Statement(by="甲", unit=None, comment="")


def alert_of(decision: Decision) -> Alert:
    assert isinstance(decision, Changed)
    return decision.alert


def suspended(alert: Alert = OPEN, **changes: Any) -> Alert:
    return alert_of(suspend(alert, replace(REST, **changes), now=NOW, longest=YEAR))


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        pytest.param({"approver": "甲"}, SelfApprovedError, id="who asks approves"),
        pytest.param({"by": "Li", "approver": "LI"}, SelfApprovedError, id="the same name written otherwise"),
        pytest.param({"until": date(2024, 7, 25)}, SuspensionPeriodError, id="ends today in China"),
        pytest.param({"until": date(2025, 7, 26)}, SuspensionPeriodError, id="a day longer than allowed"),
    ],
)
def test_what_is_no_suspension_is_refused(changes: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        suspended(**changes)


@pytest.mark.parametrize("until", [date(2024, 7, 26), date(2025, 7, 25)], ids=["until tomorrow", "as long as allowed"])
def test_suspension_rests_the_alert_and_keeps_who_approved_it(until: date) -> None:
    alert = suspended(until=until)

    assert (alert.state, alert.suspension) == (State.SUSPENDED, replace(REST, until=until))


def test_same_suspension_changes_nothing_and_another_replaces_it() -> None:
    alert = suspended()

    assert suspend(alert, REST, now=NOW, longest=YEAR) == Unchanged(Why.ALREADY_SUSPENDED)
    assert suspended(alert, reason="延期复产").suspension == replace(REST, reason="延期复产")


@pytest.mark.parametrize("state", [State.CLOSED, State.MADE_GOOD, State.RETRACTED])
def test_ended_alert_is_neither_suspended_nor_resumed_nor_acknowledged(state: State) -> None:
    ended = replace(OPEN, state=state)

    with pytest.raises(AlertClosedError):
        suspend(ended, REST, now=NOW, longest=YEAR)
    with pytest.raises(AlertClosedError):
        resume(ended, now=NOW)
    with pytest.raises(AlertClosedError):
        acknowledge(ended, STATED, earlier=(), now=NOW)


@pytest.mark.parametrize(
    ("alert", "state"),
    [
        pytest.param(suspended(), State.OPEN, id="never acknowledged"),
        pytest.param(
            suspended(alert_of(acknowledge(OPEN, STATED, earlier=(), now=NOW))), State.ACKNOWLEDGED, id="before"
        ),
        pytest.param(alert_of(acknowledge(suspended(), STATED, earlier=(), now=NOW)), State.ACKNOWLEDGED, id="while"),
    ],
)
def test_resumed_alert_is_acknowledged_if_it_was(alert: Alert, state: State) -> None:
    resumed = alert_of(resume(alert, now=NOW))

    assert alert.state is State.SUSPENDED
    assert (resumed.state, resumed.suspension) == (state, None)
    assert resume(resumed, now=NOW) == Unchanged(Why.NOT_SUSPENDED)


def test_second_person_who_acknowledges_is_added_and_the_first_is_kept() -> None:
    first = alert_of(acknowledge(OPEN, STATED, earlier=(), now=NOW))
    second = alert_of(acknowledge(first, Statement("丙", None, ""), earlier=(STATED,), now=NOW))

    assert (second.state, second.acknowledged_by) == (State.ACKNOWLEDGED, "甲")
    assert acknowledge(second, STATED, earlier=(STATED,), now=NOW) == Unchanged(Why.ALREADY_ACKNOWLEDGED)


@pytest.mark.parametrize(
    ("now", "is_over"),
    [
        pytest.param(datetime(2024, 9, 30, 15, 59, tzinfo=UTC), False, id="the last minute of the last day in China"),
        pytest.param(datetime(2024, 9, 30, 16, tzinfo=UTC), True, id="midnight in China"),
    ],
)
def test_suspension_is_over_when_its_last_day_has_passed_in_china(now: datetime, *, is_over: bool) -> None:
    assert isinstance(settle(suspended(), now=now), Changed) == is_over


# ---- by the plan ----------------------------------------------------------------------------------------------------

BY_PLAN = Suspension(approver="示例市人民政府", reason="防汛停工（依据：示例发〔2024〕9号）", until=date(2024, 9, 30))
OCTOBER = datetime(2024, 9, 30, 16, tzinfo=UTC)
BEFORE = datetime(2024, 6, 30, 15, 59, tzinfo=UTC)


def suspending(sequence: int = 2, **changes: Any) -> Finding:
    return finding_of_runs(run("2024-06"), sequence=sequence, suspensions=(planned(**changes),))


def plain(sequence: int = 1) -> Finding:
    return finding_of_runs(run("2024-06"), sequence=sequence)


def after(*findings: Finding, state: KeyState | None = None, now: datetime = NOW) -> tuple[list[str], Alert, KeyState]:
    """Let findings come; return the changes, the alert and what is known then."""
    known, changes = state or KeyState(), list[Changed]()
    for one in findings:
        decision = reconcile(one, known, at=Moment(now, date(2024, 8, 1)))
        found = decision.changes if isinstance(decision, Reconciled) else ()
        known, changes = known.after(one, found), [*changes, *found]
    return [one.change.value for one in changes], known.episodes[-1], known


def of(alert: Alert) -> KeyState:
    return KeyState(sequence=2, episodes=(alert,), ever=1)


def test_an_open_alert_is_suspended_when_its_plan_suspends_the_target() -> None:
    changes, alert, _ = after(plain(), suspending())
    assert changes == ["opened", "updated", "suspended"]
    assert (alert.state, alert.suspension, alert.is_active) == (State.SUSPENDED, BY_PLAN, True)


def test_an_alert_found_while_its_target_is_suspended_is_told_and_rests() -> None:
    changes, alert, _ = after(suspending())
    assert (changes, alert.state) == (["opened", "suspended"], State.SUSPENDED)


def test_whether_the_suspension_or_worse_figures_came_first_it_stands_the_same() -> None:
    worse = finding_of_runs(run("2024-06", severity="red"), sequence=3, suspensions=(planned(),))
    _, by_both, _ = after(plain(), suspending(), worse)
    _, by_last, _ = after(plain(), worse)
    assert (by_both.state, by_both.suspension, by_both.severity) == (
        by_last.state,
        by_last.suspension,
        by_last.severity,
    )
    assert after(plain(), suspending(), suspending(3))[0] == ["opened", "updated", "suspended"]


def test_it_begins_on_its_first_day_and_ends_after_its_last_in_china() -> None:
    changes, waiting, _ = after(plain(), suspending(), now=BEFORE)
    assert (changes, waiting.state) == (["opened", "updated"], State.OPEN)
    assert settle(waiting, now=BEFORE) == Unchanged(Why.SAME)
    rests = alert_of(settle(waiting, now=BEFORE + timedelta(minutes=1)))
    assert rests.suspension == BY_PLAN
    assert settle(rests, now=OCTOBER - timedelta(minutes=1)) == Unchanged(Why.SAME)
    resumed = alert_of(settle(rests, now=OCTOBER))
    assert (resumed.state, resumed.suspension) == (State.OPEN, None)
    assert settle(resumed, now=OCTOBER) == Unchanged(Why.SAME)
    assert after(suspending(4), state=of(resumed), now=OCTOBER)[0] == []


def test_a_finding_that_says_nothing_new_but_comes_on_the_first_day_is_the_one_that_suspended_it() -> None:
    _, _, known = after(plain(), suspending(), now=BEFORE)
    changes, alert, _ = after(suspending(3), state=known)
    assert (changes, alert.state, alert.finding.sequence) == (["suspended"], State.SUSPENDED, 3)


def test_it_ends_when_the_plan_takes_it_away_and_sooner_when_it_is_shortened() -> None:
    _, _, known = after(plain(), suspending())
    changes, lifted, _ = after(plain(3), state=known)
    assert (changes, lifted.state, lifted.suspension) == (["updated", "resumed"], State.OPEN, None)
    changes, shorter, _ = after(suspending(3, until=date(2024, 8, 31)), state=known)
    assert (changes, shorter.suspension) == (["updated", "suspended"], replace(BY_PLAN, until=date(2024, 8, 31)))
    changes, over, _ = after(suspending(3, until=date(2024, 7, 24)), state=known)
    assert (changes, over.state) == (["updated", "resumed"], State.OPEN)


def test_what_people_suspended_is_neither_replaced_nor_lifted_by_the_plan() -> None:
    _, _, known = after(suspending(2), state=of(suspended()))
    changes, alert, known = after(plain(3), state=known)
    assert (changes, alert.suspension, alert.state) == (["updated"], REST, State.SUSPENDED)


def test_when_the_suspension_by_people_is_over_that_of_the_plan_holds_if_it_still_does() -> None:
    shorter = suspended(until=date(2024, 8, 31))
    _, alert, _ = after(suspending(3), state=of(shorter))
    assert alert.suspension == shorter.suspension
    september = datetime(2024, 8, 31, 16, tzinfo=UTC)
    assert alert_of(settle(alert, now=september)).suspension == BY_PLAN
    assert alert_of(settle(suspended(), now=OCTOBER)).suspension is None


def test_people_may_suspend_for_longer_what_the_plan_suspends_but_not_resume_it() -> None:
    _, alert, _ = after(plain(), suspending())
    with pytest.raises(SuspendedByPlanError):
        resume(alert, now=NOW)
    longer = suspended(alert, until=date(2024, 12, 31))
    assert longer.suspension == replace(REST, until=date(2024, 12, 31))
    with pytest.raises(SuspendedByPlanError):
        resume(longer, now=NOW)
    assert alert_of(resume(longer, now=OCTOBER)).state is State.OPEN


def test_an_alert_that_ended_is_not_suspended() -> None:
    ended = finding_of_runs(run("2024-05", ended_by="2024-06"), suspensions=(planned(),))
    assert after(ended)[0] == ["opened", "closed"]
