"""Puts recorded changes into notices: who is told, over which channel, in which words."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.alerts.application.ports import AlertTransaction, HistoryEntry, NoticeWriter
from services.alerts.domain.deadline import DeadlineFrom
from services.alerts.domain.notice import (
    Addressee,
    Cause,
    ChannelsOf,
    Notice,
    addressees,
    audience,
    cause_of,
    notice_id_of,
    reaches_former,
    thread_of,
    without_disabled,
)


@dataclass(frozen=True, slots=True)
class Telling:
    """How units are told: their channels, who writes the words, and until when they have to reply."""

    channels_of: ChannelsOf
    writer: NoticeWriter
    deadline_from: DeadlineFrom


async def record_and_tell(
    entries: Sequence[HistoryEntry], transaction: AlertTransaction, telling: Telling
) -> tuple[Notice, ...]:
    """Record the changes, and queue a notice for everyone who must be told of them."""
    event_ids = await transaction.record_changes(entries)
    notices: list[Notice] = []
    for entry, event_id in zip(entries, event_ids, strict=True):
        notices += await _tell(entry, event_id, transaction, telling)
    return tuple(notices)


async def _tell(
    entry: HistoryEntry, event_id: int, transaction: AlertTransaction, telling: Telling
) -> Sequence[Notice]:
    cause = cause_of(entry.changed)
    if cause is None:
        return ()
    alert = entry.changed.alert
    told = tuple(await transaction.find_told(alert.alert_id)) if reaches_former(cause) else ()
    responsible = addressees(alert.finding.city, alert.finding.units, telling.channels_of)
    recipients = audience(cause, told=told, responsible=responsible)
    disabled = await transaction.find_disabled({addressee.endpoint for addressee in recipients})
    notices = tuple(
        _notice(entry, event_id, cause, addressee, telling.writer)
        for addressee in without_disabled(recipients, disabled)
    )
    await transaction.add_notices(notices)
    return notices


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
