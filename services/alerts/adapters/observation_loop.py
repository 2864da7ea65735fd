"""Keeps the gauges true: counts what is open, queued and parked, probes the mail server, and finds units out of reach."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.alerts.adapters.metrics import AlertMetrics
from services.alerts.domain.notice import Channel
from shared.adapters.logging import get_logger
from shared.adapters.postgres import SessionFactory, is_passing
from shared.adapters.retrying import wait_for_stop
from shared.kernel.china_time import day_in_china
from shared.kernel.clock import Clock

log = get_logger(__name__)
COUNT_INTERVAL = timedelta(seconds=5)
PROBE_INTERVAL = timedelta(seconds=30)

_OPEN = text(
    "SELECT severity, count(*) AS n, count(stale_since) AS stale, count(*) FILTER (WHERE state = 'suspended') AS suspended"
    " FROM alerts.alerts WHERE state IN ('open', 'acknowledged', 'suspended') GROUP BY severity"
)
_NOTICES = text("SELECT state, channel, count(*) AS n FROM alerts.notices GROUP BY state, channel")
_OLDEST = text("SELECT min(queued_at) FROM alerts.notices WHERE state = 'queued'")
_PARKED = text("SELECT count(*) FROM alerts.parked_messages WHERE resent_at IS NULL")
_DISABLED = text("SELECT count(*) FROM alerts.disabled_endpoints")


class ObservationLoop:
    """Runs until told to stop. With PostgreSQL away the gauges keep their last values; `/readyz` says so."""

    def __init__(
        self,
        sessions: SessionFactory,
        metrics: AlertMetrics,
        *,
        probe_mail: Callable[[], Awaitable[str | None]],
        count_unreached: Callable[[date], int],
        clock: Clock,
    ) -> None:
        self._sessions = sessions
        self._metrics = metrics
        self._probe_mail = probe_mail
        self._clock = clock
        self._count_unreached = count_unreached
        self._probed_at: datetime | None = None
        self._reach_checked_on: date | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Observe until `stop` is set."""
        while not stop.is_set():
            await self._count()
            await self._probe()
            self._check_reach()
            await wait_for_stop(stop, COUNT_INTERVAL)

    async def _count(self) -> None:
        try:
            async with self._sessions.begin() as session:
                await observe(session, self._metrics, now=self._clock())
        except Exception as error:
            if not is_passing(error):
                raise
            log.warning("observation_waits", error=type(error).__name__)

    async def _probe(self) -> None:
        now = self._clock()
        if self._probed_at is not None and now - self._probed_at < PROBE_INTERVAL:
            return
        self._probed_at = now
        problem = await self._probe_mail()
        self._metrics.degraded(Channel.MAIL, degraded=problem is not None)
        if problem is not None:
            log.warning("mail_server_unavailable", problem=problem)

    def _check_reach(self) -> None:
        """Once a day: units end, and their successors answer from the next day on."""
        today = day_in_china(self._clock())
        if today != self._reach_checked_on:
            self._reach_checked_on = today
            self._metrics.counted_unreached(self._count_unreached(today))


async def observe(session: AsyncSession, metrics: AlertMetrics, *, now: datetime) -> None:
    """Set the gauges from the tables."""
    rows = (await session.execute(_OPEN)).all()
    metrics.counted_open({row.severity: row.n for row in rows})
    metrics.counted_resting(stale=sum(row.stale for row in rows), suspended=sum(row.suspended for row in rows))
    notices = {(row.state, row.channel): row.n for row in await session.execute(_NOTICES)}
    oldest = (await session.execute(_OLDEST)).scalar()
    metrics.counted_notices(notices, oldest_seconds=(now - oldest).total_seconds() if oldest else 0.0)
    metrics.counted_troubles(
        parked=(await session.execute(_PARKED)).scalar_one(), disabled=(await session.execute(_DISABLED)).scalar_one()
    )
