"""Kafka's clients as planwatch opens them: consumer, idempotent producer, and the creation of topics."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, NoError, TopicAlreadyExistsError, for_code

from shared.adapters.retrying import RetryPolicy
from shared.contracts.topics import Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumerSettings:
    """Where and how one consumer reads. Times in seconds where the name says so."""

    bootstrap_servers: str
    group_id: str
    topics: tuple[str, ...]
    batch_size: int = 5000
    poll_timeout: timedelta = timedelta(milliseconds=200)
    stall_limit: timedelta = timedelta(seconds=60)
    lag_interval: timedelta = timedelta(seconds=2)
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    max_poll_interval: timedelta = timedelta(minutes=15)


@asynccontextmanager
async def started_consumer(settings: ConsumerSettings) -> AsyncIterator[AIOKafkaConsumer]:
    """Open a consumer that commits only when told to, from the earliest message its group has not seen."""
    consumer = AIOKafkaConsumer(
        *settings.topics,
        bootstrap_servers=settings.bootstrap_servers,
        group_id=settings.group_id,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_poll_interval_ms=int(settings.max_poll_interval.total_seconds() * 1000),
        session_timeout_ms=10_000,
        heartbeat_interval_ms=3_000,
        fetch_max_wait_ms=100,
        max_partition_fetch_bytes=4 * 1024 * 1024,
    )
    await _start(consumer)
    try:
        yield consumer
    finally:
        await consumer.stop()


@asynccontextmanager
async def started_producer(bootstrap_servers: str) -> AsyncIterator[AIOKafkaProducer]:
    """Open the idempotent producer (`acks=all`): what it reports as sent is on the log once and in order."""
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap_servers,
        enable_idempotence=True,
        acks="all",
        linger_ms=2,
        max_batch_size=256 * 1024,
        request_timeout_ms=15_000,
    )
    await _start(producer)
    try:
        yield producer
    finally:
        await producer.stop()


class _Client(Protocol):
    async def start(self) -> None: ...

    async def stop(self) -> None: ...


async def _start(client: _Client) -> None:
    """Start a client; a broker that is away now is waited for, a minute at most."""
    policy = RetryPolicy(tries=20, longest=timedelta(seconds=5))
    attempt = 0
    while True:
        attempt += 1
        try:
            await client.start()
        except (KafkaError, OSError):
            delay = policy.delay(attempt)
            if delay is None:
                await client.stop()
                raise
            await asyncio.sleep(delay.total_seconds())
        else:
            return


async def create_topics(bootstrap_servers: str, topics: Iterable[Topic], *, prefix: str) -> None:
    """Create each topic as declared, with explicit partitions, retention and `min.insync.replicas`; existing ones stay."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    try:
        existing = set(await admin.list_topics())
        missing = [_new_topic(topic, prefix) for topic in topics if topic.full_name(prefix) not in existing]
        if missing:
            response = await admin.create_topics(missing)
            for answer in response.to_object()["topic_errors"]:
                if answer["error_code"] not in (NoError.errno, TopicAlreadyExistsError.errno):
                    raise for_code(answer["error_code"])(
                        f"topic {answer['topic']} was not created: {answer['error_message']}"
                    )
    finally:
        await admin.close()


def _new_topic(topic: Topic, prefix: str) -> NewTopic:
    return NewTopic(
        name=topic.full_name(prefix),
        num_partitions=topic.partitions,
        replication_factor=1,
        topic_configs={
            "retention.ms": str(int(topic.retention.total_seconds() * 1000)),
            "min.insync.replicas": str(topic.min_insync_replicas),
            "cleanup.policy": "delete",
        },
    )
