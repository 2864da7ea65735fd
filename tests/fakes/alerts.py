"""In-memory adapters of alerts."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from services.alerts.application.ports import ClaimedNotice, HistoryEntry
from services.alerts.domain.alert import BEGINNINGS, Alert, Change, Changed, State
from services.alerts.domain.delivery import Failed, NextStep, Outcome, RetryAt, Sent
from services.alerts.domain.errors import AlertNotFoundError
from services.alerts.domain.finding import FindingKey
from services.alerts.domain.notice import Addressee, Cause, Channel, Content, Endpoint, Notice, NoticeState
from services.alerts.domain.reconcile import KeyState
from services.alerts.domain.statement import Statement
from services.alerts.domain.suspension import planned


@dataclass(slots=True)
class StoredNotice:
    """A notice and its delivery state."""

    notice: Notice
    state: NoticeState
    next_attempt_at: datetime | None
    claimed: bool = False
    attempts: int = 0
    last_error: str | None = None
    sent_at: datetime | None = None


@dataclass(slots=True)
class Held:
    """Everything the store holds."""

    alerts: dict[str, Alert] = field(default_factory=dict)
    history: list[HistoryEntry] = field(default_factory=list)
    sequences: dict[FindingKey, int] = field(default_factory=dict)
    notices: dict[str, StoredNotice] = field(default_factory=dict)
    disabled: set[Endpoint] = field(default_factory=set)

    def copy(self) -> "Held":
        """Return what may be changed apart from this; only the delivery states of notices change in place."""
        return Held(
            dict(self.alerts),
            list(self.history),
            dict(self.sequences),
            {key: replace(stored) for key, stored in self.notices.items()},
            set(self.disabled),
        )


class InMemoryAlertStore:
    """An `AlertStore`: a transaction works on a copy, which takes effect when it ends well."""

    def __init__(self) -> None:
        self.held = Held()

    @asynccontextmanager
    async def transaction(self) -> "AsyncIterator[InMemoryAlertTransaction]":
        work = self.held.copy()
        yield InMemoryAlertTransaction(work)
        self.held = work


class InMemoryAlertTransaction:
    """An `AlertTransaction`."""

    def __init__(self, held: Held) -> None:
        self._held = held

    async def lock_keys(self, keys: Collection[FindingKey]) -> Mapping[FindingKey, KeyState]:
        return {key: self._state(key) for key in keys}

    def _state(self, key: FindingKey) -> KeyState:
        episodes = [alert for alert in self._held.alerts.values() if alert.key == key]
        return KeyState(
            sequence=self._held.sequences.get(key),
            episodes=tuple(alert for alert in episodes if alert.state is not State.RETRACTED),
            ever=max((alert.episode for alert in episodes), default=0),
        )

    async def lock_due_suspensions(self, today: date, *, limit: int) -> Sequence[Alert]:
        active = [alert for alert in self._held.alerts.values() if alert.is_active]
        due = [
            alert
            for alert in active
            if (alert.suspension.until < today if alert.suspension else planned(alert, today) is not None)
        ]
        return sorted(due, key=lambda alert: alert.alert_id)[:limit]

    async def get_alert(self, alert_id: str) -> Alert:
        if alert_id not in self._held.alerts:
            raise AlertNotFoundError(alert_id)
        return self._held.alerts[alert_id]

    async def load_acknowledgements(self, alert_id: str) -> Sequence[Statement]:
        found: list[Statement] = []
        for entry in self._held.history:
            if entry.changed.alert.alert_id != alert_id:
                continue
            if entry.changed.change in BEGINNINGS:
                found = []
            elif entry.changed.change is Change.ACKNOWLEDGED and entry.statement is not None:
                found.append(entry.statement)
        return found

    async def find_begun(self, alert_id: str) -> int:
        entries = enumerate(self._held.history, start=1)
        return max(
            n for n, one in entries if one.changed.alert.alert_id == alert_id and one.changed.change in BEGINNINGS
        )

    async def record_changes(self, entries: Sequence[HistoryEntry]) -> Sequence[int]:
        first = len(self._held.history) + 1
        for entry in entries:
            self._held.alerts[entry.changed.alert.alert_id] = entry.changed.alert
            self._held.history.append(entry)
        active = [alert.key for alert in self._held.alerts.values() if alert.is_active]
        assert len(active) == len(set(active)), "two alerts of one key are active"
        return range(first, first + len(entries))

    async def record_sequences(self, sequences: Mapping[FindingKey, int], *, at: datetime) -> None:
        self._held.sequences.update(sequences)

    async def add_notices(self, notices: Sequence[Notice]) -> None:
        for notice in notices:
            due = notice.created_at if notice.state is NoticeState.QUEUED else None
            self._held.notices[notice.notice_id] = StoredNotice(notice, notice.state, due)

    async def find_told(self, alert_id: str) -> Sequence[Addressee]:
        notices = [stored.notice for stored in self._held.notices.values() if stored.notice.alert_id == alert_id]
        notices.sort(key=lambda notice: notice.event_id)
        told = {(one.addressee.unit.name, one.addressee.endpoint): one.addressee for one in notices}
        return [Addressee(replace(one.unit, answers=False), one.endpoint) for one in told.values()]

    async def find_disabled(self, endpoints: Collection[Endpoint]) -> Collection[Endpoint]:
        return self._held.disabled & set(endpoints)


class InMemoryNoticeQueue:
    """A `NoticeQueue` over the notices of an `InMemoryAlertStore`. No time passes: only a claim of no length runs out."""

    def __init__(self, store: InMemoryAlertStore) -> None:
        self._store = store
        self.renewals = 0

    async def claim(self, channel: Channel, *, limit: int, now: datetime, lease: timedelta) -> Sequence[ClaimedNotice]:
        due = [stored for stored in self._queued() if self._is_due(stored, channel, now)]
        due.sort(key=lambda stored: (stored.next_attempt_at, stored.notice.notice_id))
        return [self._claim(stored, lease) for stored in due[:limit]]

    def _queued(self) -> list[StoredNotice]:
        return [stored for stored in self._store.held.notices.values() if stored.state is NoticeState.QUEUED]

    def _is_due(self, stored: StoredNotice, channel: Channel, now: datetime) -> bool:
        notice = stored.notice
        waits_behind = any(
            other.notice.thread == notice.thread
            and other.notice.addressee == notice.addressee
            and other.notice.event_id < notice.event_id
            for other in self._queued()
        )
        due = stored.next_attempt_at is not None and stored.next_attempt_at <= now
        return notice.addressee.endpoint.channel is channel and due and not stored.claimed and not waits_behind

    def _claim(self, stored: StoredNotice, lease: timedelta) -> ClaimedNotice:
        stored.claimed = lease > timedelta(0)
        stored.attempts += 1
        notice = stored.notice
        return ClaimedNotice(
            notice_id=notice.notice_id,
            channel=notice.addressee.endpoint.channel,
            unit=notice.addressee.unit.name,
            recipient=notice.addressee.endpoint.recipient,
            thread=notice.thread,
            content=notice.content,
            created_at=notice.created_at,
            queued_at=notice.created_at,
            number=stored.attempts,
            correlation_id=notice.correlation_id,
        )

    async def renew(self, notice: ClaimedNotice, *, lease: timedelta) -> None:
        stored = self._store.held.notices[notice.notice_id]
        if stored.state is NoticeState.QUEUED and stored.attempts == notice.number:
            stored.claimed = lease > timedelta(0)
            self.renewals += 1

    async def settle(self, notice: ClaimedNotice, step: NextStep, *, at: datetime) -> None:
        stored = self._store.held.notices[notice.notice_id]
        if isinstance(step, Sent):
            stored.state, stored.sent_at = NoticeState.SENT, at
            stored.next_attempt_at, stored.claimed = None, False
            return
        if stored.state is not NoticeState.QUEUED or stored.attempts != notice.number:
            return
        if isinstance(step, RetryAt):
            stored.next_attempt_at, stored.claimed, stored.last_error = step.at, False, step.error
            return
        self._fail(stored, step)

    def _fail(self, stored: StoredNotice, step: Failed) -> None:
        _give_up(stored, step.error)
        if step.endpoint_gone:
            endpoint = stored.notice.addressee.endpoint
            self._store.held.disabled.add(endpoint)
            for other in self._queued():
                if other.notice.addressee.endpoint == endpoint:
                    _give_up(other, step.error)


def _give_up(stored: StoredNotice, error: str) -> None:
    stored.state, stored.last_error = NoticeState.FAILED, error
    stored.next_attempt_at, stored.claimed = None, False


@dataclass(frozen=True, slots=True)
class PlainNoticeWriter:
    """A `NoticeWriter` that says the least."""

    def write(self, changed: Changed, addressee: Addressee, *, cause: Cause, notice_id: str, now: datetime) -> Content:
        body = f'{{"cause": "{cause}", "severity": "{changed.alert.severity}"}}'
        return Content(
            message_id=f"<{notice_id}@alerts.example>", subject=f"{cause} {changed.alert.severity}", body_text=body
        )


@dataclass(slots=True)
class ScriptedTransport:
    """A `Transport` that answers as told, the last answer for ever, and keeps what it was given."""

    answers: list[Outcome]
    sent: list[ClaimedNotice] = field(default_factory=list)
    before_answer: Callable[[ClaimedNotice], None] | None = None

    async def send(self, notice: ClaimedNotice) -> Outcome:
        self.sent.append(notice)
        if self.before_answer is not None:
            self.before_answer(notice)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
