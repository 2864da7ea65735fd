"""Delivers due notices of one channel: claims them, sends several at a time, records what came of it."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from services.alerts.application.deliver_notice import Delivered, deliver_notice
from services.alerts.application.ports import ClaimedNotice, NoticeQueue, Transport
from services.alerts.domain.delivery import NextStep, RetryPolicy
from services.alerts.domain.notice import Channel
from shared.adapters.logging import get_logger
from shared.adapters.postgres import is_passing
from shared.kernel.clock import Clock

log = get_logger(__name__)
_AGAIN = timedelta(seconds=1)


class DeliveryObserver(Protocol):
    """Told what happens, for metrics."""

    def tried(self, channel: Channel, delivered: Delivered) -> None:
        """One try was made and recorded."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverySettings:
    """How one channel is served. A claim is renewed while its try lasts, and free `lease` after its process died."""

    channel: Channel
    concurrency: int
    policy: RetryPolicy
    lease: timedelta = timedelta(seconds=30)
    sweep: timedelta = timedelta(seconds=1)
    stall_limit: timedelta = timedelta(seconds=60)


class DeliveryLoop:
    """Runs until told to stop; any number of replicas may run."""

    def __init__(
        self,
        settings: DeliverySettings,
        queue: NoticeQueue,
        transport: Transport,
        *,
        observer: DeliveryObserver,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._queue = queue
        self._transport = transport
        self._observer = observer
        self._clock = clock
        self._wake = asyncio.Event()
        self._in_flight = 0
        self._turned_at: datetime | None = None

    @property
    def channel(self) -> Channel:
        """The channel it serves."""
        return self._settings.channel

    def wake(self) -> None:
        """Look for due notices now: some were just committed."""
        self._wake.set()

    def stuck(self) -> str | None:
        """Liveness: None while the loop turns, else how long it has not."""
        now = self._clock()
        if self._turned_at is None or now - self._turned_at <= self._settings.stall_limit:
            return None
        seconds = (now - self._turned_at).total_seconds()
        return f"delivery by {self._settings.channel} has not turned for {seconds:.0f} s"

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until `stop` is set; tries that have begun are finished first."""
        async with asyncio.TaskGroup() as tries:
            while not stop.is_set():
                claimed = await self._claim()
                for notice in claimed:
                    self._in_flight += 1
                    tries.create_task(self._deliver(notice))
                self._turned_at = self._clock()
                if not claimed:
                    await self._idle()

    async def _claim(self) -> list[ClaimedNotice]:
        free = self._settings.concurrency - self._in_flight
        if free <= 0:
            return []
        settings = self._settings
        try:
            claim = self._queue.claim(settings.channel, limit=free, now=self._clock(), lease=settings.lease)
            return list(await claim)
        except Exception as error:
            if not is_passing(error):
                raise
            log.warning("delivery_waits", channel=self._settings.channel, error=type(error).__name__)
            return []

    async def _idle(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), self._settings.sweep.total_seconds())
        self._wake.clear()

    async def _deliver(self, notice: ClaimedNotice) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                keeper = group.create_task(self._keep(notice))
                delivered = await deliver_notice(
                    notice,
                    transport=self._transport,
                    settle=self._settle,
                    policy=self._settings.policy,
                    clock=self._clock,
                )
                keeper.cancel()
        finally:
            self._in_flight -= 1
            self._wake.set()
        self._observer.tried(self._settings.channel, delivered)
        log.info(
            "notice_tried",
            notice_id=notice.notice_id,
            channel=notice.channel,
            number=notice.number,
            outcome=type(delivered.outcome).__name__.lower(),
            step=type(delivered.step).__name__.lower(),
            correlation_id=notice.correlation_id,
        )

    async def _keep(self, notice: ClaimedNotice) -> None:
        """Renew the claim as long as the try lasts: a slow receiver is no reason for another replica to send too."""
        while True:
            await asyncio.sleep(self._settings.lease.total_seconds() / 3)
            try:
                await self._queue.renew(notice, lease=self._settings.lease)
            except Exception as error:
                if not is_passing(error):
                    raise
                log.warning("claim_not_renewed", notice_id=notice.notice_id, error=type(error).__name__)

    async def _settle(self, notice: ClaimedNotice, step: NextStep) -> None:
        """Record the step; with the database away, keep trying as long as a claim lasts, so that nothing is sent twice."""
        until = self._clock() + self._settings.lease
        while True:
            try:
                await self._queue.settle(notice, step, at=self._clock())
            except Exception as error:
                if not is_passing(error):
                    raise
                if self._clock() >= until:
                    log.warning("notice_not_settled", notice_id=notice.notice_id, error=type(error).__name__)
                    return
                await asyncio.sleep(_AGAIN.total_seconds())
            else:
                return
