"""Ticks every city again and again: the day in China comes from here, and only from here."""

import asyncio
from collections.abc import Callable, Collection
from datetime import timedelta

from services.rules.application.ports import Database
from services.rules.application.tick_city import TickCity, tick_city
from shared.adapters.logging import get_logger
from shared.adapters.postgres import is_passing
from shared.adapters.retrying import wait_for_stop
from shared.kernel.china_time import day_in_china
from shared.kernel.clock import Clock

log = get_logger(__name__)


class TickLoop:
    """Runs until told to stop, in every replica. With PostgreSQL away a tick is left out; the next one tells the same."""

    def __init__(
        self,
        database: Database,
        *,
        cities: Collection[str],
        clock: Clock,
        interval: timedelta,
        told: Callable[[], None],
    ) -> None:
        self._database = database
        self._cities = cities
        self._clock = clock
        self._interval = interval
        self._told = told

    async def run(self, stop: asyncio.Event) -> None:
        """Tick until `stop` is set."""
        while not stop.is_set():
            try:
                await self.tick()
            except Exception as error:
                if not is_passing(error):
                    raise
                log.warning("tick_waits", error=type(error).__name__)
            await wait_for_stop(stop, self._interval)

    async def tick(self) -> None:
        """Look at each city in a transaction of its own."""
        for city in self._cities:
            now = self._clock()
            async with self._database.transaction() as stores:
                is_new = await tick_city(stores, TickCity(city=city, day=day_in_china(now)), now=now)
            if is_new:
                log.info("feeds_overdue_changed", city=city)
                self._told()
