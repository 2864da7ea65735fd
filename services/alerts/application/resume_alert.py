"""Use case: somebody resumes a suspended alert."""

from dataclasses import dataclass
from datetime import datetime

from services.alerts.application.ports import Acted, AlertStore, HistoryEntry
from services.alerts.application.tell import Telling, record_and_tell
from services.alerts.domain.alert import Changed
from services.alerts.domain.statement import Statement
from services.alerts.domain.suspension import resume


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeAlert:
    """The command: who ends the suspension early, and why."""

    alert_id: str
    statement: Statement
    correlation_id: str


async def resume_alert(command: ResumeAlert, *, store: AlertStore, telling: Telling, now: datetime) -> Acted:
    """End the suspension and tell how the alert stands; one that is not suspended stays as it is.

    Raises AlertNotFoundError, AlertClosedError or SuspendedByPlanError.
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
