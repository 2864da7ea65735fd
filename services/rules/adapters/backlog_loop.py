"""Keeps the gauges of what waits true: parked messages and submissions of which row events are missing."""

import asyncio
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.rules.adapters.metrics import RulesMetrics
from shared.adapters.logging import get_logger
from shared.adapters.postgres import SessionFactory, is_passing
from shared.adapters.retrying import wait_for_stop
from shared.kernel.clock import Clock

log = get_logger(__name__)
INTERVAL = timedelta(seconds=5)

_PARKED = text("SELECT count(*) FROM rules.parked_messages WHERE resent_at IS NULL")
_INCOMPLETE = text("SELECT count(*) AS n, min(recorded_at) AS oldest FROM rules.submissions WHERE completed_at IS NULL")


class BacklogLoop:
    """Runs until told to stop. With PostgreSQL away the gauges keep their last values; `/readyz` says so."""

    def __init__(self, sessions: SessionFactory, metrics: RulesMetrics, *, clock: Clock) -> None:
        self._sessions = sessions
        self._metrics = metrics
        self._clock = clock

    async def run(self, stop: asyncio.Event) -> None:
        """Observe until `stop` is set."""
        while not stop.is_set():
            try:
                async with self._sessions.begin() as session:
                    await self.observe(session)
            except Exception as error:
                if not is_passing(error):
                    raise
                log.warning("observation_waits", error=type(error).__name__)
            await wait_for_stop(stop, INTERVAL)

    async def observe(self, session: AsyncSession) -> None:
        """Set the gauges from the tables."""
        parked = (await session.execute(_PARKED)).scalar_one()
        count, oldest = (await session.execute(_INCOMPLETE)).one()
        age = (self._clock() - oldest).total_seconds() if oldest is not None else 0.0
        self._metrics.waiting(parked=parked, incomplete=count, oldest_seconds=age)
