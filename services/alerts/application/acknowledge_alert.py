"""Use case: somebody acknowledges an alert (签收)."""

from dataclasses import dataclass
from datetime import datetime

from services.alerts.application.ports import AlertStore, HistoryEntry
from services.alerts.domain.acknowledgement import Acknowledgement, acknowledge
from services.alerts.domain.alert import Alert, Changed
from services.alerts.domain.errors import AlertWorsenedError


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeAlert:
    """The command. `seen` is the id of the newest history entry the person saw, where it is known."""

    alert_id: str
    acknowledgement: Acknowledgement
    correlation_id: str
    seen: int | None = None


async def acknowledge_alert(command: AcknowledgeAlert, *, store: AlertStore, now: datetime) -> Alert:
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
            return alert
        await transaction.record_change(
            HistoryEntry(
                changed=decision,
                at=now,
                correlation_id=command.correlation_id,
                acknowledgement=command.acknowledgement,
            )
        )
    return decision.alert
