"""The log is Kafka. Its producer is opened when first needed and again after any error, so ingest runs without it."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import timedelta

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from services.ingest.adapters.event_batches import send_in_batches
from services.ingest.adapters.row_events import closing_event, row_events
from services.ingest.application.ports import PendingSubmission, PublishableRow
from services.ingest.domain.errors import LogUnavailableError
from shared.adapters.kafka import create_topics, started_producer
from shared.adapters.logging import get_logger
from shared.adapters.outbox import OutgoingEvent
from shared.contracts.topics import FEED_TOPICS, SUBMISSIONS

log = get_logger(__name__)
_TOPICS = (*FEED_TOPICS.values(), SUBMISSIONS)
_CLOSE_LIMIT = timedelta(seconds=5)


class KafkaEventLog:
    """Publishes events (an `EventLog`)."""

    def __init__(self, bootstrap_servers: str, *, prefix: str, patience: timedelta = timedelta(seconds=30)) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._prefix = prefix
        self._patience = patience
        self._producer: AIOKafkaProducer | None = None
        self._stack = AsyncExitStack()
        self._problem: str | None = None

    @property
    def problem(self) -> str | None:
        """What was wrong at the last try, None when it went well."""
        return self._problem

    async def publish(self, batches: Sequence[tuple[PendingSubmission, Sequence[PublishableRow], bool]]) -> None:
        """Publish and wait for every acknowledgement; raise LogUnavailableError otherwise."""
        try:
            async with asyncio.timeout(self._patience.total_seconds()):
                producer = self._producer or await self._open()
                await send_in_batches(producer, self._events(batches))
        except (KafkaError, OSError, TimeoutError) as error:
            self._problem = f"Kafka does not acknowledge: {type(error).__name__}"
            await self.close()
            raise LogUnavailableError(self._problem) from error
        self._problem = None

    async def close(self) -> None:
        """Give the producer up; what it still holds is published again from the table."""
        stack, self._stack, self._producer = self._stack, AsyncExitStack(), None
        try:
            async with asyncio.timeout(_CLOSE_LIMIT.total_seconds()):
                await stack.aclose()
        except (KafkaError, OSError, TimeoutError) as error:
            log.warning("producer_not_closed", error=type(error).__name__)

    async def _open(self) -> AIOKafkaProducer:
        await create_topics(self._bootstrap_servers, _TOPICS, prefix=self._prefix)
        self._producer = await self._stack.enter_async_context(started_producer(self._bootstrap_servers))
        return self._producer

    def _events(
        self, batches: Sequence[tuple[PendingSubmission, Sequence[PublishableRow], bool]]
    ) -> list[OutgoingEvent]:
        events: list[OutgoingEvent] = []
        for submission, rows, is_complete in batches:
            events.extend(row_events(submission, rows, prefix=self._prefix))
            if is_complete:
                events.append(closing_event(submission, prefix=self._prefix))
        return events
