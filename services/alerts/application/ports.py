"""What alerts needs from outside."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from services.alerts.domain.alert import Alert, Change, Changed
from services.alerts.domain.delivery import NextStep, Outcome
from services.alerts.domain.finding import FindingKey
from services.alerts.domain.notice import Addressee, Cause, Channel, Content, Endpoint, Notice
from services.alerts.domain.reconcile import KeyState
from services.alerts.domain.statement import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One change of an alert, as it is recorded and told on the log. `statement` is of the person who made it."""

    changed: Changed
    at: datetime
    correlation_id: str
    statement: Statement | None = None


@dataclass(frozen=True, slots=True)
class Acted:
    """How an alert stands after somebody acted on it; `change` is None when the act changed nothing."""

    alert: Alert
    change: Change | None = None


class AlertTransaction(Protocol):
    """One transaction. What it reads stays locked until it ends; leaving it without an exception commits."""

    async def lock_keys(self, keys: Collection[FindingKey]) -> Mapping[FindingKey, KeyState]:
        """Return the state of every key, with all episodes that were not retracted; other transactions wait for them."""
        ...

    async def get_alert(self, alert_id: str) -> Alert:
        """Return the alert; raise AlertNotFoundError."""
        ...

    async def load_acknowledgements(self, alert_id: str) -> Sequence[Statement]:
        """Return the acknowledgements since the alert was opened, reopened or last worsened."""
        ...

    async def find_begun(self, alert_id: str) -> int:
        """Return the id of the history entry with which the alert was opened, reopened or last worsened."""
        ...

    async def lock_due_suspensions(self, today: date, *, limit: int) -> Sequence[Alert]:
        """Return alerts whose suspension ended before `today`, and open ones that the plan suspends on that day.

        Those that another transaction holds are left out.
        """
        ...

    async def find_told(self, alert_id: str) -> Sequence[Addressee]:
        """Return every unit and endpoint that has a notice of the alert, each once, with the unit's latest role."""
        ...

    async def record_changes(self, entries: Sequence[HistoryEntry]) -> Sequence[int]:
        """Save the alerts as they stand after all entries, append to their histories, queue the events for the log.

        Returns the ids of the history entries, which rise.
        """
        ...

    async def record_sequences(self, sequences: Mapping[FindingKey, int], *, at: datetime) -> None:
        """Save the highest sequence seen of each key."""
        ...

    async def add_notices(self, notices: Sequence[Notice]) -> None:
        """Queue the notices."""
        ...

    async def find_disabled(self, endpoints: Collection[Endpoint]) -> Collection[Endpoint]:
        """Return those of the endpoints that said they no longer exist."""
        ...


class AlertStore(Protocol):
    """Where alerts live."""

    def transaction(self) -> AbstractAsyncContextManager[AlertTransaction]:
        """Begin a transaction."""
        ...


class NoticeWriter(Protocol):
    """Puts a change into words."""

    def write(self, changed: Changed, addressee: Addressee, *, cause: Cause, notice_id: str, now: datetime) -> Content:
        """Return the final words of the notice; `now` is the instant it is decided."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedNotice:
    """A notice that this process alone may try to deliver while it renews its claim.

    `number` is the number of this try since the notice was queued: with `queued_at` it names the claim.
    `created_at` is the instant of the decision.
    """

    notice_id: str
    channel: Channel
    unit: str
    recipient: str
    thread: str
    content: Content
    created_at: datetime
    queued_at: datetime
    number: int
    correlation_id: str


class NoticeQueue(Protocol):
    """The queue of notices to deliver."""

    async def claim(self, channel: Channel, *, limit: int, now: datetime, lease: timedelta) -> Sequence[ClaimedNotice]:
        """Return notices due at `now`, nobody else's for the length of `lease`; of a recipient's thread the oldest alone.

        Claims run by the queue's own clock, so that replicas whose clocks differ still agree on them.
        """
        ...

    async def renew(self, notice: ClaimedNotice, *, lease: timedelta) -> None:
        """Hold the claim for the length of `lease` from now, unless somebody else has the notice already."""
        ...

    async def settle(self, notice: ClaimedNotice, step: NextStep, *, at: datetime) -> None:
        """Record what follows from the try. A claim that has run out no longer postpones or fails the notice."""
        ...


class Transport(Protocol):
    """Sends over one channel."""

    async def send(self, notice: ClaimedNotice) -> Outcome:
        """Try once, within a bounded time. What goes wrong on the way is an outcome, not an exception."""
        ...
