"""Suspending an alert (暂缓) with reason, approver and end date, by people or by the plan, and resuming it."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from services.alerts.domain.alert import Alert, Change, Changed, Decision, State, Suspension, Unchanged, Why
from services.alerts.domain.errors import (
    AlertClosedError,
    SelfApprovedError,
    SuspendedByPlanError,
    SuspensionPeriodError,
)
from shared.kernel.china_time import day_in_china


def suspend(alert: Alert, suspension: Suspension, *, now: datetime, longest: timedelta) -> Decision:
    """Decide what a suspension by people does; the same again changes nothing, other values replace it, the plan's too.

    Raises AlertClosedError, SelfApprovedError, or SuspensionPeriodError for an end that is not after today in China or
    lies further ahead than `longest`.
    """
    if not alert.is_active:
        raise AlertClosedError(alert.alert_id)
    if suspension == alert.suspension:
        return Unchanged(Why.ALREADY_SUSPENDED)
    if suspension.by is not None and suspension.approver.casefold() == suspension.by.casefold():
        raise SelfApprovedError(suspension.by)
    today = day_in_china(now)
    if not today < suspension.until <= today + longest:
        raise SuspensionPeriodError(suspension.until)
    return _suspended(alert, suspension, now)


def resume(alert: Alert, *, now: datetime) -> Decision:
    """End a suspension early; an alert that is not suspended stays as it is.

    Raises AlertClosedError, or SuspendedByPlanError: what the plan suspends today no person resumes.
    """
    if not alert.is_active:
        raise AlertClosedError(alert.alert_id)
    if alert.state is not State.SUSPENDED:
        return Unchanged(Why.NOT_SUSPENDED)
    if planned(alert, day_in_china(now)) is not None:
        raise SuspendedByPlanError(alert.alert_id)
    return _resumed(alert, now)


def settle(alert: Alert, *, now: datetime) -> Decision:
    """Rest or resume an alert as this day in China wants it: by people until their last day, else by what the plan says."""
    today, given = day_in_china(now), alert.suspension
    if not alert.is_active or (given is not None and not given.is_by_plan and today <= given.until):
        return Unchanged(Why.SAME)
    wanted = planned(alert, today)
    if wanted == given:
        return Unchanged(Why.SAME)
    return _resumed(alert, now) if wanted is None else _suspended(alert, wanted, now)


def follow_plan(alert: Alert, *, now: datetime) -> Decision:
    """Rest or resume an alert as its finding says; what people suspended is left to them and to its last day."""
    if alert.suspension is not None and not alert.suspension.is_by_plan:
        return Unchanged(Why.SAME)
    return settle(alert, now=now)


def planned(alert: Alert, today: date) -> Suspension | None:
    """Return the suspension that the plan has for the alert's target on a day."""
    found = (one for one in alert.finding.suspensions if one.since <= today <= one.until)
    return next((Suspension(approver=one.approver, reason=one.reason, until=one.until) for one in found), None)


def _suspended(alert: Alert, suspension: Suspension, now: datetime) -> Changed:
    after = replace(alert, state=State.SUSPENDED, suspension=suspension, updated_at=now)
    return Changed(Change.SUSPENDED, after, alert)


def _resumed(alert: Alert, now: datetime) -> Changed:
    state = State.OPEN if alert.acknowledged_at is None else State.ACKNOWLEDGED
    return Changed(Change.RESUMED, replace(alert, state=state, suspension=None, updated_at=now), alert)
