"""The history of alerts as it was kept, read as what led to it: findings taken up, and what people and days did."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import NamedTuple

import asyncpg

from deploy.replay.databases import Connection
from services.alerts.domain.alert import ACTS, Change
from services.alerts.domain.finding import FindingKey, FindingKind
from services.alerts.domain.notice import Channel, Endpoint

_ENTRIES = """
SELECT alert.target_id, alert.area, alert.kind, event.event_id, event.alert_id, event.at, event.change,
       event.finding_sequence, event.actor, event.unit, event.comment, event.correlation_id,
       event.snapshot ->> 'suspended_until' AS until, event.snapshot ->> 'suspension_approver' AS approver
FROM alerts.alert_events AS event JOIN alerts.alerts AS alert USING (alert_id)
WHERE $1::text IS NULL OR alert.city = $1 ORDER BY event.event_id
"""
_TAKEN_UP = """
SELECT target_id, area, kind, sequence, updated_at FROM alerts.finding_states WHERE sequence IS NOT NULL
"""
_PARKED = """
SELECT header ->> 1 AS id FROM alerts.parked_messages, jsonb_array_elements(headers) AS header
WHERE resent_at IS NULL AND header ->> 0 = 'ce_id'
"""
_TOLD = """
SELECT alert.city, notice.unit, notice.channel, notice.recipient, notice.created_at
FROM alerts.notices AS notice JOIN alerts.alerts AS alert USING (alert_id)
WHERE notice.channel <> 'none' ORDER BY notice.alert_event_id, notice.channel, notice.recipient
"""
_DISABLED = "SELECT channel, recipient, disabled_at, reason FROM alerts.disabled_endpoints ORDER BY disabled_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of an alert's history, as far as it says what led to it."""

    key: FindingKey
    alert_id: str
    at: datetime
    change: str
    sequence: int
    actor: str | None
    unit: str | None
    comment: str | None
    correlation_id: str
    until: date | None
    approver: str | None

    @property
    def is_stated(self) -> bool:
        """Whether a person made it."""
        return self.change in ACTS and self.actor is not None

    @property
    def by_day(self) -> bool:
        """Whether a day that passed made it, or, at the instant of a finding, what the finding says of suspensions."""
        return self.change in (Change.SUSPENDED, Change.RESUMED) and self.actor is None


@dataclass(frozen=True, slots=True)
class TakeUp:
    """Findings recorded in one transaction: of each key, which was the last, in order."""

    at: datetime
    findings: tuple[tuple[FindingKey, int], ...]


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did, or a day that passed."""

    entry: Entry


Step = TakeUp | Act


class TakenUp(NamedTuple):
    """The newest finding of a key that alerts recorded, and when."""

    sequence: int
    at: datetime


_NOTHING = TakenUp(-1, datetime.min.replace(tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class AlertHistory:
    """What led to the alerts, in order; of each key the newest finding that was taken up; who was reached by which address.

    `parked` are the ids of the events that alerts parked and that were not sent again.
    """

    steps: tuple[Step, ...]
    taken_up: Mapping[FindingKey, TakenUp]
    parked: frozenset[str]
    endpoints: "Endpoints"
    disabled: tuple[tuple[Endpoint, datetime, str], ...]


class Endpoints:
    """By which addresses a unit was reached at an instant, as its notices say: how it was reached is kept nowhere else."""

    def __init__(self, told: Iterable[tuple[str, str, Endpoint, datetime]] = ()) -> None:
        self._told: dict[tuple[str, str, datetime], list[Endpoint]] = {}
        for city, unit, endpoint, at in told:
            known = self._told.setdefault((city, unit, at), [])
            if endpoint not in known:
                known.append(endpoint)

    def at(self, city: str, unit: str, at: datetime) -> tuple[Endpoint, ...]:
        """Return the addresses; none when the unit was told nothing then, or could not be reached."""
        return tuple(self._told.get((city, unit, at), ()))


def steps_of(entries: Sequence[Entry]) -> tuple[Step, ...]:
    """Return what led to the entries: a finding counts once, however many entries it made; one instant is one transaction."""
    steps: list[Step] = []
    seen: dict[FindingKey, TakenUp] = {}
    for entry in entries:
        taken = seen.get(entry.key, _NOTHING)
        if not entry.is_stated and entry.sequence > taken.sequence:
            seen[entry.key] = TakenUp(entry.sequence, entry.at)
            _take_up(entry, steps)
        elif (entry.is_stated or (entry.by_day and taken.at != entry.at)) and not _is_same_sweep(entry, steps):
            steps.append(Act(entry))
    return tuple(steps)


def _take_up(entry: Entry, steps: list[Step]) -> None:
    last = steps[-1] if steps else None
    taken = (entry.key, entry.sequence)
    if isinstance(last, TakeUp) and last.at == entry.at:
        steps[-1] = replace(last, findings=(*last.findings, taken))
    else:
        steps.append(TakeUp(entry.at, (taken,)))


def _is_same_sweep(entry: Entry, steps: Sequence[Step]) -> bool:
    """Whether the day that passed was swept with the entry before: one sweep settles all that are due."""
    last = steps[-1] if steps else None
    return isinstance(last, Act) and entry.by_day and last.entry.by_day and last.entry.at == entry.at


async def read_alert_history(live: Connection, city: str | None) -> AlertHistory:
    """Read it from the live database."""
    return AlertHistory(
        steps=steps_of([_entry(record) for record in await live.fetch(_ENTRIES, city)]),
        taken_up={
            _key(record): TakenUp(record["sequence"], record["updated_at"]) for record in await live.fetch(_TAKEN_UP)
        },
        parked=frozenset(record["id"] for record in await live.fetch(_PARKED)),
        endpoints=Endpoints(
            (one["city"], one["unit"], _endpoint(one), one["created_at"]) for one in await live.fetch(_TOLD)
        ),
        disabled=tuple((_endpoint(one), one["disabled_at"], one["reason"]) for one in await live.fetch(_DISABLED)),
    )


def _entry(record: asyncpg.Record) -> Entry:
    return Entry(
        key=_key(record),
        alert_id=record["alert_id"],
        at=record["at"],
        change=record["change"],
        sequence=record["finding_sequence"],
        actor=record["actor"],
        unit=record["unit"],
        comment=record["comment"],
        correlation_id=record["correlation_id"],
        until=None if record["until"] is None else date.fromisoformat(record["until"]),
        approver=record["approver"],
    )


def _key(record: asyncpg.Record) -> FindingKey:
    return FindingKey(record["target_id"], record["area"], FindingKind(record["kind"]))


def _endpoint(record: asyncpg.Record) -> Endpoint:
    return Endpoint(Channel(record["channel"]), record["recipient"])
