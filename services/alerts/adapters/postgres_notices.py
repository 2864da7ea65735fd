"""The queue of notices in PostgreSQL: claimed by lease, so that no transaction is open while a message is sent."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, assert_never

from sqlalchemy import Select, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from services.alerts.adapters.rows import claimed_of
from services.alerts.adapters.tables import DisabledEndpointRow, NoticeRow
from services.alerts.application.ports import ClaimedNotice
from services.alerts.domain.delivery import Failed, NextStep, RetryAt, Sent
from services.alerts.domain.notice import Channel, NoticeState
from shared.adapters.postgres import SessionFactory

_CLOCK = func.clock_timestamp()  # PostgreSQL's: one clock for all replicas


class PostgresNoticeQueue:
    """A `NoticeQueue`; any number of replicas may share it."""

    def __init__(self, sessions: SessionFactory) -> None:
        self._sessions = sessions

    async def claim(self, channel: Channel, *, limit: int, now: datetime, lease: timedelta) -> Sequence[ClaimedNotice]:
        """Claim due notices, the longest due first. A recipient gets the notices of a thread one after the other."""
        async with self._sessions.begin() as session:
            due = (await session.scalars(_due(channel, limit=limit, now=now))).all()
            statement = (
                update(NoticeRow)
                .where(col(NoticeRow.notice_id).in_(due))
                .values(claimed_until=_CLOCK + lease, attempts=col(NoticeRow.attempts) + 1)
                .returning(NoticeRow)
                .execution_options(synchronize_session=False)
            )
            claims = [claimed_of(row) for row in await session.scalars(statement)]
        return sorted(claims, key=lambda claim: (claim.created_at, claim.notice_id))

    async def renew(self, notice: ClaimedNotice, *, lease: timedelta) -> None:
        """Hold the claim on."""
        async with self._sessions.begin() as session:
            await _mark_claimed(session, notice, claimed_until=_CLOCK + lease)

    async def settle(self, notice: ClaimedNotice, step: NextStep, *, at: datetime) -> None:
        """Record the step. That the transport took the message is a fact, also after the claim has run out."""
        async with self._sessions.begin() as session:
            match step:
                case Sent():
                    await _mark_sent(session, notice, at)
                case RetryAt(when, error):
                    await _mark_claimed(session, notice, next_attempt_at=when, last_error=error, claimed_until=None)
                case Failed(error, endpoint_gone):
                    await _mark_claimed(session, notice, **_failed(error))
                    if endpoint_gone:
                        await _disable(session, notice, error, at)
                case unreachable:
                    assert_never(unreachable)


def _due(channel: Channel, *, limit: int, now: datetime) -> Select[str]:
    earlier = aliased(NoticeRow)
    waits_behind = exists().where(
        col(earlier.state) == NoticeState.QUEUED,
        col(earlier.thread) == col(NoticeRow.thread),
        col(earlier.channel) == col(NoticeRow.channel),
        col(earlier.recipient) == col(NoticeRow.recipient),
        col(earlier.unit) == col(NoticeRow.unit),
        col(earlier.alert_event_id) < col(NoticeRow.alert_event_id),
    )
    return (
        select(col(NoticeRow.notice_id))
        .where(
            col(NoticeRow.state) == NoticeState.QUEUED,
            col(NoticeRow.channel) == channel,
            col(NoticeRow.next_attempt_at) <= now,
            or_(col(NoticeRow.claimed_until).is_(None), col(NoticeRow.claimed_until) <= _CLOCK),
            ~waits_behind,
        )
        .order_by(col(NoticeRow.next_attempt_at), col(NoticeRow.notice_id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )


async def _mark_sent(session: AsyncSession, notice: ClaimedNotice, at: datetime) -> None:
    await session.execute(
        update(NoticeRow)
        .where(col(NoticeRow.notice_id) == notice.notice_id, col(NoticeRow.state) != NoticeState.SENT)
        .values(state=NoticeState.SENT, sent_at=at, next_attempt_at=None, claimed_until=None, last_error=None)
    )


async def _mark_claimed(session: AsyncSession, notice: ClaimedNotice, **values: Any) -> None:
    """Change the notice unless its claim ran out and another replica has taken it since."""
    await session.execute(
        update(NoticeRow)
        .where(
            col(NoticeRow.notice_id) == notice.notice_id,
            col(NoticeRow.state) == NoticeState.QUEUED,
            col(NoticeRow.queued_at) == notice.queued_at,
            col(NoticeRow.attempts) == notice.number,
        )
        .values(**values)
    )


def _failed(error: str) -> dict[str, Any]:
    return {"state": NoticeState.FAILED, "last_error": error, "next_attempt_at": None, "claimed_until": None}


async def _disable(session: AsyncSession, notice: ClaimedNotice, reason: str, at: datetime) -> None:
    """Send nothing there any more: what waits for the endpoint fails with it."""
    values = {"channel": notice.channel, "recipient": notice.recipient, "disabled_at": at, "reason": reason}
    await session.execute(insert(DisabledEndpointRow).values(values).on_conflict_do_nothing())
    await session.execute(
        update(NoticeRow)
        .where(
            col(NoticeRow.state) == NoticeState.QUEUED,
            col(NoticeRow.channel) == notice.channel,
            col(NoticeRow.recipient) == notice.recipient,
        )
        .values(**_failed(reason))
    )
