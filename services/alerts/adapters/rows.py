"""Rows of the tables to and from the domain."""

from typing import Any

import orjson

from services.alerts.adapters.finding_codec import finding_of
from services.alerts.adapters.tables import AlertRow, NoticeRow
from services.alerts.application.ports import ClaimedNotice, HistoryEntry
from services.alerts.domain.alert import Alert, Change, Ground, State
from services.alerts.domain.finding import FindingKey, FindingKind, Severity
from services.alerts.domain.notice import Channel, Content, Notice, NoticeState
from shared.contracts.findings import FindingChanged

Values = dict[str, Any]


def alert_of(row: AlertRow) -> Alert:
    """Return the alert a row holds."""
    return Alert(
        alert_id=row.alert_id,
        key=FindingKey(row.target_id, row.area, FindingKind(row.kind)),
        episode=row.episode,
        state=State(row.state),
        severity=Severity(row.severity),
        opened_at=row.opened_at,
        opened_period=row.opened_period,
        updated_at=row.updated_at,
        finding=finding_of(FindingChanged.model_validate(row.finding), orjson.dumps(row.finding).decode()),
        simulated=row.simulated,
        closed_at=row.closed_at,
        ground=Ground(row.ground) if row.ground is not None else None,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=row.acknowledged_by,
    )


def alert_values(alert: Alert) -> Values:
    """Return the columns of an alert."""
    finding = alert.finding
    return {
        "alert_id": alert.alert_id,
        "target_id": alert.key.target_id,
        "area": alert.key.area,
        "area_name": finding.area_name,
        "city": finding.city,
        "kind": alert.key.kind,
        "episode": alert.episode,
        "state": alert.state,
        "severity": alert.severity,
        "opened_at": alert.opened_at,
        "opened_period": alert.opened_period,
        "since_period": finding.since,
        "period": finding.period,
        "updated_at": alert.updated_at,
        "closed_at": alert.closed_at,
        "ground": alert.ground,
        "finding_sequence": finding.sequence,
        "finding": orjson.loads(finding.document),
        "acknowledged_at": alert.acknowledged_at,
        "acknowledged_by": alert.acknowledged_by,
        "simulated": alert.simulated,
    }


def event_values(entry: HistoryEntry) -> Values:
    """Return the columns of a history entry; what a person did carries no finding of its own."""
    alert = entry.changed.alert
    stated = entry.acknowledgement
    return {
        "alert_id": alert.alert_id,
        "at": entry.at,
        "change": entry.changed.change,
        "state": alert.state,
        "severity": alert.severity,
        "period": alert.finding.period,
        "actor": stated.by if stated else None,
        "unit": stated.unit if stated else None,
        "comment": stated.comment if stated else None,
        "finding_sequence": alert.finding.sequence,
        "finding": None if entry.changed.change is Change.ACKNOWLEDGED else orjson.loads(alert.finding.document),
        "snapshot": orjson.loads(orjson.dumps(alert_values(alert))),
        "correlation_id": entry.correlation_id,
    }


def notice_values(notice: Notice) -> Values:
    """Return the columns of a new notice."""
    endpoint = notice.addressee.endpoint
    return {
        "notice_id": notice.notice_id,
        "alert_id": notice.alert_id,
        "alert_event_id": notice.event_id,
        "thread": notice.thread,
        "unit": notice.addressee.unit.name,
        "role": notice.role,
        "channel": endpoint.channel,
        "recipient": endpoint.recipient,
        "cause": notice.cause,
        "state": notice.state,
        "subject": notice.content.subject,
        "body_text": notice.content.body_text,
        "body_html": notice.content.body_html,
        "payload": orjson.loads(notice.content.body_text) if endpoint.channel is Channel.WEBHOOK else None,
        "message_id": notice.content.message_id,
        "created_at": notice.created_at,
        "queued_at": notice.created_at,
        "next_attempt_at": notice.created_at if notice.state is NoticeState.QUEUED else None,
        "last_error": None if notice.addressee.reachable else "the unit has no usable channel",
        "correlation_id": notice.correlation_id,
    }


def claimed_of(row: NoticeRow) -> ClaimedNotice:
    """Return the claim on a row."""
    return ClaimedNotice(
        notice_id=row.notice_id,
        channel=Channel(row.channel),
        unit=row.unit,
        recipient=row.recipient,
        thread=row.thread,
        content=Content(
            message_id=row.message_id, subject=row.subject, body_text=row.body_text, body_html=row.body_html
        ),
        created_at=row.created_at,
        queued_at=row.queued_at,
        number=row.attempts,
        correlation_id=row.correlation_id,
    )
