"""An alert about reports that did not come, from the first one missing to the last one here."""

from datetime import UTC, date, datetime

import pytest

from services.alerts.domain.alert import Alert, Changed, Ground, State
from services.alerts.domain.finding import Finding
from services.alerts.domain.reconcile import KeyState, Reconciled, reconcile
from services.alerts.domain.transitions import Moment
from tests.contracts.alerts_findings import corrected, overdue, run

AT = Moment(datetime(2026, 10, 19, 2, tzinfo=UTC), date(2026, 10, 26))
SEPTEMBER = run("2026-09", "2026-09", "2026-09", judgement=None)
RED = run("2026-09", "2026-09", severity="red", judgement=None)


def happened(*findings: Finding) -> tuple[list[str], Alert]:
    """Apply findings in order; return every change, and how the alert stands."""
    state = KeyState()
    changes: list[Changed] = []
    for number, found in enumerate(findings, start=1):
        assert found.sequence == number
        decision = reconcile(found, state, at=AT)
        if isinstance(decision, Reconciled):
            changes += decision.changes
            state = state.after(found, decision.changes)
    return [str(one.change) for one in changes], changes[-1].alert


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        pytest.param(overdue("2026-09", sequence=2), [], id="nothing new"),
        pytest.param(overdue("2026-09", "2026-10", sequence=2), ["worsened"], id="another report is missing"),
        pytest.param(overdue("2026-09", sequence=2, severity="red", runs=(RED,)), ["worsened"], id="it grows old"),
        pytest.param(overdue(sequence=2, period="2026-09", runs=(SEPTEMBER,)), ["closed"], id="the report came"),
        pytest.param(
            overdue(sequence=2, period="2026-09", runs=(), corrected=(corrected("2026-09"),)),
            ["retracted"],
            id="the report had come in time",
        ),
    ],
)
def test_what_follows_when_a_report_is_missing(then: Finding, expected: list[str]) -> None:
    assert happened(overdue("2026-09"), then)[0] == ["opened", *expected]


def test_of_two_missing_reports_one_came() -> None:
    both = overdue("2026-09", "2026-10")
    one = overdue("2026-10", sequence=2, since="2026-09", runs=(run("2026-09", "2026-10", judgement=None),))
    assert happened(both, one)[0] == ["opened", "eased"]


def test_it_closes_by_itself_because_the_data_came() -> None:
    _, alert = happened(overdue("2026-09"), overdue(sequence=2, period="2026-09", runs=(SEPTEMBER,)))
    assert (alert.state, alert.ground) == (State.CLOSED, Ground.DATA_RECOVERED)


def test_the_next_silence_is_a_new_episode() -> None:
    again = overdue("2026-11", sequence=3, runs=(SEPTEMBER, run("2026-11", judgement=None)))
    changes, alert = happened(overdue("2026-09"), overdue(sequence=2, period="2026-09", runs=(SEPTEMBER,)), again)
    assert changes == ["opened", "closed", "opened"]
    assert alert.episode == 2
    assert alert.previous is not None
