"""Keeps the metrics of feed age and lateness fresh."""

import asyncio
from datetime import timedelta

from services.ingest.adapters.metrics import IngestMetrics
from services.ingest.application.observe_feeds import feed_ages
from services.ingest.application.ports import FeedStates
from services.ingest.domain.errors import StoreUnavailableError
from services.ingest.domain.feed_age import DueOn
from shared.adapters.logging import get_logger
from shared.adapters.retrying import wait_for_stop
from shared.kernel.china_time import day_in_china
from shared.kernel.clock import Clock

log = get_logger(__name__)
INTERVAL = timedelta(seconds=15)


class FeedAgeLoop:
    """Looks every fifteen seconds."""

    def __init__(self, states: FeedStates, metrics: IngestMetrics, *, clock: Clock, due_on: DueOn) -> None:
        self._states = states
        self._metrics = metrics
        self._clock = clock
        self._due_on = due_on

    async def run(self, stop: asyncio.Event) -> None:
        """Look until `stop` is set; with PostgreSQL away the last figures stay."""
        while not stop.is_set():
            try:
                await self.observe()
            except StoreUnavailableError as error:
                log.warning("feed_ages_unknown", reason=str(error))
            await wait_for_stop(stop, INTERVAL)

    async def observe(self) -> None:
        """Look once."""
        today = day_in_china(self._clock())
        self._metrics.aged(await feed_ages(self._states, today=today, due_on=self._due_on))
