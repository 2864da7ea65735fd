"""The life of an alert."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.alerts.domain.acknowledgement import Acknowledgement, acknowledge
from services.alerts.domain.alert import Alert, Change, Changed, Decision, Ground, State, Unchanged, Why, apply
from services.alerts.domain.errors import AlertClosedError
from services.alerts.domain.finding import Finding, Severity
from tests.contracts.alerts_findings import finding, firms

T0 = datetime(2024, 7, 25, 2, tzinfo=UTC)
T1 = T0 + timedelta(days=30)
STATED = Acknowledgement(by="示例人员", unit=None, comment="")


def changed(decision: Decision) -> Changed:
    assert isinstance(decision, Changed)
    return decision


def opened(found: Finding | None = None) -> Alert:
    return changed(apply(found or finding(), None, last_sequence=None, now=T0)).alert


def rated(sequence: int, *names: str) -> Finding:
    return finding(kind="rating_d", sequence=sequence, judgement=None, subjects=firms(*names))


def test_first_breach_opens_episode_one() -> None:
    decision = changed(apply(finding(), None, last_sequence=None, now=T0))

    assert (decision.change, decision.previous) == (Change.OPENED, None)
    assert (decision.alert.episode, decision.alert.state, decision.alert.opened_period) == (1, State.OPEN, "2024-06")


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        pytest.param("yellow", "red", Change.WORSENED, id="yellow to red worsens"),
        pytest.param("red", "yellow", Change.EASED, id="red to yellow eases"),
        pytest.param("yellow", "yellow", Change.UPDATED, id="same light is only updated"),
    ],
)
def test_severity_decides_what_a_new_finding_is(before: str, after: str, change: Change) -> None:
    alert = opened(finding(severity=before))
    decision = changed(apply(finding(sequence=2, severity=after, period="2024-07"), alert, last_sequence=1, now=T1))

    assert (decision.change, decision.alert.severity) == (change, Severity(after))
    assert (decision.alert.alert_id, decision.alert.episode) == (alert.alert_id, 1)
    assert decision.alert.opened_period == "2024-06"
    assert decision.alert.finding.period == "2024-07"


@pytest.mark.parametrize(
    ("names", "change"),
    [
        pytest.param(("甲", "乙", "丙"), Change.WORSENED, id="one more firm"),
        pytest.param(("甲", "丙"), Change.WORSENED, id="another firm in place of one that left"),
        pytest.param(("甲",), Change.EASED, id="one firm less"),
        pytest.param(("乙", "甲"), Change.UPDATED, id="the same firms"),
    ],
)
def test_firms_decide_what_a_new_list_of_d_ratings_is(names: tuple[str, ...], change: Change) -> None:
    decision = apply(rated(2, *names), opened(rated(1, "甲", "乙")), last_sequence=1, now=T1)

    assert changed(decision).change is change


def test_clear_closes_with_its_ground_and_keeps_the_severity() -> None:
    decision = changed(apply(finding(sequence=2, state="clear"), opened(), last_sequence=1, now=T1))

    alert = decision.alert
    assert (decision.change, alert.state, alert.ground) == (Change.CLOSED, State.CLOSED, Ground.DATA_RECOVERED)
    assert (alert.closed_at, alert.severity) == (T1, Severity.YELLOW)


def test_recurrence_is_a_new_episode() -> None:
    first = opened()
    closed = changed(apply(finding(sequence=2, state="clear"), first, last_sequence=1, now=T1)).alert
    again = changed(apply(finding(sequence=3), closed, last_sequence=2, now=T1)).alert

    assert (again.episode, again.state) == (2, State.OPEN)
    assert again.alert_id != first.alert_id


@pytest.mark.parametrize("sequence", [pytest.param(4, id="older"), pytest.param(5, id="the same")])
def test_stale_finding_changes_nothing(sequence: int) -> None:
    stale = finding(sequence=sequence, severity="red")

    assert apply(stale, opened(finding(sequence=5)), last_sequence=5, now=T1) == Unchanged(Why.STALE)


def test_clear_without_an_open_alert_changes_nothing() -> None:
    assert apply(finding(state="clear"), None, last_sequence=None, now=T0) == Unchanged(Why.NOT_OPEN)


def test_acknowledged_alert_that_eases_stays_acknowledged() -> None:
    alert = changed(acknowledge(opened(finding(severity="red")), STATED, earlier=(), now=T0)).alert
    eased = changed(apply(finding(sequence=2), alert, last_sequence=1, now=T1)).alert

    assert (eased.state, eased.acknowledged_by) == (State.ACKNOWLEDGED, STATED.by)


def test_acknowledged_alert_that_worsens_is_open_again() -> None:
    alert = changed(acknowledge(opened(), STATED, earlier=(), now=T0)).alert
    worse = changed(apply(finding(sequence=2, severity="red"), alert, last_sequence=1, now=T1)).alert

    assert (worse.state, worse.acknowledged_at, worse.acknowledged_by) == (State.OPEN, None, None)


def test_second_person_is_added_and_the_first_is_kept() -> None:
    alert = changed(acknowledge(opened(), STATED, earlier=(), now=T0)).alert
    other = Acknowledgement(by="另一示例人员", unit=None, comment="")
    decision = changed(acknowledge(alert, other, earlier=(STATED,), now=T1))

    assert (decision.change, decision.alert.acknowledged_by) == (Change.ACKNOWLEDGED, STATED.by)


def test_closed_alert_refuses_an_acknowledgement() -> None:
    closed = changed(apply(finding(sequence=2, state="clear"), opened(), last_sequence=1, now=T1)).alert

    with pytest.raises(AlertClosedError):
        acknowledge(closed, STATED, earlier=(), now=T1)


FINDINGS = {
    "yellow": {"severity": "yellow"},
    "red": {"severity": "red"},
    "clear": {"state": "clear"},
}


def run(findings: list[Finding]) -> Alert | None:
    latest: Alert | None = None
    highest: int | None = None
    for found in findings:
        decision = apply(found, latest, last_sequence=highest, now=T0)
        highest = max(found.sequence, highest or 0)
        if isinstance(decision, Changed):
            latest = decision.alert
    return latest


def standing(alert: Alert | None) -> tuple[Severity, str, int] | None:
    """Return what is open: nothing, or the light with its period and finding."""
    if alert is None or alert.state is State.CLOSED:
        return None
    return alert.severity, alert.finding.period, alert.finding.sequence


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[Finding], list[Finding]]:
    kinds = draw(st.lists(st.sampled_from(sorted(FINDINGS)), min_size=1, max_size=8))
    in_order = [finding(sequence=number, **FINDINGS[kind]) for number, kind in enumerate(kinds, start=1)]
    repeats = draw(st.lists(st.sampled_from(in_order), max_size=8))
    return in_order, draw(st.permutations([*in_order, *repeats]))


@given(deliveries())
def test_any_order_and_repetition_ends_in_the_same_open_alert(both: tuple[list[Finding], list[Finding]]) -> None:
    in_order, delivered = both

    assert standing(run(delivered)) == standing(run(in_order))
