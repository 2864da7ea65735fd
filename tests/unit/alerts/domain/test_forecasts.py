"""An alert about what is expected at a target's end (E7)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.alerts.domain.alert import Alert, Changed, Ground, State
from services.alerts.domain.finding import Finding
from services.alerts.domain.reconcile import KeyState, Reconciled, reconcile
from services.alerts.domain.transitions import Moment
from tests.contracts.alerts_findings import corrected, expected, foreseen, judgement, run

AT = Moment(datetime(2024, 7, 25, 2, tzinfo=UTC), date(2024, 8, 1))
LOW = expected()
GOES_ON = run("2024-05", "2024-06", forecast=LOW)
RECOVERED = run("2024-05", "2024-10", "2024-11", forecast=LOW)
SETTLED = run("2024-05", "2024-11", "2024-12", forecast=LOW, settled=True)
MISSED = judgement(status="missed")


def happened(*findings: Finding) -> tuple[list[str], Alert]:
    """Apply findings in order; return every change, and how the alert stands."""
    state = KeyState()
    changes: list[Changed] = []
    for found in findings:
        decision = reconcile(found, state, at=AT)
        if isinstance(decision, Reconciled):
            changes += decision.changes
            state = state.after(found, decision.changes)
    return [str(one.change) for one in changes], changes[-1].alert


@pytest.mark.parametrize(
    ("then", "changes", "state", "ground"),
    [
        pytest.param(foreseen(GOES_ON, sequence=2), [], State.OPEN, None, id="nothing new"),
        pytest.param(
            foreseen(run("2024-05", "2024-06", forecast=expected("0.0301")), sequence=2),
            ["updated"],
            State.OPEN,
            None,
            id="an older month was corrected: only what is expected changes",
        ),
        pytest.param(
            foreseen(RECOVERED, sequence=2), ["closed"], State.CLOSED, Ground.DATA_RECOVERED, id="likely again"
        ),
        pytest.param(
            foreseen(SETTLED, sequence=2, judgement=MISSED),
            ["closed"],
            State.CLOSED,
            Ground.OUTCOME_KNOWN,
            id="the year is over",
        ),
        pytest.param(
            foreseen(sequence=2, corrected=(corrected("2024-05", "2024-06", expected("0.7", in_a_row=0)),)),
            ["retracted"],
            State.RETRACTED,
            Ground.DATA_CORRECTED,
            id="it was never so unlikely",
        ),
    ],
)
def test_what_follows_a_low_forecast(then: Finding, changes: list[str], state: State, ground: Ground | None) -> None:
    found, alert = happened(foreseen(GOES_ON), then)
    assert (found, alert.state, alert.ground) == (["opened", *changes], state, ground)


def test_what_was_red_and_is_settled_by_the_end_was_not_made_good() -> None:
    red: dict[str, Any] = {"forecast": LOW, "severity": "red"}
    settled = run("2024-05", "2024-11", "2024-12", settled=True, **red)
    changes, alert = happened(foreseen(run("2024-05", "2024-06", **red)), foreseen(settled, sequence=2))
    assert (changes, alert.state, alert.period) == (["opened", "closed"], State.CLOSED, "2024-12")


def test_a_correction_shows_that_it_never_recovered_before_the_end() -> None:
    changes, alert = happened(foreseen(GOES_ON), foreseen(RECOVERED, sequence=2), foreseen(SETTLED, sequence=3))
    assert changes == ["opened", "closed", "updated"]
    assert (alert.ground, alert.run.until, alert.run.settled) == (Ground.OUTCOME_KNOWN, "2024-11", True)


def test_a_last_figure_that_is_withdrawn_opens_it_again() -> None:
    later = run("2024-05", "2024-11", forecast=LOW)
    changes, alert = happened(foreseen(GOES_ON), foreseen(SETTLED, sequence=2), foreseen(later, sequence=3))
    assert changes == ["opened", "closed", "reopened"]
    assert (alert.state, alert.ground, alert.run.settled) == (State.OPEN, None, False)
