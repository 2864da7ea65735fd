"""Suspending an alert (暂缓) with reason, approver and end date, and resuming it."""

from dataclasses import replace
from datetime import datetime, timedelta

from services.alerts.domain.alert import Alert, Change, Changed, Decision, State, Suspension, Unchanged, Why
from services.alerts.domain.errors import AlertClosedError, SelfApprovedError, SuspensionPeriodError
from shared.kernel.china_time import day_in_china


def suspend(alert: Alert, suspension: Suspension, *, now: datetime, longest: timedelta) -> Decision:
    """Decide what a suspension does; the same again changes nothing, other values replace it.

    Raises AlertClosedError, SelfApprovedError, or SuspensionPeriodError for an end that is not after today in China or
    lies further ahead than `longest`.
    """
    if not alert.is_active:
        raise AlertClosedError(alert.alert_id)
    if suspension == alert.suspension:
        return Unchanged(Why.ALREADY_SUSPENDED)
    if suspension.approver.casefold() == suspension.by.casefold():
        raise SelfApprovedError(suspension.by)
    today = day_in_china(now)
    if not today < suspension.until <= today + longest:
        raise SuspensionPeriodError(suspension.until)
    suspended = replace(alert, state=State.SUSPENDED, suspension=suspension, updated_at=now)
    return Changed(Change.SUSPENDED, suspended, alert)


def resume(alert: Alert, *, now: datetime) -> Decision:
    """End a suspension early; an alert that is not suspended stays as it is. Raises AlertClosedError."""
    if not alert.is_active:
        raise AlertClosedError(alert.alert_id)
    if alert.state is not State.SUSPENDED:
        return Unchanged(Why.NOT_SUSPENDED)
    state = State.OPEN if alert.acknowledged_at is None else State.ACKNOWLEDGED
    return Changed(Change.RESUMED, replace(alert, state=state, suspension=None, updated_at=now), alert)


def expire(alert: Alert, *, now: datetime) -> Decision:
    """Resume an alert whose suspension's last day has passed in China."""
    if alert.suspension is None or day_in_china(now) <= alert.suspension.until:
        return Unchanged(Why.NOT_SUSPENDED)
    return resume(alert, now=now)
