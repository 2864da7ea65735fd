"""The loop claims, sends several at a time, and never marks before acceptance."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from services.alerts.adapters.delivery_loop import DeliveryLoop, DeliverySettings
from services.alerts.application.deliver_notice import Delivered
from services.alerts.application.ports import ClaimedNotice
from services.alerts.domain.delivery import Accepted, RetryPolicy, Unavailable
from services.alerts.domain.notice import Channel, NoticeState
from tests.contracts.alerts_findings import finding
from tests.contracts.alerts_queue import Parts
from tests.fakes.alerts import InMemoryAlertStore, InMemoryNoticeQueue, ScriptedTransport

T0 = datetime(2024, 7, 25, 2, tzinfo=UTC)
SETTINGS = DeliverySettings(
    channel=Channel.MAIL,
    concurrency=3,
    policy=RetryPolicy(),
    sweep=timedelta(milliseconds=5),
)


class Observed:
    """A `DeliveryObserver` that stops the loop after so many tries."""

    def __init__(self, stop: asyncio.Event, *, after: int) -> None:
        self.tries: list[Delivered] = []
        self._stop = stop
        self._after = after

    def tried(self, channel: Channel, delivered: Delivered) -> None:
        self.tries.append(delivered)
        if len(self.tries) == self._after:
            self._stop.set()


async def run(store: InMemoryAlertStore, transport: ScriptedTransport, *, tries: int) -> Observed:
    stop = asyncio.Event()
    observed = Observed(stop, after=tries)
    queue = InMemoryNoticeQueue(store)
    loop = DeliveryLoop(SETTINGS, queue, transport, observer=observed, clock=lambda: T0 + timedelta(seconds=1))
    await asyncio.wait_for(loop.run(stop), 5)
    return observed


async def with_notices(count: int) -> InMemoryAlertStore:
    store = InMemoryAlertStore()
    parts = Parts(store, InMemoryNoticeQueue(store))
    await parts.record(*(finding(target_id=f"example/t{number}") for number in range(count)))
    return store


def mails(store: InMemoryAlertStore, state: NoticeState) -> int:
    held = store.held.notices.values()
    return sum(s.state is state and s.notice.addressee.endpoint.channel is Channel.MAIL for s in held)


async def test_every_due_notice_is_sent_and_marked_only_after_acceptance() -> None:
    store = await with_notices(7)
    marked_before_answer: list[bool] = []

    def look(notice: ClaimedNotice) -> None:
        marked_before_answer.append(store.held.notices[notice.notice_id].state is NoticeState.SENT)

    await run(store, ScriptedTransport([Accepted()], before_answer=look), tries=7)

    assert mails(store, NoticeState.SENT) == 7
    assert marked_before_answer == [False] * 7


async def test_a_notice_that_is_not_taken_waits_and_is_not_lost() -> None:
    store = await with_notices(1)
    transport = ScriptedTransport([Unavailable("busy"), Accepted()])
    await run(store, transport, tries=1)

    assert (len(transport.sent), mails(store, NoticeState.QUEUED)) == (1, 1)


async def test_the_claim_is_renewed_while_a_slow_receiver_works() -> None:
    store = await with_notices(1)
    queue = InMemoryNoticeQueue(store)
    stop = asyncio.Event()

    class SlowTransport:
        async def send(self, _notice: ClaimedNotice) -> Accepted:
            while queue.renewals < 2:  # noqa: ASYNC110  (the fake queue has no event for it)
                await asyncio.sleep(0)
            return Accepted()

    settings = replace(SETTINGS, lease=timedelta(milliseconds=3))
    observed = Observed(stop, after=1)
    loop = DeliveryLoop(settings, queue, SlowTransport(), observer=observed, clock=lambda: T0 + timedelta(seconds=1))
    await asyncio.wait_for(loop.run(stop), 5)

    assert (mails(store, NoticeState.SENT), queue.renewals) == (1, 2)
