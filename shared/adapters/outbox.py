"""The outbox: events are written in the transaction that decided them, and published from there in order."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import orjson
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from sqlalchemy import BigInteger, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import DateTime, Field, SQLModel

from shared.adapters.cloudevents import Headers, headers_of
from shared.adapters.logging import get_logger
from shared.adapters.postgres import SessionFactory, is_passing, raw_connection
from shared.adapters.retrying import wait_for_stop
from shared.contracts.topics import Topic
from shared.contracts.wire import EventMetadata, WireModel
from shared.kernel.clock import Clock

log = get_logger(__name__)
POLL_INTERVAL = timedelta(milliseconds=500)


class OutboxColumns(SQLModel):
    """The columns of a service's `outbox` table; each service declares the table in its own schema."""

    position: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    topic: str = Field(sa_type=Text)
    key: str = Field(sa_type=Text)
    headers: dict[str, str] = Field(sa_type=JSONB)
    body: str = Field(sa_type=Text)
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))
    published_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingEvent:
    """An event ready for the log: full topic name, key, CloudEvents headers, JSON value."""

    topic: str
    key: str
    headers: Headers
    body: bytes


def outgoing(topic: Topic, event: WireModel, metadata: EventMetadata, *, prefix: str) -> OutgoingEvent:
    """Render a wire event for its topic."""
    return OutgoingEvent(
        topic=topic.full_name(prefix),
        key=metadata.partition_key,
        headers=headers_of(metadata),
        body=event.model_dump_json().encode(),
    )


async def append_to_outbox(
    session: AsyncSession, schema: str, events: Iterable[OutgoingEvent], *, recorded_at: datetime
) -> None:
    """Write events into `<schema>.outbox` inside the session's transaction, in order."""
    connection = await raw_connection(session)
    await connection.executemany(
        f"INSERT INTO {schema}.outbox (topic, key, headers, body, recorded_at) VALUES ($1, $2, $3::jsonb, $4, $5)",
        [(event.topic, event.key, _headers_json(event.headers), event.body.decode(), recorded_at) for event in events],
    )


def _headers_json(headers: Headers) -> str:
    return orjson.dumps({name: value.decode() for name, value in headers}).decode()


class OutboxObserver(Protocol):
    """Told what happens, for metrics."""

    def published(self, count: int) -> None:
        """`count` events were acknowledged by Kafka."""
        ...

    def backlog(self, count: int, oldest_seconds: float) -> None:
        """So many events wait; the oldest for so long (0 when none)."""
        ...


async def publish_all(producer: AIOKafkaProducer, events: Sequence[OutgoingEvent]) -> None:
    """Send events in order and wait until the broker has acknowledged every one; raise KafkaError otherwise."""
    futures = [
        await producer.send(event.topic, value=event.body, key=event.key.encode(), headers=event.headers)
        for event in events
    ]
    await asyncio.gather(*futures)


class OutboxPublisher:
    """Moves a service's outbox to Kafka. Several replicas may run: an advisory lock lets one publish at a time."""

    def __init__(
        self,
        schema: str,
        sessions: SessionFactory,
        producer: AIOKafkaProducer,
        *,
        observer: OutboxObserver,
        clock: Clock,
        batch_size: int = 1000,
    ) -> None:
        self._schema = schema
        self._sessions = sessions
        self._producer = producer
        self._observer = observer
        self._clock = clock
        self._batch_size = batch_size
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Publish now: something was just committed."""
        self._wake.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Publish until `stop` is set. With Kafka or PostgreSQL away, events wait in the table."""
        while not stop.is_set():
            try:
                published = await self.publish_batch()
            except Exception as error:
                if not (isinstance(error, KafkaError) or is_passing(error)):
                    raise
                log.warning("outbox_waits", schema=self._schema, error=type(error).__name__)
                published = 0
                await wait_for_stop(stop, timedelta(seconds=1))
            if published < self._batch_size:
                await self._idle()

    async def _idle(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), POLL_INTERVAL.total_seconds())
        self._wake.clear()

    async def publish_batch(self) -> int:
        """Publish the oldest events, mark them, commit; return how many. The mark follows the acknowledgement."""
        async with self._sessions.begin() as session:
            if not await self._claimed(session):
                return 0
            rows = (await session.execute(self._statement(_SELECT), {"limit": self._batch_size})).all()
            await self._observe(session)
            if not rows:
                return 0
            await publish_all(self._producer, [_event(row) for row in rows])
            await session.execute(
                self._statement(_MARK), {"at": self._clock(), "positions": [row.position for row in rows]}
            )
        self._observer.published(len(rows))
        return len(rows)

    async def _claimed(self, session: AsyncSession) -> bool:
        statement = text("SELECT pg_try_advisory_xact_lock(hashtext(:name))")
        return bool((await session.execute(statement, {"name": f"{self._schema}.outbox"})).scalar())

    async def _observe(self, session: AsyncSession) -> None:
        count, oldest = (await session.execute(self._statement(_BACKLOG))).one()
        seconds = (self._clock() - oldest).total_seconds() if oldest is not None else 0.0
        self._observer.backlog(count, seconds)

    def _statement(self, template: str) -> Any:
        return text(template.format(schema=self._schema))


_SELECT = "SELECT position, topic, key, headers, body FROM {schema}.outbox WHERE published_at IS NULL ORDER BY position LIMIT :limit"
_MARK = "UPDATE {schema}.outbox SET published_at = :at WHERE position = ANY(:positions)"
_BACKLOG = "SELECT count(*), min(recorded_at) FROM {schema}.outbox WHERE published_at IS NULL"


def _event(row: Any) -> OutgoingEvent:
    headers = [(name, value.encode()) for name, value in row.headers.items()]
    return OutgoingEvent(topic=row.topic, key=row.key, headers=headers, body=row.body.encode())
