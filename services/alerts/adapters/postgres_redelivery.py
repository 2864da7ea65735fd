"""What an operator does about notices: list them, queue failed ones again, enable an endpoint again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.alerts.adapters.tables import DisabledEndpointRow, NoticeRow
from services.alerts.domain.notice import NoticeState


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLine:
    """One notice, for lists."""

    notice_id: str
    state: str
    channel: str
    unit: str
    recipient: str
    cause: str
    subject: str
    created_at: datetime
    attempts: int
    last_error: str | None


async def list_notices(session: AsyncSession, *, state: NoticeState | None, limit: int) -> list[NoticeLine]:
    """Return notices, the newest first, at most `limit`."""
    statement = select(NoticeRow).order_by(col(NoticeRow.created_at).desc(), col(NoticeRow.notice_id)).limit(limit)
    if state is not None:
        statement = statement.where(col(NoticeRow.state) == state)
    return [
        NoticeLine(
            notice_id=row.notice_id,
            state=row.state,
            channel=row.channel,
            unit=row.unit,
            recipient=row.recipient,
            cause=row.cause,
            subject=row.subject,
            created_at=row.created_at,
            attempts=row.attempts,
            last_error=row.last_error,
        )
        for row in await session.scalars(statement)
    ]


async def requeue_failed(session: AsyncSession, *, notice_ids: Sequence[str], now: datetime) -> int:
    """Queue failed notices again (all, or those named), with their words unchanged; return how many.

    The tries and the days until giving up count anew. Notices for disabled endpoints stay failed.
    """
    disabled = exists().where(
        col(DisabledEndpointRow.channel) == col(NoticeRow.channel),
        col(DisabledEndpointRow.recipient) == col(NoticeRow.recipient),
    )
    statement = (
        update(NoticeRow)
        .where(col(NoticeRow.state) == NoticeState.FAILED, ~disabled)
        .values(state=NoticeState.QUEUED, queued_at=now, next_attempt_at=now, attempts=0, claimed_until=None)
        .returning(col(NoticeRow.notice_id))
        .execution_options(synchronize_session=False)
    )
    if notice_ids:
        statement = statement.where(col(NoticeRow.notice_id).in_(notice_ids))
    return len((await session.scalars(statement)).all())


async def enable_endpoint(session: AsyncSession, recipient: str) -> bool:
    """Use an endpoint again that had answered 410 Gone; return whether it was disabled."""
    statement = (
        delete(DisabledEndpointRow)
        .where(col(DisabledEndpointRow.recipient) == recipient)
        .returning(col(DisabledEndpointRow.recipient))
    )
    return (await session.scalars(statement)).first() is not None
