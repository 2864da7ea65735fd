"""What a finding does to one episode: opened, continued, ended, opened again, or never true."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import assert_never

from services.alerts.domain.alert import Alert, Change, Changed, Ground, State, alert_id_of
from services.alerts.domain.finding import Finding, FindingKind, Run, Severity


@dataclass(frozen=True, slots=True)
class Moment:
    """When a finding is applied, and until when an alert that opens now must be answered."""

    now: datetime
    due_on: date


def opened(finding: Finding, run: Run, *, episode: int, at: Moment) -> tuple[Changed, ...]:
    """Open an episode. A run that is over is opened and ended at once, which one notice tells."""
    alert = Alert(
        alert_id=alert_id_of(finding.key, episode),
        key=finding.key,
        episode=episode,
        state=State.OPEN,
        severity=run.severity,
        opened_at=at.now,
        opened_period=run.until,
        updated_at=at.now,
        finding=finding,
        simulated=finding.simulated,
        run=run,
        retroactive=run.retroactive,
        due_on=at.due_on,
        stale_since=finding.stale_since if run.goes_on else None,
    )
    opening = Changed(Change.OPENED, alert, None)
    return (opening,) if run.goes_on else (opening, replace(ended(alert, finding, run, at.now), is_told=False))


def continued(alert: Alert, finding: Finding, run: Run, now: datetime) -> tuple[Changed, ...]:
    """Keep an active episode whose run goes on: no change at all when nothing that people are told is new."""
    change = _compare(alert, finding, run)
    after = replace(carried(alert, finding, now), run=run, severity=run.severity)
    if change is Change.WORSENED:
        after = replace(_unacknowledged(after), state=_awake(alert))
    if finding.stale_since == alert.stale_since:
        return () if change is None else (Changed(change, after, alert),)
    staleness = Change.REFRESHED if finding.stale_since is None else Change.STALE
    marked = replace(after, stale_since=finding.stale_since)
    if change in (None, Change.UPDATED):
        return (Changed(staleness, marked, alert),)
    return (Changed(change, after, alert), Changed(staleness, marked, after))


def ended(alert: Alert, finding: Finding, run: Run, now: datetime) -> Changed:
    """End an active episode whose run is over; one that recovered after being red keeps the memory of it."""
    state, change, ground = _end_of(run)
    after = replace(_rested(alert, finding, now), state=state, closed_at=now, ground=ground)
    return Changed(change, replace(after, run=run, severity=run.severity), alert)


def withdrawn(alert: Alert, finding: Finding, now: datetime) -> Changed:
    """Close an active episode whose target the plan no longer has."""
    after = replace(_rested(alert, finding, now), state=State.CLOSED, closed_at=now, ground=Ground.TARGET_WITHDRAWN)
    return Changed(Change.CLOSED, after, alert)


def retracted(alert: Alert, finding: Finding, now: datetime, *, merged_into: Alert | None = None) -> Changed:
    """Take back an episode that never was, active or ended; `run` stays as it was told."""
    after = replace(_rested(alert, finding, now), state=State.RETRACTED, closed_at=now, ground=Ground.DATA_CORRECTED)
    return Changed(Change.RETRACTED, after, alert, merged_into=merged_into)


def reopened(alert: Alert, finding: Finding, run: Run, now: datetime) -> Changed:
    """Open an ended episode again: as known now it never recovered, or its target came back."""
    after = _unacknowledged(replace(carried(alert, finding, now), state=State.OPEN, closed_at=None, ground=None))
    return Changed(
        Change.REOPENED, replace(after, run=run, severity=run.severity, stale_since=finding.stale_since), alert
    )


def amended(alert: Alert, finding: Finding, run: Run, now: datetime) -> tuple[Changed, ...]:
    """Keep an ended episode; what is known of its run may have changed, and with it how it ended."""
    state, ground, ended_by = alert.state, alert.ground, alert.run.ended_by
    if ground is not None and ground.is_end_of_run:
        state, _, ground = _end_of(run)
        ended_by = run.ended_by
    known = (alert.run.since, alert.run.until, alert.run.ended_by, alert.run.worst, alert.state, alert.ground)
    if known == (run.since, run.until, ended_by, run.worst, state, ground):
        return ()
    after = replace(carried(alert, finding, now), run=run, severity=run.severity, state=state, ground=ground)
    return (Changed(Change.UPDATED, after, alert),)


def carried(alert: Alert, finding: Finding, now: datetime) -> Alert:
    """Return an alert with the finding that changes it."""
    return replace(alert, finding=finding, simulated=alert.simulated or finding.simulated, updated_at=now)


def _rested(alert: Alert, finding: Finding, now: datetime) -> Alert:
    """Return an alert that waits for nothing any more."""
    return replace(carried(alert, finding, now), stale_since=None, suspension=None)


def _unacknowledged(alert: Alert) -> Alert:
    return replace(alert, acknowledged_at=None, acknowledged_by=None)


def _awake(alert: Alert) -> State:
    """Worse opens an alert again: what was acknowledged was less. A suspended one rests on."""
    return State.SUSPENDED if alert.state is State.SUSPENDED else State.OPEN


def _end_of(run: Run) -> tuple[State, Change, Ground]:
    if run.settled:
        return State.CLOSED, Change.CLOSED, Ground.OUTCOME_KNOWN
    if run.worst is Severity.RED:
        return State.MADE_GOOD, Change.MADE_GOOD, Ground.DATA_RECOVERED
    return State.CLOSED, Change.CLOSED, Ground.DATA_RECOVERED


def _compare(alert: Alert, finding: Finding, run: Run) -> Change | None:
    if run.severity is not alert.severity:
        return Change.WORSENED if run.severity.rank > alert.severity.rank else Change.EASED
    unchanged = None if run == alert.run and _says_the_same(alert, finding) else Change.UPDATED
    match finding.key.kind:
        case FindingKind.LAGGING | FindingKind.FORECAST:
            return unchanged
        case FindingKind.RATING_D | FindingKind.FEED_OVERDUE:
            return _compare_subjects(finding.subjects, alert.finding.subjects) or unchanged
        case unreachable:
            assert_never(unreachable)


def _says_the_same(alert: Alert, finding: Finding) -> bool:
    same_terms = (finding.terms, finding.suspensions) == (alert.finding.terms, alert.finding.suspensions)
    return same_terms and finding.simulated <= alert.simulated


def _compare_subjects(now_listed: frozenset[str], before: frozenset[str]) -> Change | None:
    """A firm or report nobody was told about is worse, whatever left the list; a shorter list of known ones is better."""
    if now_listed - before:
        return Change.WORSENED
    return Change.EASED if before - now_listed else None


def last_of(changes: Sequence[Changed]) -> dict[str, Alert]:
    """Return how each changed alert stands after the changes."""
    return {changed.alert.alert_id: changed.alert for changed in changes}
