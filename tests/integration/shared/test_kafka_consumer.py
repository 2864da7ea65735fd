"""The consumer loop on a real broker: order, poison, passing faults, repeats, and what `stuck` says."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer

from shared.adapters.clock import system_clock
from shared.adapters.consumer_loop import ConsumerLoop, Received, TooMuchPoisonError
from shared.adapters.kafka import ConsumerSettings, create_topics, started_producer
from shared.adapters.retrying import RetryPolicy
from shared.contracts.topics import Topic
from shared.contracts.wire import WireModel
from shared.kernel.errors import InvalidMessageError


class _AwayError(Exception):
    """A fault that passes."""


@dataclass
class _Handler:
    handled: list[str] = field(default_factory=list)
    parked: list[tuple[str, str]] = field(default_factory=list)
    faults_left: int = 0

    def decode(self, message: Received) -> str:
        text = message.value.decode()
        if text.startswith("undecodable"):
            raise InvalidMessageError("undecodable")
        return text

    async def handle(self, batch: Sequence[str]) -> None:
        if self.faults_left:
            self.faults_left -= 1
            raise _AwayError
        if any(text.startswith("unacceptable") for text in batch):
            raise InvalidMessageError("unacceptable")
        self.handled.extend(batch)

    async def park(self, message: Received, reason: str) -> None:
        self.parked.append((message.value.decode(), reason))


@dataclass
class _Observer:
    lags: dict[int, int] = field(default_factory=dict)

    def received(self, count: int) -> None: ...

    def processed(self, count: int, seconds: float) -> None: ...

    def parked(self, topic: str) -> None: ...

    def lag(self, topic: str, partition: int, messages: int) -> None:
        self.lags[partition] = messages


@pytest.fixture
async def topic(kafka_bootstrap: str) -> str:
    topic = Topic(name=f"loop-{uuid4().hex}", event=WireModel, event_type="t", key="k", partitions=1)
    await create_topics(kafka_bootstrap, [topic], prefix="test.")
    await create_topics(kafka_bootstrap, [topic], prefix="test.")
    return topic.full_name("test.")


@pytest.fixture
async def producer(kafka_bootstrap: str) -> AsyncIterator[AIOKafkaProducer]:
    async with started_producer(kafka_bootstrap) as producer:
        yield producer


def _loop(bootstrap: str, topic: str, handler: _Handler, observer: _Observer | None = None) -> ConsumerLoop[str]:
    settings = ConsumerSettings(
        bootstrap_servers=bootstrap,
        group_id=topic,
        topics=(topic,),
        retry=RetryPolicy(first=timedelta(milliseconds=10)),
        lag_interval=timedelta(milliseconds=50),
    )
    return ConsumerLoop(
        settings,
        handler,
        observer=observer or _Observer(),
        clock=system_clock,
        is_passing=lambda error: isinstance(error, _AwayError),
    )


async def _consume_until(loop: ConsumerLoop[str], done: Callable[[], bool]) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(loop.run(stop))
    async with asyncio.timeout(20):
        while not done() and not running.done():
            await asyncio.wait([running], timeout=0.02)
    stop.set()
    await running


async def _send(producer: AIOKafkaProducer, topic: str, *texts: str) -> None:
    for text in texts:
        await producer.send_and_wait(topic, text.encode())


async def test_poison_is_parked_and_the_partition_goes_on(
    kafka_bootstrap: str, topic: str, producer: AIOKafkaProducer
) -> None:
    handler = _Handler()
    await _send(producer, topic, "a", "undecodable 1", "b", "unacceptable 2", "c")
    await _consume_until(_loop(kafka_bootstrap, topic, handler), lambda: len(handler.handled) == 3)
    assert handler.handled == ["a", "b", "c"]
    assert sorted(handler.parked) == [("unacceptable 2", "unacceptable"), ("undecodable 1", "undecodable")]


async def test_a_passing_fault_is_tried_again_and_nothing_is_lost(
    kafka_bootstrap: str, topic: str, producer: AIOKafkaProducer
) -> None:
    handler = _Handler(faults_left=3)
    await _send(producer, topic, "a", "b")
    await _consume_until(_loop(kafka_bootstrap, topic, handler), lambda: len(handler.handled) == 2)
    assert handler.handled == ["a", "b"]
    assert handler.parked == []


async def test_a_new_consumer_goes_on_where_the_last_committed(
    kafka_bootstrap: str, topic: str, producer: AIOKafkaProducer
) -> None:
    first, second = _Handler(), _Handler()
    await _send(producer, topic, "a")
    await _consume_until(_loop(kafka_bootstrap, topic, first), lambda: first.handled == ["a"])
    await _send(producer, topic, "b")
    await _consume_until(_loop(kafka_bootstrap, topic, second), lambda: second.handled == ["b"])
    assert second.handled == ["b"]


async def test_a_bug_ends_the_loop_and_the_message_comes_again(
    kafka_bootstrap: str, topic: str, producer: AIOKafkaProducer
) -> None:
    class Buggy(_Handler):
        async def handle(self, batch: Sequence[str]) -> None:
            raise ZeroDivisionError

    await _send(producer, topic, "a")
    with pytest.raises(ZeroDivisionError):
        await _loop(kafka_bootstrap, topic, Buggy()).run(asyncio.Event())
    handler = _Handler()
    await _consume_until(_loop(kafka_bootstrap, topic, handler), lambda: handler.handled == ["a"])
    assert handler.handled == ["a"]


async def test_mostly_poison_stops_the_consumer(kafka_bootstrap: str, topic: str, producer: AIOKafkaProducer) -> None:
    await _send(producer, topic, *(f"undecodable {n}" for n in range(120)))
    with pytest.raises(TooMuchPoisonError):
        await _loop(kafka_bootstrap, topic, _Handler()).run(asyncio.Event())


async def test_lag_is_observed(kafka_bootstrap: str, topic: str, producer: AIOKafkaProducer) -> None:
    handler, observer = _Handler(), _Observer()
    await _send(producer, topic, "a", "b")
    await _consume_until(_loop(kafka_bootstrap, topic, handler, observer), lambda: observer.lags == {0: 0})
    assert observer.lags == {0: 0}


async def test_a_frozen_loop_is_stuck(kafka_bootstrap: str, topic: str, producer: AIOKafkaProducer) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    released = asyncio.Event()

    class Frozen(_Handler):
        async def handle(self, batch: Sequence[str]) -> None:
            self.handled.extend(batch)
            await released.wait()

    handler = Frozen()
    settings = ConsumerSettings(bootstrap_servers=kafka_bootstrap, group_id=topic, topics=(topic,))
    loop = ConsumerLoop(settings, handler, observer=_Observer(), clock=lambda: now, is_passing=lambda _: False)
    assert loop.stuck() is None
    stop = asyncio.Event()
    await _send(producer, topic, "a")
    running = asyncio.create_task(loop.run(stop))
    async with asyncio.timeout(20):
        while not handler.handled:
            await asyncio.wait([running], timeout=0.02)
    assert loop.stuck() is None
    now += timedelta(seconds=61)
    assert "has not turned for 61 s" in str(loop.stuck())
    released.set()
    stop.set()
    await running
