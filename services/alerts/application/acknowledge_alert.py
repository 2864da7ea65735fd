"""Use case: somebody acknowledges an alert (签收)."""

from dataclasses import dataclass
from datetime import datetime

from services.alerts.application.ports import Acted, AlertStore, HistoryEntry
from services.alerts.domain.acknowledgement import acknowledge
from services.alerts.domain.alert import Changed
from services.alerts.domain.errors import AlertWorsenedError
from services.alerts.domain.statement import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeAlert:
    """The command. `seen` is the id of the newest history entry the person saw, where it is known."""

    alert_id: str
    acknowledgement: Statement
    correlation_id: str
    seen: int | None = None


async def acknowledge_alert(command: AcknowledgeAlert, *, store: AlertStore, now: datetime) -> Acted:
    """Record it once, however often it comes, and return the alert after it.

    Raises AlertNotFoundError, AlertClosedError, or AlertWorsenedError: nobody acknowledges what they did not see.
    """
    async with store.transaction() as transaction:
        alert = await transaction.get_alert(command.alert_id)
        earlier = await transaction.load_acknowledgements(command.alert_id)
        decision = acknowledge(alert, command.acknowledgement, earlier=earlier, now=now)
        if command.seen is not None and command.seen < await transaction.find_begun(command.alert_id):
            raise AlertWorsenedError(command.alert_id)
        if not isinstance(decision, Changed):
            return Acted(alert)
        entry = HistoryEntry(
            changed=decision, at=now, correlation_id=command.correlation_id, statement=command.acknowledgement
        )
        await transaction.record_changes([entry])
    return Acted(decision.alert, decision.change)
