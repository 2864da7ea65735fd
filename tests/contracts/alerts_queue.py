"""What any `NoticeQueue` must do; run by the fake and by PostgreSQL."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from services.alerts.application.ports import AlertStore, ClaimedNotice, NoticeQueue
from services.alerts.application.record_findings import Recorded, ReportedFinding, record_findings
from services.alerts.application.tell import Telling
from services.alerts.domain.deadline import ReplyDeadline
from services.alerts.domain.delivery import Failed, RetryAt, Sent
from services.alerts.domain.finding import Finding
from services.alerts.domain.notice import Channel, Endpoint
from tests.contracts.alerts_findings import LEAD, finding
from tests.fakes.alerts import PlainNoticeWriter

T0 = datetime(2024, 7, 25, 2, tzinfo=UTC)
LEASE = timedelta(minutes=1)
AT_ONCE = timedelta(0)
HOOK = Endpoint(Channel.WEBHOOK, "http://units.example/hook")
MAIL = Endpoint(Channel.MAIL, "lead@units.example")
TELLING = Telling(
    lambda _city, unit: (MAIL, HOOK) if unit == LEAD else (),
    PlainNoticeWriter(),
    lambda day: ReplyDeadline(day, provisional=False),
)


@dataclass(frozen=True, slots=True)
class Parts:
    """A store, and the queue over its notices."""

    store: AlertStore
    queue: NoticeQueue

    async def record(self, *findings: Finding) -> Sequence[Recorded]:
        reported = [ReportedFinding(found, "correlation-1") for found in findings]
        return await record_findings(reported, store=self.store, telling=TELLING, now=T0)

    async def claim(
        self, *, channel: Channel = Channel.MAIL, now: datetime = T0, limit: int = 10, lease: timedelta = LEASE
    ) -> Sequence[ClaimedNotice]:
        return await self.queue.claim(channel, limit=limit, now=now, lease=lease)


class NoticeQueueContract(ABC):
    """Inherit, and return parts that hold nothing."""

    @pytest.fixture
    @abstractmethod
    def parts(self) -> Parts: ...

    @abstractmethod
    async def states(self, parts: Parts) -> dict[str, int]:
        """Return the number of notices by state."""

    async def test_unit_without_channel_gets_an_unreachable_notice(self, parts: Parts) -> None:
        await parts.record(finding())

        assert await self.states(parts) == {"queued": 2, "unreachable": 1}

    async def test_a_claimed_notice_is_nobody_elses_until_the_claim_runs_out(self, parts: Parts) -> None:
        await parts.record(finding())

        (first,) = await parts.claim(lease=AT_ONCE)
        (again,) = await parts.claim()
        assert await parts.claim() == []
        assert (first.number, again.number) == (1, 2)
        assert (first.notice_id, first.content, first.created_at) == (again.notice_id, again.content, T0)

    async def test_a_replica_whose_clock_is_ahead_does_not_take_what_another_has(self, parts: Parts) -> None:
        await parts.record(finding())
        await parts.claim()

        assert await parts.claim(now=T0 + 10 * LEASE) == []

    async def test_a_renewed_claim_goes_on(self, parts: Parts) -> None:
        await parts.record(finding())
        (claimed,) = await parts.claim(lease=AT_ONCE)
        await parts.queue.renew(claimed, lease=LEASE)

        assert await parts.claim() == []

    async def test_a_claim_that_another_took_over_is_not_renewed(self, parts: Parts) -> None:
        await parts.record(finding())
        (slow,) = await parts.claim(lease=AT_ONCE)
        await parts.claim(lease=AT_ONCE)
        await parts.queue.renew(slow, lease=LEASE)

        assert len(await parts.claim()) == 1

    async def test_channels_are_served_apart(self, parts: Parts) -> None:
        await parts.record(finding())

        (hook,) = await parts.claim(channel=Channel.WEBHOOK)
        assert (hook.recipient, hook.unit) == (HOOK.recipient, LEAD)

    async def test_no_more_are_claimed_than_asked_for(self, parts: Parts) -> None:
        await parts.record(*(finding(target_id=f"example/t{number}") for number in range(5)))

        assert len(await parts.claim(limit=3)) == 3
        assert len(await parts.claim(limit=3)) == 2

    async def test_a_sent_notice_never_comes_again(self, parts: Parts) -> None:
        await parts.record(finding())
        (claimed,) = await parts.claim()
        await parts.queue.settle(claimed, Sent(), at=T0)

        assert await parts.claim(now=T0 + timedelta(days=30)) == []
        assert (await self.states(parts))["sent"] == 1

    async def test_a_postponed_notice_comes_again_when_it_is_due(self, parts: Parts) -> None:
        await parts.record(finding())
        (claimed,) = await parts.claim()
        due_at = T0 + timedelta(minutes=5)
        await parts.queue.settle(claimed, RetryAt(due_at, "busy"), at=T0)

        assert await parts.claim(now=due_at - timedelta(seconds=1)) == []
        (again,) = await parts.claim(now=due_at)
        assert again.number == 2

    async def test_a_claim_that_ran_out_cannot_fail_the_notice(self, parts: Parts) -> None:
        await parts.record(finding())
        (slow,) = await parts.claim(lease=AT_ONCE)
        (fast,) = await parts.claim()
        await parts.queue.settle(slow, Failed("too late"), at=T0 + LEASE)
        await parts.queue.settle(fast, Sent(), at=T0 + LEASE)

        assert (await self.states(parts)).get("failed") is None

    async def test_acceptance_counts_even_when_the_claim_ran_out(self, parts: Parts) -> None:
        await parts.record(finding())
        (slow,) = await parts.claim(lease=AT_ONCE)
        (fast,) = await parts.claim()
        await parts.queue.settle(slow, Sent(), at=T0 + LEASE)
        await parts.queue.settle(fast, RetryAt(T0 + 2 * LEASE, "busy"), at=T0 + LEASE)

        assert (await self.states(parts))["sent"] == 1

    async def test_later_notices_of_a_thread_wait_for_the_earlier_ones(self, parts: Parts) -> None:
        await parts.record(finding(), finding(sequence=2, severity="red"), finding(sequence=3, state="clear"))

        causes = []
        while claimed := await parts.claim():
            (notice,) = claimed
            causes.append(notice.content.subject.split()[0])
            await parts.queue.settle(notice, Sent(), at=T0)
        assert causes == ["new", "worsened", "closed"]

    async def test_a_gone_endpoint_fails_what_waits_and_is_not_used_again(self, parts: Parts) -> None:
        await parts.record(finding(), finding(sequence=2, severity="red"))
        (claimed,) = await parts.claim(channel=Channel.WEBHOOK)
        await parts.queue.settle(claimed, Failed("HTTP 410", endpoint_gone=True), at=T0)
        recorded = await parts.record(finding(sequence=3, state="clear"))

        assert await parts.claim(channel=Channel.WEBHOOK) == []
        assert (await self.states(parts))["failed"] == 2
        assert HOOK not in {notice.addressee.endpoint for notice in recorded[0].notices}
