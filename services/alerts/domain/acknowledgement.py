"""Acknowledging an alert (签收): who, for which unit, with which comment."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from services.alerts.domain.alert import Alert, Change, Changed, Decision, State, Unchanged, Why
from services.alerts.domain.errors import AlertClosedError
from services.alerts.domain.statement import Statement


def acknowledge(alert: Alert, statement: Statement, *, earlier: Collection[Statement], now: datetime) -> Decision:
    """Decide what an acknowledgement does; raise AlertClosedError for an alert that has ended.

    `earlier` are those since the alert was opened or last worsened. The same statement again changes nothing;
    another person's or unit's is added to the history, and the alert keeps who was first. A suspended alert stays so.
    """
    if not alert.is_active:
        raise AlertClosedError(alert.alert_id)
    if statement in earlier:
        return Unchanged(Why.ALREADY_ACKNOWLEDGED)
    if alert.acknowledged_at is not None:
        return Changed(Change.ACKNOWLEDGED, replace(alert, updated_at=now), alert)
    state = State.SUSPENDED if alert.state is State.SUSPENDED else State.ACKNOWLEDGED
    acknowledged = replace(alert, state=state, updated_at=now, acknowledged_at=now, acknowledged_by=statement.by)
    return Changed(Change.ACKNOWLEDGED, acknowledged, alert)
