"""Suspending, resuming, and the day on which a suspension is over."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.alerts.domain.acknowledgement import acknowledge
from services.alerts.domain.alert import Alert, Changed, Decision, State, Suspension, Unchanged, Why
from services.alerts.domain.errors import AlertClosedError, SelfApprovedError, SuspensionPeriodError
from services.alerts.domain.finding import Run, Severity
from services.alerts.domain.statement import Statement
from services.alerts.domain.suspension import resume, settle, suspend
from services.alerts.domain.transitions import Moment, opened
from tests.contracts.alerts_findings import finding

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
