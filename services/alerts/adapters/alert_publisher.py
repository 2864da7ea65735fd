"""Changes of alerts as events for the log (`alerts.v1`)."""

from datetime import datetime

from services.alerts.adapters.rows import remark
from services.alerts.application.ports import HistoryEntry
from services.alerts.domain.alert import ACTS
from shared.adapters.outbox import OutgoingEvent, outgoing
from shared.contracts.alerts import AlertChanged
from shared.contracts.topics import ALERTS
from shared.contracts.wire import EventMetadata
from shared.kernel.china_time import end_of_period
from shared.kernel.period import Period

SOURCE = "/planwatch/alerts"


def alert_event(entry: HistoryEntry, *, sequence: int, topic_prefix: str) -> OutgoingEvent:
    """Return the event of one history entry; its id and sequence are the entry's own."""
    alert = entry.changed.alert
    metadata = EventMetadata(
        id=f"{alert.alert_id}:{sequence}",
        source=SOURCE,
        type=ALERTS.event_type,
        time=_business_instant(entry),
        recorded_at=entry.at,
        sequence=sequence,
        partition_key=alert.alert_id,
        correlation_id=entry.correlation_id,
    )
    return outgoing(ALERTS, _body(entry), metadata, prefix=topic_prefix)


def _body(entry: HistoryEntry) -> AlertChanged:
    changed, stated = entry.changed, entry.statement
    alert, rest = changed.alert, changed.alert.suspension
    return AlertChanged(
        alert_id=alert.alert_id,
        episode=alert.episode,
        target_id=alert.key.target_id,
        area=alert.key.area,
        city=alert.finding.city,
        kind=alert.key.kind.value,
        change=changed.change.value,
        state=alert.state.value,
        severity=alert.severity.value,
        period=alert.period,
        at=entry.at,
        actor=stated.by if stated else None,
        unit=stated.unit if stated else None,
        comment=stated.comment if stated else remark(changed),
        ground=alert.ground.value if alert.ground else None,
        retroactive=alert.retroactive,
        since=alert.run.since,
        until=alert.run.until,
        worst=alert.run.worst.value,
        breached_on=alert.breached_on,
        due_on=alert.due_on,
        stale_since=alert.stale_since,
        suspended_until=rest.until if rest else None,
        approver=rest.approver if rest else None,
        merged_into=changed.merged_into.alert_id if changed.merged_into else None,
    )


def _business_instant(entry: HistoryEntry) -> datetime:
    """What the figures did took effect when their period ended; what people do, when they did it."""
    if entry.changed.change in ACTS:
        return entry.at
    return end_of_period(Period.parse(entry.changed.alert.period))
