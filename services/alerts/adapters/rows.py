"""Rows of the tables to and from the domain."""

from typing import Any

import orjson

from services.alerts.adapters.finding_codec import finding_of
from services.alerts.adapters.finding_view import document_of
from services.alerts.adapters.tables import AlertRow, NoticeRow
from services.alerts.application.ports import ClaimedNotice, HistoryEntry
from services.alerts.domain.alert import ACTS, Alert, Change, Changed, Ground, State, Suspension
from services.alerts.domain.finding import Finding, FindingKey, FindingKind, Run, Severity
from services.alerts.domain.notice import Channel, Content, Notice, NoticeState
from shared.contracts.findings import FindingChanged
from shared.kernel.china_time import day_in_china

Values = dict[str, Any]


def alert_of(row: AlertRow) -> Alert:
    """Return the alert a row holds."""
    finding = finding_of(FindingChanged.model_validate(row.finding), orjson.dumps(row.finding).decode())
    return Alert(
        alert_id=row.alert_id,
        key=FindingKey(row.target_id, row.area, FindingKind(row.kind)),
        episode=row.episode,
        state=State(row.state),
        severity=Severity(row.severity),
        opened_at=row.opened_at,
        opened_period=row.opened_period,
        updated_at=row.updated_at,
        finding=finding,
        simulated=row.simulated,
        run=_run_of(row, finding),
        retroactive=row.retroactive,
        due_on=row.due_on,
        stale_since=row.stale_since,
        suspension=_suspension_of(row),
        previous=row.previous,
        closed_at=row.closed_at,
        ground=Ground(row.ground) if row.ground is not None else None,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=row.acknowledged_by,
    )


def _run_of(row: AlertRow, finding: Finding) -> Run:
    """Return the breach; its numbers are those the finding tells of its last period."""
    until = row.until_period or row.period
    told = next((run for run in finding.runs or () if (run.since, run.until) == (row.since_period, until)), None)
    own = finding.assessment if finding.severity is not None and finding.period == until else None
    return Run(
        since=row.since_period,
        until=until,
        ended_by=row.period if row.ground is not None and Ground(row.ground).is_end_of_run else None,
        severity=Severity(row.severity),
        worst=Severity(row.worst or row.severity),
        retroactive=row.retroactive,
        assessment=(told.assessment if told else None) or own,
        settled=row.ground == Ground.OUTCOME_KNOWN,
    )


def _suspension_of(row: AlertRow) -> Suspension | None:
    if row.suspended_until is None:
        return None
    return Suspension(
        by=row.suspended_by,
        unit=row.suspended_unit,
        approver=row.suspension_approver or "",
        reason=row.suspension_reason or "",
        until=row.suspended_until,
    )


def alert_values(alert: Alert) -> Values:
    """Return the columns of an alert. `finding` is the finding as far as it concerns this alert."""
    finding, run, rest = alert.finding, alert.run, alert.suspension
    left = [one.since for one in finding.suspensions if one.until >= day_in_china(alert.updated_at)]
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
        "since_period": run.since,
        "until_period": run.until,
        "period": alert.period,
        "worst": run.worst,
        "retroactive": alert.retroactive,
        "breached_on": alert.breached_on,
        "due_on": alert.due_on,
        "updated_at": alert.updated_at,
        "closed_at": alert.closed_at,
        "ground": alert.ground,
        "finding_sequence": finding.sequence,
        "finding": document_of(alert),
        "acknowledged_at": alert.acknowledged_at,
        "acknowledged_by": alert.acknowledged_by,
        "stale_since": alert.stale_since,
        "suspended_until": rest.until if rest else None,
        "suspended_by": rest.by if rest else None,
        "suspended_unit": rest.unit if rest else None,
        "suspension_approver": rest.approver if rest else None,
        "suspension_reason": rest.reason if rest else None,
        "suspended_from": min(left, default=None),
        "previous": alert.previous,
        "simulated": alert.simulated,
    }


def event_values(entry: HistoryEntry, row: Values) -> Values:
    """Return the columns of a history entry; `row` are those of its alert.

    What a person did, a day that passed, or the plan's suspension carries no finding of its own.
    """
    alert, stated = entry.changed.alert, entry.statement
    return {
        "alert_id": alert.alert_id,
        "at": entry.at,
        "change": entry.changed.change,
        "state": alert.state,
        "severity": alert.severity,
        "period": alert.period,
        "actor": stated.by if stated else None,
        "unit": stated.unit if stated else None,
        "comment": stated.comment if stated else remark(entry.changed),
        "finding_sequence": alert.finding.sequence,
        "finding": None if entry.changed.change in ACTS else row["finding"],
        "snapshot": orjson.loads(orjson.dumps(row)),
        "correlation_id": entry.correlation_id,
    }


def remark(changed: Changed) -> str | None:
    """Return what the history adds to a change that no person made."""
    rest, before = changed.alert.suspension, changed.previous.suspension if changed.previous else None
    if changed.change is Change.SUSPENDED and rest is not None:
        return f"规划暂缓评判至{rest.until.isoformat()}（由{rest.approver}批准）：{rest.reason}"
    if changed.change is Change.RESUMED and before is not None:
        is_early = day_in_china(changed.alert.updated_at) <= before.until
        return "规划不再暂缓，自动恢复" if is_early else "暂缓到期，自动恢复"
    if changed.merged_into is None:
        return None
    return (
        f"因数据修订，与第{changed.merged_into.episode}次预警（{changed.merged_into.alert_id}）系同一情况，并入该预警"
    )


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
