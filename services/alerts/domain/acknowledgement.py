"""Acknowledging an alert (签收): who, for which unit, with which comment."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from services.alerts.domain.alert import Alert, Change, Changed, Decision, State, Unchanged, Why
from services.alerts.domain.errors import AlertClosedError


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What one person stated."""

    by: str
    unit: str | None
    comment: str


def acknowledge(
    alert: Alert, acknowledgement: Acknowledgement, *, earlier: Collection[Acknowledgement], now: datetime
) -> Decision:
    """Decide what an acknowledgement does; raise AlertClosedError for a closed alert.

    `earlier` are those since the alert was opened or last worsened. The same statement again changes nothing;
    another person's or unit's is added to the history, and the alert keeps who was first.
    """
    if alert.state is State.CLOSED:
        raise AlertClosedError(alert.alert_id)
    if acknowledgement in earlier:
        return Unchanged(Why.ALREADY_ACKNOWLEDGED)
    if alert.state is State.ACKNOWLEDGED:
        return Changed(Change.ACKNOWLEDGED, replace(alert, updated_at=now), alert)
    acknowledged = replace(
        alert, state=State.ACKNOWLEDGED, updated_at=now, acknowledged_at=now, acknowledged_by=acknowledgement.by
    )
    return Changed(Change.ACKNOWLEDGED, acknowledged, alert)
