"""Runs the publisher: at once after a commit, and every half second for what another process left."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta

from services.ingest.adapters.kafka_log import KafkaEventLog
from services.ingest.application.publish_submissions import Publishing, publish_round
from services.ingest.domain.errors import LogUnavailableError, StoreUnavailableError
from shared.adapters.logging import get_logger
from shared.adapters.retrying import wait_for_stop

log = get_logger(__name__)
POLL_INTERVAL = timedelta(milliseconds=500)
RETRY_INTERVAL = timedelta(seconds=1)
STALL_LIMIT = timedelta(seconds=90)


class PublisherLoop:
    """Publishes until told to stop. With Kafka or PostgreSQL away, submissions wait in the tables."""

    def __init__(self, publishing: Publishing, event_log: KafkaEventLog) -> None:
        self._publishing = publishing
        self._event_log = event_log
        self._wake = asyncio.Event()
        self._turned_at: datetime | None = None

    def wake(self) -> None:
        """Publish now: something was just committed."""
        self._wake.set()

    def stuck(self) -> str | None:
        """Liveness: None while the loop turns, even if Kafka is away."""
        if self._turned_at is None:
            return None
        since = self._publishing.clock() - self._turned_at
        return f"the publisher has not turned for {since.total_seconds():.0f} s" if since > STALL_LIMIT else None

    async def run(self, stop: asyncio.Event) -> None:
        """Publish until `stop` is set; the round at hand is finished first."""
        stopping = asyncio.create_task(self._wake_at(stop))
        try:
            while not stop.is_set():
                self._turned_at = self._publishing.clock()
                await self._turn(stop)
        finally:
            stopping.cancel()
            await self._event_log.close()

    async def _turn(self, stop: asyncio.Event) -> None:
        self._wake.clear()
        try:
            is_busy = await publish_round(self._publishing)
        except (LogUnavailableError, StoreUnavailableError) as error:
            log.warning("publishing_waits", reason=str(error))
            await wait_for_stop(stop, RETRY_INTERVAL)
            return
        if not is_busy:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), POLL_INTERVAL.total_seconds())

    async def _wake_at(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self.wake()
