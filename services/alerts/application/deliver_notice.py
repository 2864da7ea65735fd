"""Use case: one try to deliver one claimed notice."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from services.alerts.application.ports import ClaimedNotice, Transport
from services.alerts.domain.delivery import NextStep, Outcome, RetryPolicy, Try, next_step
from shared.kernel.clock import Clock


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a try came to."""

    outcome: Outcome
    step: NextStep


async def deliver_notice(
    notice: ClaimedNotice,
    *,
    transport: Transport,
    settle: Callable[[ClaimedNotice, NextStep], Awaitable[None]],
    policy: RetryPolicy,
    clock: Clock,
) -> Delivered:
    """Send outside any transaction, then record: a notice is marked sent only after the transport took it."""
    outcome = await transport.send(notice)
    attempt = Try(notice_id=notice.notice_id, number=notice.number, queued_at=notice.queued_at)
    step = next_step(outcome, attempt, now=clock(), policy=policy)
    await settle(notice, step)
    return Delivered(outcome, step)
