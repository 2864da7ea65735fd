"""Alerts, their history, new notices and outgoing events in PostgreSQL, in one transaction."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import cast

from sqlalchemy import Select, and_, func, or_, select, text, tuple_
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.alerts.adapters.alert_publisher import alert_event
from services.alerts.adapters.rows import Values, alert_of, alert_values, event_values, notice_values
from services.alerts.adapters.tables import (
    SCHEMA,
    AlertEventRow,
    AlertRow,
    DisabledEndpointRow,
    FindingStateRow,
    NoticeRow,
)
from services.alerts.application.ports import HistoryEntry
from services.alerts.domain.alert import BEGINNINGS, Alert, Change, State
from services.alerts.domain.errors import AlertNotFoundError
from services.alerts.domain.finding import FindingKey, FindingKind, ResponsibleUnit, UnitRole
from services.alerts.domain.notice import Addressee, Channel, Endpoint, Notice
from services.alerts.domain.reconcile import KeyState
from services.alerts.domain.statement import Statement
from shared.adapters.outbox import append_to_outbox
from shared.adapters.postgres import SessionFactory

_PLAN_SUSPENDS = text(
    "EXISTS (SELECT FROM jsonb_array_elements(alerts.alerts.finding -> 'suspensions') AS rest"
    " WHERE CAST(:today AS date) BETWEEN CAST(rest ->> 'since' AS date) AND CAST(rest ->> 'until' AS date))"
)
_KEY = (col(AlertRow.target_id), col(AlertRow.area), col(AlertRow.kind))


class PostgresAlertStore:
    """An `AlertStore`. `topic_prefix` is that of the topics the events go to."""

    def __init__(self, sessions: SessionFactory, *, topic_prefix: str) -> None:
        self._sessions = sessions
        self._topic_prefix = topic_prefix

    @asynccontextmanager
    async def transaction(self) -> "AsyncIterator[PostgresAlertTransaction]":
        """Begin; commit at the end."""
        async with self._sessions.begin() as session:
            yield PostgresAlertTransaction(session, topic_prefix=self._topic_prefix)


class PostgresAlertTransaction:
    """An `AlertTransaction` over one session."""

    def __init__(self, session: AsyncSession, *, topic_prefix: str) -> None:
        self._session = session
        self._topic_prefix = topic_prefix

    async def lock_keys(self, keys: Collection[FindingKey]) -> Mapping[FindingKey, KeyState]:
        """Lock the keys in a fixed order, so that two batches never wait for each other, then their alerts."""
        ordered = sorted(keys)
        if not ordered:
            return {}
        sequences = await self._lock_sequences(ordered)
        ever = await self._count_episodes(ordered)
        episodes = await self._lock_episodes(ordered)
        return {
            key: KeyState(sequence=sequences[key], episodes=tuple(episodes.get(key, ())), ever=ever.get(key, 0))
            for key in ordered
        }

    async def _lock_sequences(self, ordered: Sequence[FindingKey]) -> dict[FindingKey, int | None]:
        values = [{"target_id": key.target_id, "area": key.area, "kind": key.kind} for key in ordered]
        await self._session.execute(insert(FindingStateRow).values(values).on_conflict_do_nothing())
        columns = (col(FindingStateRow.target_id), col(FindingStateRow.area), col(FindingStateRow.kind))
        statement = (
            select(FindingStateRow)
            .where(tuple_(*columns).in_([_parts(key) for key in ordered]))
            .order_by(*columns)
            .with_for_update()
        )
        rows = (await self._session.scalars(statement)).all()
        return {FindingKey(row.target_id, row.area, FindingKind(row.kind)): row.sequence for row in rows}

    async def _count_episodes(self, ordered: Sequence[FindingKey]) -> dict[FindingKey, int]:
        """Return the highest number of each key's episodes, also of retracted ones: numbers are never used again."""
        statement = (
            select(*_KEY, func.max(AlertRow.episode))
            .where(tuple_(*_KEY).in_([_parts(key) for key in ordered]))
            .group_by(*_KEY)
        )
        rows = await self._session.execute(statement)
        return {FindingKey(target, area, FindingKind(kind)): number for target, area, kind, number in rows}

    async def _lock_episodes(self, ordered: Sequence[FindingKey]) -> dict[FindingKey, list[Alert]]:
        """Return the episodes of each key. Only the holder of a key adds episodes, so none is missed."""
        statement = (
            select(AlertRow)
            .where(tuple_(*_KEY).in_([_parts(key) for key in ordered]), col(AlertRow.state) != State.RETRACTED)
            .order_by(col(AlertRow.alert_id))
            .with_for_update()
        )
        episodes: dict[FindingKey, list[Alert]] = {}
        for row in await self._session.scalars(statement):
            alert = alert_of(row)
            episodes.setdefault(alert.key, []).append(alert)
        return episodes

    async def lock_due_suspensions(self, today: date, *, limit: int) -> Sequence[Alert]:
        """Return suspended alerts whose last day is over, and those the plan suspends today, but none that is held."""
        is_over = and_(col(AlertRow.state) == State.SUSPENDED, col(AlertRow.suspended_until) < today)
        begins = and_(
            col(AlertRow.state).in_((State.OPEN, State.ACKNOWLEDGED)),
            col(AlertRow.suspended_from) <= today,
            _PLAN_SUSPENDS.bindparams(today=today),
        )
        statement = (
            select(AlertRow)
            .where(or_(is_over, begins))
            .order_by(col(AlertRow.suspended_until), col(AlertRow.alert_id))
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [alert_of(row) for row in await self._session.scalars(statement)]

    async def get_alert(self, alert_id: str) -> Alert:
        """Return the alert, locked; raise AlertNotFoundError."""
        statement = select(AlertRow).where(col(AlertRow.alert_id) == alert_id).with_for_update()
        row = (await self._session.scalars(statement)).one_or_none()
        if row is None:
            raise AlertNotFoundError(alert_id)
        return alert_of(row)

    async def load_acknowledgements(self, alert_id: str) -> Sequence[Statement]:
        """Return the acknowledgements after the last beginning."""
        statement = (
            select(AlertEventRow)
            .where(
                col(AlertEventRow.alert_id) == alert_id,
                col(AlertEventRow.change) == Change.ACKNOWLEDGED,
                col(AlertEventRow.event_id) > _begun(alert_id).scalar_subquery(),
            )
            .order_by(col(AlertEventRow.event_id))
        )
        rows = await self._session.scalars(statement)
        return [Statement(by=row.actor or "", unit=row.unit, comment=row.comment or "") for row in rows]

    async def find_begun(self, alert_id: str) -> int:
        """Return the id of the entry with which the alert was opened, reopened or last worsened."""
        return cast(int, (await self._session.execute(_begun(alert_id))).scalar())

    async def record_changes(self, entries: Sequence[HistoryEntry]) -> Sequence[int]:
        """Save the alerts, those that ended first: at most one of a key is ever active. Then append what happened."""
        rows = [alert_values(entry.changed.alert) for entry in entries]
        standing = {
            entry.changed.alert.alert_id: (entry.changed.alert, row) for entry, row in zip(entries, rows, strict=True)
        }
        for _, row in sorted(standing.values(), key=lambda last: last[0].is_active):
            saved = insert(AlertRow).values(row)
            await self._session.execute(saved.on_conflict_do_update(index_elements=["alert_id"], set_=row))
        return [await self._append(entry, row) for entry, row in zip(entries, rows, strict=True)]

    async def _append(self, entry: HistoryEntry, row: Values) -> int:
        appended = insert(AlertEventRow).values(event_values(entry, row)).returning(col(AlertEventRow.event_id))
        event_id = cast(int, (await self._session.execute(appended)).scalar_one())
        event = alert_event(entry, sequence=event_id, topic_prefix=self._topic_prefix)
        await append_to_outbox(self._session, SCHEMA, [event], recorded_at=entry.at)
        return event_id

    async def record_sequences(self, sequences: Mapping[FindingKey, int], *, at: datetime) -> None:
        """Save the highest sequence seen of each key."""
        if not sequences:
            return
        values = [
            {"target_id": key.target_id, "area": key.area, "kind": key.kind, "sequence": sequence, "updated_at": at}
            for key, sequence in sequences.items()
        ]
        statement = insert(FindingStateRow).values(values)
        changed = {"sequence": statement.excluded.sequence, "updated_at": statement.excluded.updated_at}
        await self._session.execute(
            statement.on_conflict_do_update(index_elements=["target_id", "area", "kind"], set_=changed)
        )

    async def add_notices(self, notices: Sequence[Notice]) -> None:
        """Queue the notices."""
        if notices:
            await self._session.execute(insert(NoticeRow), [notice_values(notice) for notice in notices])

    async def find_told(self, alert_id: str) -> Sequence[Addressee]:
        """Return who has a notice of the alert, with the role of the latest one."""
        place = (col(NoticeRow.unit), col(NoticeRow.channel), col(NoticeRow.recipient))
        statement = (
            select(*place, col(NoticeRow.role))
            .where(col(NoticeRow.alert_id) == alert_id)
            .ext(distinct_on(*place))
            .order_by(*place, col(NoticeRow.alert_event_id).desc())
        )
        rows = await self._session.execute(statement)
        return [
            Addressee(ResponsibleUnit(unit, UnitRole(role)), Endpoint(Channel(channel), recipient))
            for unit, channel, recipient, role in rows
        ]

    async def find_disabled(self, endpoints: Collection[Endpoint]) -> Collection[Endpoint]:
        """Return those of the endpoints that answered 410 Gone."""
        wanted = [(endpoint.channel, endpoint.recipient) for endpoint in endpoints]
        columns = tuple_(col(DisabledEndpointRow.channel), col(DisabledEndpointRow.recipient))
        rows = await self._session.scalars(select(DisabledEndpointRow).where(columns.in_(wanted)))
        return {Endpoint(Channel(row.channel), row.recipient) for row in rows}


def _begun(alert_id: str) -> Select[int | None]:
    return select(func.max(AlertEventRow.event_id)).where(
        col(AlertEventRow.alert_id) == alert_id, col(AlertEventRow.change).in_(BEGINNINGS)
    )


def _parts(key: FindingKey) -> tuple[str, str, str]:
    return (key.target_id, key.area, key.kind)
