"""Use cases: a suspended alert is resumed, by a person or because its last day has passed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.alerts.application.ports import Acted, AlertStore, HistoryEntry
from services.alerts.application.tell import Telling, record_and_tell
from services.alerts.domain.alert import Changed
from services.alerts.domain.statement import Statement
from services.alerts.domain.suspension import expire, resume
from shared.kernel.china_time import day_in_china

_AT_ONCE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeAlert:
    """The command: who ends the suspension early, and why."""

    alert_id: str
    statement: Statement
    correlation_id: str


async def resume_alert(command: ResumeAlert, *, store: AlertStore, telling: Telling, now: datetime) -> Acted:
    """End the suspension and tell how the alert stands; one that is not suspended stays as it is.

    Raises AlertNotFoundError or AlertClosedError.
    """
    async with store.transaction() as transaction:
        alert = await transaction.get_alert(command.alert_id)
        decision = resume(alert, now=now)
        if not isinstance(decision, Changed):
            return Acted(alert)
        entry = HistoryEntry(
            changed=decision, at=now, correlation_id=command.correlation_id, statement=command.statement
        )
        await record_and_tell([entry], transaction, telling)
    return Acted(decision.alert, decision.change)


async def resume_due_alerts(*, store: AlertStore, telling: Telling, now: datetime) -> Sequence[Changed]:
    """Resume alerts whose suspension's last day has passed in China, a bounded number; any replica may do it."""
    async with store.transaction() as transaction:
        due = await transaction.lock_due_suspensions(day_in_china(now), limit=_AT_ONCE)
        decisions = [expire(alert, now=now) for alert in due]
        changes = [decision for decision in decisions if isinstance(decision, Changed)]
        entries = [
            HistoryEntry(changed=changed, at=now, correlation_id=f"suspension-{changed.alert.alert_id}")
            for changed in changes
        ]
        await record_and_tell(entries, transaction, telling)
    return changes
