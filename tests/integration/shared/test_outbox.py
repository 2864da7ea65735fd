"""The outbox and the parked messages on a real database and broker."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from sqlalchemy import text

from shared.adapters.clock import system_clock
from shared.adapters.consumer_loop import Received
from shared.adapters.kafka import create_topics, started_producer
from shared.adapters.outbox import OutboxPublisher, OutgoingEvent, append_to_outbox
from shared.adapters.parked import list_parked, park_message, resend_parked
from shared.adapters.postgres import SessionFactory, connected_engine, session_factory
from shared.contracts.topics import Topic
from shared.contracts.wire import WireModel

HEADERS: Any = (("ce_id", b"s:1"), ("nul", b"a\x00"), ("no text", b"\xff\xfe"), ("null", None))
"""What a poison message may carry, and jsonb cannot."""
AT = datetime(2026, 1, 1, tzinfo=UTC)
TABLES = (
    "CREATE SCHEMA box",
    "CREATE TABLE box.outbox (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, topic text, key text,"
    " headers jsonb, body text, recorded_at timestamptz, published_at timestamptz)",
    "CREATE TABLE box.parked_messages (parked_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, topic text,"
    " partition int, message_offset bigint, key bytea, value bytea, headers jsonb, reason text,"
    " parked_at timestamptz, resent_at timestamptz, UNIQUE (topic, partition, message_offset))",
)


class _Observer:
    def __init__(self) -> None:
        self.waiting = -1
        self.sent = 0

    def published(self, count: int) -> None:
        self.sent += count

    def backlog(self, count: int, oldest_seconds: float) -> None:
        self.waiting = count


@pytest.fixture
async def sessions(database_url: str) -> AsyncIterator[SessionFactory]:
    async with connected_engine(database_url, role=None) as engine:
        async with engine.begin() as connection:
            for statement in TABLES:
                await connection.execute(text(statement))
        yield session_factory(engine)


@pytest.fixture
async def topic(kafka_bootstrap: str) -> str:
    topic = Topic(name=f"outbox-{uuid4().hex}", event=WireModel, event_type="t", key="k", partitions=1)
    await create_topics(kafka_bootstrap, [topic], prefix="test.")
    return topic.full_name("test.")


@pytest.fixture
async def producer(kafka_bootstrap: str) -> AsyncIterator[AIOKafkaProducer]:
    async with started_producer(kafka_bootstrap) as producer:
        yield producer


async def _read(bootstrap: str, topic: str, count: int) -> list[bytes]:
    return [record.value or b"" for record in await _records(bootstrap, topic, count)]


async def _records(bootstrap: str, topic: str, count: int) -> list[Any]:
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        return [await consumer.getone() for _ in range(count)]
    finally:
        await consumer.stop()


def _event(topic: str, body: str) -> OutgoingEvent:
    return OutgoingEvent(topic=topic, key="k", headers=[("ce_id", body.encode())], body=body.encode())


async def test_events_are_published_once_in_order(
    sessions: SessionFactory, topic: str, producer: AIOKafkaProducer, kafka_bootstrap: str
) -> None:
    async with sessions.begin() as session:
        await append_to_outbox(session, "box", [_event(topic, str(n)) for n in range(5)], recorded_at=AT)
    observer = _Observer()
    publisher = OutboxPublisher("box", sessions, producer, observer=observer, clock=system_clock, batch_size=3)
    assert [await publisher.publish_batch() for _ in range(3)] == [3, 2, 0]
    assert (observer.sent, observer.waiting) == (5, 0)
    assert await _read(kafka_bootstrap, topic, 5) == [b"0", b"1", b"2", b"3", b"4"]


async def test_what_was_rolled_back_is_not_published(
    sessions: SessionFactory, topic: str, producer: AIOKafkaProducer
) -> None:
    async with sessions() as session:
        await append_to_outbox(session, "box", [_event(topic, "never")], recorded_at=AT)
        await session.rollback()
    publisher = OutboxPublisher("box", sessions, producer, observer=_Observer(), clock=system_clock)
    assert await publisher.publish_batch() == 0


async def test_a_parked_message_is_kept_once_and_sent_again_whole(
    sessions: SessionFactory, topic: str, producer: AIOKafkaProducer, kafka_bootstrap: str
) -> None:
    message = Received(topic=topic, partition=0, offset=7, key=b"k", value=b"{bad", headers=HEADERS)
    async with sessions.begin() as session:
        assert await park_message(session, "box", message, reason="not JSON", at=AT)
        assert not await park_message(session, "box", message, reason="not JSON", at=AT)
    async with sessions.begin() as session:
        assert [(parked.offset, parked.reason) for parked in await list_parked(session, "box")] == [(7, "not JSON")]
        assert await resend_parked(session, "box", producer, at=AT) == 1
    async with sessions.begin() as session:
        assert await list_parked(session, "box") == []
    [record] = await _records(kafka_bootstrap, topic, 1)
    assert (record.value, record.headers) == (b"{bad", message.headers)
