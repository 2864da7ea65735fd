"""What any `AcceptanceStore` with its `PublishQueue` must do; run by the fakes and by PostgreSQL."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import pytest

from services.ingest.application.accept_submission import (
    Accepted,
    Checked,
    Outcome,
    Rejected,
    Replayed,
    accept_submission,
)
from services.ingest.application.ports import (
    AcceptanceStore,
    PendingSubmission,
    Progress,
    PublishableRow,
    PublishQueue,
)
from services.ingest.domain.errors import IdempotencyKeyReusedError, SubmissionInProgressError
from services.ingest.domain.feeds import FeedName
from services.ingest.domain.submission import Receipt
from tests.contracts.ingest_submissions import T0, claim, command, firm, intake, rating


@dataclass(frozen=True, slots=True)
class Parts:
    """A store, and the publisher's queue over the same tables."""

    store: AcceptanceStore
    queue: PublishQueue


class AcceptanceContract(ABC):
    @abstractmethod
    def parts(self) -> Any:
        """A fixture: fresh Parts that know the key `key_1`."""

    @pytest.fixture
    def push(self, parts: Parts) -> Any:
        needs = intake(parts.store)

        async def push(rows: list[Any], **changes: Any) -> Outcome:
            return await accept_submission(command(rows, **changes), needs)

        return push

    async def test_new_rows_are_accepted_and_wait_to_be_published(self, parts: Parts, push: Any) -> None:
        receipt = _receipt(await push([firm(1), firm(2)]))
        assert (receipt.received, receipt.accepted, receipt.unchanged, receipt.removed) == (2, 2, 0, 0)
        [(submission, rows)] = await waiting(parts.queue)
        assert (submission.submission_id, submission.sequence, submission.row_events) == ("sub_1", 1, 2)
        assert [row.row for row in rows] == [1, 2]
        assert rows[0].content is not None
        assert orjson.loads(rows[0].content)["revenue_ytd_yuan"] == 12_345_000

    async def test_rows_with_known_values_are_unchanged_however_written(self, parts: Parts, push: Any) -> None:
        await push([firm(1)])
        receipt = _receipt(await push([firm(1, revenue_ytd="1234.50", exited_on=""), firm(2)]))
        assert (receipt.accepted, receipt.unchanged, receipt.restated) == (1, 1, 0)
        assert [row.row for row in (await waiting(parts.queue))[1][1]] == [2]

    async def test_changed_value_without_reason_is_refused_and_writes_nothing(self, parts: Parts, push: Any) -> None:
        await push([firm(1), firm(2)])
        refused = await push([firm(1), firm(2, revenue_ytd="9")])
        assert isinstance(refused, Rejected)
        assert [(one.row, one.code) for one in refused.errors.listed] == [(2, "restatement.reason_missing")]
        assert len(await waiting(parts.queue)) == 1

    async def test_changed_value_with_reason_is_a_restatement(self, push: Any) -> None:
        await push([firm(1), firm(2)])
        receipt = _receipt(
            await push([firm(1), firm(2, revenue_ytd="9")], reason="revision", reference="示例〔2024〕1号")
        )
        assert (receipt.accepted, receipt.unchanged, receipt.restated) == (1, 1, 1)

    async def test_same_cell_of_another_period_is_new(self, push: Any) -> None:
        await push([firm(1)])
        assert _receipt(await push([firm(1, revenue_ytd="9")], period="2024-05")).restated == 0

    async def test_replacement_removes_missing_rows_with_a_reason(self, parts: Parts, push: Any) -> None:
        await push([firm(1), firm(2), firm(3)])
        refused = await push([firm(1)], action="replace")
        assert isinstance(refused, Rejected)
        assert [(one.row, one.value) for one in refused.errors.listed] == [
            (None, firm(2)["uscc"]),
            (None, firm(3)["uscc"]),
        ]
        receipt = _receipt(await push([firm(1)], action="replace", reason="error"))
        assert (receipt.accepted, receipt.unchanged, receipt.removed) == (0, 1, 2)
        rows = (await waiting(parts.queue))[1][1]
        assert [(row.row, row.cell, row.content) for row in rows] == [
            (2, firm(2)["uscc"], None),
            (3, firm(3)["uscc"], None),
        ]

    async def test_replacement_reaches_no_further_than_its_area(self, push: Any) -> None:
        await push([firm(1), firm(2, area="321311")])
        receipt = _receipt(await push([firm(3)], action="replace", area="321302", reason="error"))
        assert (receipt.accepted, receipt.removed) == (1, 1)

    async def test_row_that_left_comes_back_as_new(self, push: Any) -> None:
        await push([firm(1), firm(2)])
        await push([firm(1)], action="replace", reason="error")
        receipt = _receipt(await push([firm(2)]))
        assert (receipt.accepted, receipt.restated) == (1, 0)

    async def test_replacement_leaves_other_cities_and_sources_alone(self, push: Any) -> None:
        from tests.contracts.ingest_submissions import sender

        await push([firm(1)])
        other = sender(source="other-bureau")
        assert _receipt(await push([firm(2)], action="replace", sender=other)).removed == 0

    async def test_later_stage_of_a_rating_is_no_restatement(self, push: Any) -> None:
        feed = FeedName.RATINGS
        await push([rating(1)], feed=feed)
        receipt = _receipt(await push([rating(1, stage="final")], feed=feed))
        assert (receipt.accepted, receipt.restated) == (1, 0)
        assert isinstance(await push([rating(1)], feed=feed), Rejected)

    async def test_empty_submission_is_accepted_as_a_report_of_nothing(self, parts: Parts, push: Any) -> None:
        assert _receipt(await push([])).received == 0
        assert (await waiting(parts.queue))[0][0].row_events == 0

    async def test_one_bad_row_and_nothing_is_taken(self, parts: Parts, push: Any) -> None:
        refused = await push([firm(1), firm(2, uscc="x"), firm(3, area="320602")])
        assert isinstance(refused, Rejected)
        assert [(one.row, one.code) for one in refused.errors.listed] == [(2, "uscc.form"), (3, "area.foreign")]
        assert (refused.received, refused.foreign) == (3, 1)
        assert await waiting(parts.queue) == []

    async def test_dry_run_reports_the_same_and_writes_nothing(self, parts: Parts, push: Any) -> None:
        await push([firm(1), firm(2)])
        rows = [firm(1), firm(2, revenue_ytd="9"), firm(3)]
        checked = await push(rows, reason="error", is_dry_run=True)
        assert isinstance(checked, Checked)
        assert len(await waiting(parts.queue)) == 1
        real = _receipt(await push(rows, reason="error"))
        assert checked.receipt.submission_id is None
        for name in ("received", "accepted", "unchanged", "restated", "removed", "rejected", "warnings"):
            assert getattr(checked.receipt, name) == getattr(real, name)

    async def test_same_idempotency_key_gives_the_stored_answer_and_writes_nothing(
        self, parts: Parts, push: Any
    ) -> None:
        first = _receipt(await push([firm(1)], claim=claim()))
        again = await push([firm(1)], claim=claim())
        assert isinstance(again, Replayed)
        assert again.receipt == first
        assert len(await waiting(parts.queue)) == 1

    async def test_same_idempotency_key_with_another_body_is_refused(self, push: Any) -> None:
        await push([firm(1)], claim=claim())
        with pytest.raises(IdempotencyKeyReusedError):
            await push([firm(1)], claim=claim(fingerprint=b"other"))

    async def test_rejected_submission_leaves_its_idempotency_key_free(self, push: Any) -> None:
        assert isinstance(await push([firm(1, uscc="x")], claim=claim(fingerprint=b"bad")), Rejected)
        assert isinstance(await push([firm(1)], claim=claim(fingerprint=b"good")), Accepted)

    async def test_idempotency_key_in_use_is_refused(self, parts: Parts, push: Any) -> None:
        async with parts.store.begin() as acceptance:
            assert await acceptance.claim(claim()) is None
            with pytest.raises(SubmissionInProgressError):
                await push([firm(1)], claim=claim())
        assert isinstance(await push([firm(1)], claim=claim()), Accepted)

    async def test_progress_is_kept_when_the_round_ends_and_lost_when_it_fails(self, parts: Parts, push: Any) -> None:
        await push([firm(1), firm(2), firm(3)])
        with pytest.raises(RuntimeError):
            await self._advance(parts.queue, fails=True)
        [(submission, rows)] = await waiting(parts.queue)
        assert (submission.published_row, len(rows), submission.authority) == (0, 3, "示例统计局")
        await self._advance(parts.queue, fails=False)
        [(submission, rows)] = await waiting(parts.queue)
        assert (submission.published_row, [row.row for row in rows]) == (2, [3])

    async def _advance(self, queue: PublishQueue, *, fails: bool) -> None:
        async with queue.begin_round() as turn:
            assert turn is not None
            [submission] = await turn.list_pending(10)
            rows = await turn.read_rows(submission, 2)
            await turn.mark([Progress(submission, rows[-1].row, len(rows), is_complete=False)], T0)
            if fails:
                raise RuntimeError("killed")

    async def test_the_oldest_and_the_shortest_wait_first(self, parts: Parts, push: Any) -> None:
        for month, rows in (("03", 3), ("04", 2), ("05", 3), ("06", 1), ("07", 1)):
            await push([firm(serial) for serial in range(1, rows + 1)], period=f"2024-{month}")
        async with parts.queue.begin_round() as turn:
            assert turn is not None
            for limit, wanted in ((1, "1"), (2, "14"), (3, "124"), (4, "1245"), (9, "12345")):
                pending = await turn.list_pending(limit)
                assert [one.submission_id for one in pending] == [f"sub_{number}" for number in wanted]

    async def test_one_round_at_a_time(self, parts: Parts) -> None:
        async with parts.queue.begin_round() as first, parts.queue.begin_round() as second:
            assert first is not None
            assert second is None

    async def test_backlog_counts_events_that_wait(self, parts: Parts, push: Any) -> None:
        await push([firm(1), firm(2)])
        async with parts.queue.begin_round() as turn:
            assert turn is not None
            backlog = await turn.backlog()
        assert (backlog.events, backlog.oldest_at) == (2, T0)


async def waiting(queue: PublishQueue) -> Sequence[tuple[PendingSubmission, Sequence[PublishableRow]]]:
    """Return what waits to be published, with the rows still to send."""
    async with queue.begin_round() as turn:
        assert turn is not None
        return [(one, await turn.read_rows(one, 1000)) for one in await turn.list_pending(100)]


def _receipt(outcome: Outcome) -> Receipt:
    assert isinstance(outcome, Accepted), outcome
    return outcome.receipt
