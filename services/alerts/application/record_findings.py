"""Use case: findings open, change and end alerts, and every change that matters is told."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.alerts.application.ports import AlertStore, AlertTransaction, HistoryEntry, KeyState, NoticeWriter
from services.alerts.domain.alert import Changed, Decision, apply
from services.alerts.domain.finding import Finding, FindingKey
from services.alerts.domain.notice import (
    Addressee,
    Cause,
    ChannelsOf,
    Notice,
    addressees,
    cause_of,
    notice_id_of,
    thread_of,
    without_disabled,
)


@dataclass(frozen=True, slots=True)
class ReportedFinding:
    """A finding and the correlation id of the submission that led to it."""

    finding: Finding
    correlation_id: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """What one finding led to."""

    reported: ReportedFinding
    decision: Decision
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Telling:
    """How units are told: their channels, and who writes the words."""

    channels_of: ChannelsOf
    writer: NoticeWriter


@dataclass(slots=True)
class _Batch:
    """The state of each key while a batch is worked through, and what to save of it."""

    states: dict[FindingKey, KeyState]
    seen: dict[FindingKey, int] = field(default_factory=dict)

    def decide(self, finding: Finding, now: datetime) -> Decision:
        state = self.states[finding.key]
        decision = apply(finding, state.latest, last_sequence=state.sequence, now=now)
        if state.sequence is None or finding.sequence > state.sequence:
            state = replace(state, sequence=finding.sequence)
            self.seen[finding.key] = finding.sequence
        if isinstance(decision, Changed):
            state = replace(state, latest=decision.alert)
        self.states[finding.key] = state
        return decision


async def record_findings(
    batch: Sequence[ReportedFinding], *, store: AlertStore, telling: Telling, now: datetime
) -> Sequence[Recorded]:
    """Apply findings in order, in one transaction: alert, history, notices and events. Findings seen before are dropped."""
    async with store.transaction() as transaction:
        work = _Batch(dict(await transaction.lock_keys({reported.finding.key for reported in batch})))
        recorded = [
            await _record(reported, work.decide(reported.finding, now), transaction, telling=telling, now=now)
            for reported in batch
        ]
        await transaction.record_sequences(work.seen, at=now)
    return recorded


async def _record(
    reported: ReportedFinding,
    decision: Decision,
    transaction: AlertTransaction,
    *,
    telling: Telling,
    now: datetime,
) -> Recorded:
    if not isinstance(decision, Changed):
        return Recorded(reported, decision)
    entry = HistoryEntry(changed=decision, at=now, correlation_id=reported.correlation_id)
    event_id = await transaction.record_change(entry)
    cause = cause_of(decision.change)
    if cause is None:
        return Recorded(reported, decision)
    told = addressees(reported.finding.city, reported.finding.units, telling.channels_of)
    disabled = await transaction.find_disabled({addressee.endpoint for addressee in told})
    notices = tuple(
        _notice(entry, event_id, cause, addressee, telling.writer) for addressee in without_disabled(told, disabled)
    )
    await transaction.add_notices(notices)
    return Recorded(reported, decision, notices)


def _notice(entry: HistoryEntry, event_id: int, cause: Cause, addressee: Addressee, writer: NoticeWriter) -> Notice:
    alert = entry.changed.alert
    notice_id = notice_id_of(alert.alert_id, event_id, addressee)
    return Notice(
        notice_id=notice_id,
        alert_id=alert.alert_id,
        event_id=event_id,
        thread=thread_of(alert.key),
        addressee=addressee,
        cause=cause,
        content=writer.write(entry.changed, addressee, cause=cause, notice_id=notice_id, now=entry.at),
        created_at=entry.at,
        correlation_id=entry.correlation_id,
    )
