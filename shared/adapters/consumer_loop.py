"""The consumer loop every service uses: poll, decode, handle, commit, park, shut down; written and tested once.

The handler commits its database transaction before the offsets are committed. What can never be processed is parked;
what may succeed later is tried again with backoff; anything else is a bug and ends the process with the offset
uncommitted.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, NamedTuple, Protocol, TypeVar

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from shared.adapters.kafka import ConsumerSettings, started_consumer
from shared.adapters.logging import get_logger
from shared.adapters.retrying import wait_for_stop
from shared.kernel.clock import Clock
from shared.kernel.errors import InvalidMessageError, PlanwatchError

log = get_logger(__name__)
Decoded = TypeVar("Decoded")


class TooMuchPoisonError(PlanwatchError):
    """Most of the latest messages cannot be processed: the fault is here or at the writer, so consuming stops."""


class Received(NamedTuple):
    """One message as it lay on the log."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes
    headers: tuple[tuple[str, bytes], ...]


class BatchHandler(Protocol[Decoded]):
    """What a service does with its messages. All three are idempotent: a batch may come again."""

    def decode(self, message: Received) -> Decoded:
        """Return the message in the service's words; raise InvalidMessageError when that is impossible."""
        ...

    async def handle(self, batch: Sequence[Decoded]) -> None:
        """Process and commit. Raise InvalidMessageError when a message of the batch can never be processed."""
        ...

    async def park(self, message: Received, reason: str) -> None:
        """Keep the message with its reason, committed."""
        ...


class ConsumerObserver(Protocol):
    """Told what happens, for metrics."""

    def received(self, count: int) -> None:
        """`count` messages were polled."""
        ...

    def processed(self, count: int, seconds: float) -> None:
        """A batch of `count` was handled and committed in `seconds`."""
        ...

    def parked(self, topic: str) -> None:
        """One message was parked."""
        ...

    def lag(self, topic: str, partition: int, messages: int) -> None:
        """So many messages of the partition are not yet processed."""
        ...


@dataclass(slots=True, kw_only=True)
class PoisonLimit:
    """Stops consuming when more than `share` of the last `window` messages were poison (arroyo's DlqLimit)."""

    window: int = 100
    share: float = 0.5
    _latest: deque[bool] = field(init=False)
    _poisoned: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._latest = deque([False] * self.window)

    def record(self, *, poison: bool) -> None:
        """Count one message; raise TooMuchPoisonError past the limit."""
        self._latest.append(poison)
        self._poisoned += poison - self._latest.popleft()
        if self._poisoned > self.share * self.window:
            raise TooMuchPoisonError(f"{self._poisoned} of the last {self.window} messages could not be processed")


@dataclass(frozen=True, slots=True)
class _Batch(Generic[Decoded]):
    messages: list[Received]
    decoded: list[tuple[Received, Decoded]]
    poison: list[tuple[Received, str]]


class ConsumerLoop(Generic[Decoded]):
    """Reads topics for one consumer group until told to stop."""

    def __init__(
        self,
        settings: ConsumerSettings,
        handler: BatchHandler[Decoded],
        *,
        observer: ConsumerObserver,
        clock: Clock,
        is_passing: Callable[[BaseException], bool],
    ) -> None:
        self._settings = settings
        self._handler = handler
        self._observer = observer
        self._clock = clock
        self._is_passing = is_passing
        self._poison = PoisonLimit()
        self._positions: dict[TopicPartition, int] = {}
        self._last_progress_at: datetime | None = None
        self._caught_up_at: datetime | None = None
        self._lag_observed_at: datetime | None = None

    def stuck(self) -> str | None:
        """Liveness: None while the loop turns and messages on the log are processed, else how long not (O5)."""
        now = self._clock()
        for since, problem in (
            (self._last_progress_at, "has not turned"),
            (self._caught_up_at, "leaves messages unread"),
        ):
            if since is not None and now - since > self._settings.stall_limit:
                return f"consumer {self._settings.group_id} {problem} for {(now - since).total_seconds():.0f} s"
        return None

    async def run(self, stop: asyncio.Event) -> None:
        """Consume until `stop` is set; what was polled is finished and committed first.

        While one batch is handled the next is polled and decoded: the database and this process work side by side.
        """
        async with started_consumer(self._settings) as consumer:
            self._turned(processed=True)
            log.info("consumer_started", group_id=self._settings.group_id, topics=self._settings.topics)
            handling: asyncio.Task[None] | None = None
            try:
                while not stop.is_set():
                    batch = self._decode(await self._poll(consumer))
                    if handling is not None:
                        await handling
                    handling = asyncio.create_task(self._process(consumer, batch, stop))
            finally:
                if handling is not None:
                    await asyncio.wait([handling])
            if handling is not None:
                await handling
            log.info("consumer_stopped", group_id=self._settings.group_id)

    async def _poll(self, consumer: AIOKafkaConsumer) -> list[Received]:
        records = await consumer.getmany(
            timeout_ms=int(self._settings.poll_timeout.total_seconds() * 1000), max_records=self._settings.batch_size
        )
        batch = [_received(record) for partition in records.values() for record in partition]
        if batch:
            self._observer.received(len(batch))
        return batch

    def _decode(self, messages: list[Received]) -> "_Batch[Decoded]":
        batch: _Batch[Decoded] = _Batch(messages, [], [])
        for message in messages:
            try:
                batch.decoded.append((message, self._handler.decode(message)))
            except InvalidMessageError as error:
                batch.poison.append((message, error.reason))
        return batch

    async def _process(self, consumer: AIOKafkaConsumer, batch: "_Batch[Decoded]", stop: asyncio.Event) -> None:
        if batch.messages:
            started_at = self._clock()
            for message, reason in batch.poison:
                await self._park(message, reason, stop)
            await self._handle(batch.decoded, stop)
            await self._commit(consumer, batch.messages)
            self._observer.processed(len(batch.messages), (self._clock() - started_at).total_seconds())
        await self._observe_lag(consumer)
        self._turned(processed=bool(batch.messages))

    async def _handle(self, decoded: Sequence[tuple[Received, Decoded]], stop: asyncio.Event) -> None:
        """Handle a batch; when a message in it is poison, halve until it stands alone, and park that one."""
        if not decoded:
            return
        try:
            await self._with_retry(lambda: self._handler.handle([item for _, item in decoded]), stop)
            for _ in decoded:
                self._poison.record(poison=False)
        except InvalidMessageError as error:
            if len(decoded) == 1:
                await self._park(decoded[0][0], error.reason, stop)
                return
            middle = len(decoded) // 2
            await self._handle(decoded[:middle], stop)
            await self._handle(decoded[middle:], stop)

    async def _park(self, message: Received, reason: str, stop: asyncio.Event) -> None:
        await self._with_retry(lambda: self._handler.park(message, reason), stop)
        self._observer.parked(message.topic)
        log.error(
            "message_parked", topic=message.topic, partition=message.partition, offset=message.offset, reason=reason
        )
        self._poison.record(poison=True)

    async def _with_retry(self, work: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
        attempt = 0
        while True:
            attempt += 1
            try:
                await work()
            except Exception as error:
                delay = self._settings.retry.delay(attempt) if self._is_passing(error) else None
                if delay is None or stop.is_set():
                    raise
                log.warning(
                    "passing_fault", error=type(error).__name__, attempt=attempt, delay_seconds=delay.total_seconds()
                )
                self._turned(processed=True)
                await wait_for_stop(stop, delay)
            else:
                return

    async def _commit(self, consumer: AIOKafkaConsumer, batch: Sequence[Received]) -> None:
        positions = {TopicPartition(message.topic, message.partition): message.offset + 1 for message in batch}
        owned = consumer.assignment()
        owned_positions = {partition: position for partition, position in positions.items() if partition in owned}
        self._positions = {partition: at for partition, at in self._positions.items() if partition in owned}
        self._positions.update(owned_positions)
        try:
            await consumer.commit(owned_positions)
        except KafkaError as error:
            log.warning("offsets_not_committed", error=type(error).__name__, consequence="the messages may come again")

    async def _observe_lag(self, consumer: AIOKafkaConsumer) -> None:
        """Compare the log's end with what was processed, at most every `lag_interval`.

        Asking the broker, not the fetcher, also shows a client that has silently stopped fetching (aiokafka #1154).
        """
        now = self._clock()
        if self._lag_observed_at is not None and now - self._lag_observed_at < self._settings.lag_interval:
            return
        self._lag_observed_at = now
        try:
            ends = await consumer.end_offsets(list(consumer.assignment()))
        except KafkaError as error:
            log.warning("lag_unknown", error=type(error).__name__)
            return
        behind = 0
        for partition, end in ends.items():
            position = self._positions.get(partition)
            if position is None:
                position = await consumer.position(partition)
            lag = max(0, end - position)
            self._observer.lag(partition.topic, partition.partition, lag)
            behind += lag
        if behind == 0 or self._caught_up_at is None:
            self._caught_up_at = now

    def _turned(self, *, processed: bool) -> None:
        self._last_progress_at = self._clock()
        if processed:
            self._caught_up_at = self._last_progress_at


def _received(record: ConsumerRecord[bytes, bytes]) -> Received:
    return Received(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        key=record.key,
        value=record.value or b"",
        headers=tuple(record.headers),
    )
