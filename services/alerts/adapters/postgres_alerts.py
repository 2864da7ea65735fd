"""Alerts, their history, new notices and outgoing events in PostgreSQL, in one transaction."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import cast

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.alerts.adapters.alert_publisher import alert_event
from services.alerts.adapters.rows import alert_of, alert_values, event_values, notice_values
from services.alerts.adapters.tables import (
    SCHEMA,
    AlertEventRow,
    AlertRow,
    DisabledEndpointRow,
    FindingStateRow,
    NoticeRow,
)
from services.alerts.application.ports import HistoryEntry, KeyState
from services.alerts.domain.acknowledgement import Acknowledgement
from services.alerts.domain.alert import Alert, Change
from services.alerts.domain.errors import AlertNotFoundError
from services.alerts.domain.finding import FindingKey, FindingKind
from services.alerts.domain.notice import Channel, Endpoint, Notice
from shared.adapters.outbox import append_to_outbox
from shared.adapters.postgres import SessionFactory


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
        latest = await self._lock_latest(ordered)
        return {key: KeyState(sequence=sequences[key], latest=latest.get(key)) for key in ordered}

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

    async def _lock_latest(self, ordered: Sequence[FindingKey]) -> dict[FindingKey, Alert]:
        """Return the latest episode of each key. Only the holder of a key adds episodes, so none is missed."""
        columns = (col(AlertRow.target_id), col(AlertRow.area), col(AlertRow.kind))
        newest = (
            select(*columns, func.max(AlertRow.episode).label("episode"))
            .where(tuple_(*columns).in_([_parts(key) for key in ordered]))
            .group_by(*columns)
            .subquery()
        )
        statement = (
            select(AlertRow)
            .join(
                newest,
                tuple_(*columns, col(AlertRow.episode))
                == tuple_(newest.c.target_id, newest.c.area, newest.c.kind, newest.c.episode),
            )
            .order_by(col(AlertRow.alert_id))
            .with_for_update(of=AlertRow)
        )
        alerts = [alert_of(row) for row in await self._session.scalars(statement)]
        return {alert.key: alert for alert in alerts}

    async def get_alert(self, alert_id: str) -> Alert:
        """Return the alert, locked; raise AlertNotFoundError."""
        statement = select(AlertRow).where(col(AlertRow.alert_id) == alert_id).with_for_update()
        row = (await self._session.scalars(statement)).one_or_none()
        if row is None:
            raise AlertNotFoundError(alert_id)
        return alert_of(row)

    async def load_acknowledgements(self, alert_id: str) -> Sequence[Acknowledgement]:
        """Return the acknowledgements after the last opening or worsening."""
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
        return [Acknowledgement(by=row.actor or "", unit=row.unit, comment=row.comment or "") for row in rows]

    async def find_begun(self, alert_id: str) -> int:
        """Return the id of the entry with which the alert was opened or last worsened."""
        return cast(int, (await self._session.execute(_begun(alert_id))).scalar())

    async def record_change(self, entry: HistoryEntry) -> int:
        """Save the alert and append its history and its event for the log."""
        values = alert_values(entry.changed.alert)
        saved = insert(AlertRow).values(values)
        await self._session.execute(saved.on_conflict_do_update(index_elements=["alert_id"], set_=values))
        appended = insert(AlertEventRow).values(event_values(entry)).returning(col(AlertEventRow.event_id))
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

    async def find_disabled(self, endpoints: Collection[Endpoint]) -> Collection[Endpoint]:
        """Return those of the endpoints that answered 410 Gone."""
        wanted = [(endpoint.channel, endpoint.recipient) for endpoint in endpoints]
        columns = tuple_(col(DisabledEndpointRow.channel), col(DisabledEndpointRow.recipient))
        rows = await self._session.scalars(select(DisabledEndpointRow).where(columns.in_(wanted)))
        return {Endpoint(Channel(row.channel), row.recipient) for row in rows}


def _begun(alert_id: str) -> Select[int | None]:
    return select(func.max(AlertEventRow.event_id)).where(
        col(AlertEventRow.alert_id) == alert_id, col(AlertEventRow.change).in_([Change.OPENED, Change.WORSENED])
    )


def _parts(key: FindingKey) -> tuple[str, str, str]:
    return (key.target_id, key.area, key.kind)
