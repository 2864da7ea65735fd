"""Use case: somebody suspends an alert (暂缓), with an approver and an end date."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.alerts.application.ports import Acted, AlertStore, HistoryEntry
from services.alerts.domain.alert import Changed, Suspension
from services.alerts.domain.statement import Statement
from services.alerts.domain.suspension import suspend


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendAlert:
    """The command."""

    alert_id: str
    suspension: Suspension
    correlation_id: str


async def suspend_alert(command: SuspendAlert, *, store: AlertStore, longest: timedelta, now: datetime) -> Acted:
    """Record it once, however often it comes; nobody is sent a notice.

    Raises AlertNotFoundError, AlertClosedError, SelfApprovedError or SuspensionPeriodError.
    """
    suspension = command.suspension
    async with store.transaction() as transaction:
        alert = await transaction.get_alert(command.alert_id)
        decision = suspend(alert, suspension, now=now, longest=longest)
        if not isinstance(decision, Changed):
            return Acted(alert)
        entry = HistoryEntry(
            changed=decision,
            at=now,
            correlation_id=command.correlation_id,
            statement=Statement(by=suspension.by or "", unit=suspension.unit, comment=suspension.reason),
        )
        await transaction.record_changes([entry])
    return Acted(decision.alert, decision.change)
