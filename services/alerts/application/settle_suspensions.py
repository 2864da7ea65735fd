"""Use case: days pass, so that suspensions end, and those of a plan begin."""

from collections.abc import Sequence
from datetime import datetime

from services.alerts.application.ports import AlertStore, HistoryEntry
from services.alerts.application.tell import Telling, record_and_tell
from services.alerts.domain.alert import Changed
from services.alerts.domain.suspension import settle
from shared.kernel.china_time import day_in_china

_AT_ONCE = 50


async def settle_suspensions(*, store: AlertStore, telling: Telling, now: datetime) -> Sequence[Changed]:
    """Resume or rest the alerts that this day in China concerns, a bounded number; any replica may do it."""
    async with store.transaction() as transaction:
        due = await transaction.lock_due_suspensions(day_in_china(now), limit=_AT_ONCE)
        decisions = [settle(alert, now=now) for alert in due]
        changes = [decision for decision in decisions if isinstance(decision, Changed)]
        entries = [
            HistoryEntry(changed=changed, at=now, correlation_id=f"suspension-{changed.alert.alert_id}")
            for changed in changes
        ]
        await record_and_tell(entries, transaction, telling)
    return changes
