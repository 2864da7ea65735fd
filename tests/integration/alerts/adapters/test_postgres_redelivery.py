"""What an operator can do about notices."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from services.alerts.adapters.postgres_alerts import PostgresAlertStore
from services.alerts.adapters.postgres_notices import PostgresNoticeQueue
from services.alerts.adapters.postgres_redelivery import enable_endpoint, list_notices, requeue_failed
from services.alerts.domain.delivery import Failed
from services.alerts.domain.notice import Channel, NoticeState
from shared.adapters.postgres import SessionFactory, connected_engine, session_factory
from tests.contracts.alerts_findings import finding
from tests.contracts.alerts_queue import HOOK, T0, Parts

LATER = datetime(2024, 8, 25, 2, tzinfo=UTC)


@pytest.fixture
async def sessions(database_url: str) -> AsyncIterator[SessionFactory]:
    async with connected_engine(database_url, role="planwatch_alerts") as engine:
        yield session_factory(engine)


async def failed_notices(sessions: SessionFactory) -> Parts:
    """A mail that was rejected, and a webhook that is gone."""
    parts = Parts(PostgresAlertStore(sessions, topic_prefix="test."), PostgresNoticeQueue(sessions))
    await parts.record(finding())
    (mail,) = await parts.claim()
    await parts.queue.settle(mail, Failed("SMTP 550"), at=T0)
    (hook,) = await parts.claim(channel=Channel.WEBHOOK)
    await parts.queue.settle(hook, Failed("HTTP 410", endpoint_gone=True), at=T0)
    return parts


async def test_failed_notices_are_queued_again_but_not_those_of_disabled_endpoints(sessions: SessionFactory) -> None:
    parts = await failed_notices(sessions)
    async with sessions.begin() as session:
        assert await requeue_failed(session, notice_ids=[], now=LATER) == 1

    (mail,) = await parts.claim(now=LATER)
    assert (mail.number, mail.queued_at, mail.created_at) == (1, LATER, T0)
    assert await parts.claim(channel=Channel.WEBHOOK, now=LATER + timedelta(days=1)) == []


async def test_an_enabled_endpoint_is_used_again(sessions: SessionFactory) -> None:
    parts = await failed_notices(sessions)
    async with sessions.begin() as session:
        assert await enable_endpoint(session, HOOK.recipient)
        assert not await enable_endpoint(session, HOOK.recipient)
        assert await requeue_failed(session, notice_ids=[], now=LATER) == 2

    assert len(await parts.claim(channel=Channel.WEBHOOK, now=LATER)) == 1


async def test_notices_are_listed_by_state(sessions: SessionFactory) -> None:
    await failed_notices(sessions)
    async with sessions.begin() as session:
        failed = await list_notices(session, state=NoticeState.FAILED, limit=10)
        everything = await list_notices(session, state=None, limit=10)

    assert sorted((line.channel, line.last_error) for line in failed) == [("mail", "SMTP 550"), ("webhook", "HTTP 410")]
    assert len(everything) == 3
