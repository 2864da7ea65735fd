"""Ends and begins suspensions as days pass in China: a sweep that any replica may run, with nothing kept in memory."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from services.alerts.domain.alert import Change, Changed
from shared.adapters.logging import get_logger
from shared.adapters.postgres import is_passing
from shared.adapters.retrying import wait_for_stop
from shared.kernel.clock import Clock

log = get_logger(__name__)
SWEEP_INTERVAL = timedelta(seconds=15)


class SuspensionLoop:
    """Runs until told to stop. What a replica that died did not commit, the next sweep does."""

    def __init__(
        self,
        settle: Callable[[datetime], Awaitable[Sequence[Changed]]],
        *,
        clock: Clock,
        committed: Callable[[], None],
        changed: Callable[[Change], None],
        interval: timedelta = SWEEP_INTERVAL,
    ) -> None:
        self._settle = settle
        self._clock = clock
        self._committed = committed
        self._changed = changed
        self._interval = interval

    async def run(self, stop: asyncio.Event) -> None:
        """Sweep until `stop` is set; as long as a sweep finds some, the next follows at once."""
        while not stop.is_set():
            if not await self._sweep():
                await wait_for_stop(stop, self._interval)

    async def _sweep(self) -> bool:
        try:
            settled = await self._settle(self._clock())
        except Exception as error:
            if not is_passing(error):
                raise
            log.warning("suspensions_wait", error=type(error).__name__)
            return False
        for changed in settled:
            log.info("alert_changed", alert_id=changed.alert.alert_id, change=changed.change, state=changed.alert.state)
            self._changed(changed.change)
        if settled:
            self._committed()
        return bool(settled)
