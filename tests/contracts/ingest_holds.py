"""What any `HoldStore` must do beside its `AcceptanceStore` and `PublishQueue`; run by the fakes and by PostgreSQL."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.ingest.application.accept_submission import (
    Accepted,
    Checked,
    Outcome,
    Rejected,
    Replayed,
    accept_submission,
)
from services.ingest.application.decide_hold import DecideHold, Deciding, decide_hold
from services.ingest.application.ports import (
    AcceptanceStore,
    HoldStore,
    PendingSubmission,
    PublishableRow,
    PublishQueue,
)
from services.ingest.domain.errors import NotHeldError, SubmissionNotFoundError
from services.ingest.domain.feeds import FeedName
from services.ingest.domain.hold_decision import Decision, Verb
from services.ingest.domain.restatement import Hold, HoldLimits
from services.ingest.domain.submission import Receipt, State
from tests.contracts.ingest_acceptance import waiting
from tests.contracts.ingest_submissions import (
    REFERENCE,
    T0,
    claim,
    command,
    figure,
    firm,
    intake,
    project,
    rating,
    recognition,
    sender,
)

LIMITS = HoldLimits(rows_share=Decimal("0.5"), value_share=Decimal("0.5"), min_rows=2)
SECOND = sender(key_id="key_2", source="statistics-office", may_release=True)
RELEASED_AT = T0 + timedelta(days=3)
REVISION = {"reason": "revision"}


@dataclass(frozen=True, slots=True)
class HoldParts:
    """The stores over the same tables."""

    store: AcceptanceStore
    holds: HoldStore
    queue: PublishQueue


@dataclass(frozen=True, slots=True)
class Desk:
    """Pushes as one key, decides as another."""

    parts: HoldParts
    needs: Any

    async def push(self, *rows: Any, **changes: Any) -> Receipt:
        outcome = await self.outcome(*rows, **changes)
        assert isinstance(outcome, Accepted | Replayed), outcome
        return outcome.receipt

    async def outcome(self, *rows: Any, **changes: Any) -> Outcome:
        return await accept_submission(command(list(rows), **changes), self.needs)

    async def decide(self, verb: Verb, submission_id: str, **changes: Any) -> Decision:
        values: dict[str, Any] = {"sender": SECOND, "by": "甲", "comment": "已与来源核对", **changes}
        asked = DecideHold(submission_id=submission_id, verb=verb, **values)
        return await decide_hold(
            asked, Deciding(holds=self.parts.holds, areas=REFERENCE.areas, clock=lambda: RELEASED_AT)
        )

    async def release(self, receipt: Receipt, **changes: Any) -> Decision:
        return await self.decide(Verb.RELEASED, receipt.submission_id or "", **changes)

    async def withdraw(self, receipt: Receipt) -> Decision:
        return await self.decide(Verb.WITHDRAWN, receipt.submission_id or "")

    async def waiting(self) -> dict[str, tuple[PendingSubmission, Sequence[PublishableRow]]]:
        return {one.submission_id: (one, rows) for one, rows in await waiting(self.parts.queue)}

    async def sent(self, submission_id: str) -> list[tuple[int, str, bool]]:
        """Return number, cell and whether it left, of every row a submission sends."""
        _, rows = (await self.waiting())[submission_id]
        return [(row.row, row.cell, row.content is None) for row in rows]


def desk_of(parts: HoldParts, limits: HoldLimits = LIMITS) -> Desk:
    return Desk(parts, intake(parts.store, limits))


def cell(serial: int) -> str:
    return str(firm(serial)["uscc"])


def _grounds(hold: Hold | None) -> list[str]:
    return [str(ground) for ground in hold.grounds] if hold is not None else []


class HoldContract(ABC):
    @abstractmethod
    def parts(self) -> Any:
        """A fixture: fresh HoldParts that know the keys `key_1` and `key_2`."""

    @pytest.fixture
    def desk(self, parts: HoldParts) -> Desk:
        return desk_of(parts)

    @pytest.fixture
    async def held(self, desk: Desk) -> Receipt:
        """Four firms are known; then two of them get another revenue, half of the rows."""
        await desk.push(*(firm(serial) for serial in range(1, 5)))
        return await desk.push(firm(1, revenue_ytd="1235"), firm(2, revenue_ytd="1235"), firm(5), **REVISION)

    async def test_a_large_restatement_is_kept_and_not_published(self, desk: Desk, held: Receipt) -> None:
        assert (held.state, held.accepted, held.restated) == (State.HELD, 3, 2)
        assert held.hold is not None
        assert (held.hold.extent.known_rows, held.hold.extent.changed_rows) == (4, 2)
        assert held.hold.extent.known_value == Decimal(4 * 12_345_000)
        assert held.hold.extent.changed_value == Decimal(2 * 5_000)
        assert _grounds(held.hold) == ["rows"]
        assert set(await desk.waiting()) == {"sub_1"}

    async def test_what_waits_for_a_release_is_counted(self, parts: HoldParts, held: Receipt) -> None:
        async with parts.queue.begin_round() as turn:
            assert turn is not None
            backlog = await turn.backlog()
        assert (backlog.events, backlog.held, backlog.held_since) == (4, 1, T0)

    async def test_a_release_publishes_the_rows_as_known_from_then_on(self, desk: Desk, held: Receipt) -> None:
        decision = await desk.release(held)
        assert (decision.by, decision.comment, decision.key_id) == ("甲", "已与来源核对", "key_2")
        submission, rows = (await desk.waiting())["sub_2"]
        assert (submission.sequence, submission.row_events, submission.recorded_at) == (2, 3, RELEASED_AT)
        assert [(row.row, row.cell) for row in rows] == [(1, cell(1)), (2, cell(2)), (3, cell(5))]
        again = await desk.push(firm(1, revenue_ytd="1235"), firm(5), firm(3))
        assert (again.unchanged, again.accepted) == (3, 0)

    async def test_a_release_again_answers_the_same(self, desk: Desk, held: Receipt) -> None:
        first = await desk.release(held)
        assert await desk.release(held, by="乙", comment="再次") == first
        with pytest.raises(NotHeldError):
            await desk.withdraw(held)

    async def test_withdrawn_it_is_never_published_and_the_same_push_restates_again(
        self, desk: Desk, held: Receipt
    ) -> None:
        first = await desk.withdraw(held)
        assert first.events == 0
        assert await desk.withdraw(held) == first
        with pytest.raises(NotHeldError):
            await desk.release(held)
        again = await desk.push(firm(1, revenue_ytd="1235"), firm(2, revenue_ytd="1235"), firm(5), **REVISION)
        assert (again.state, again.restated, again.unchanged) == (State.HELD, 2, 0)
        assert set(await desk.waiting()) == {"sub_1"}

    async def test_what_is_not_there_or_of_another_city_is_not_found(self, desk: Desk, held: Receipt) -> None:
        with pytest.raises(SubmissionNotFoundError):
            await desk.decide(Verb.RELEASED, "sub_99")
        for foreign in ("320600", "321302"):
            with pytest.raises(SubmissionNotFoundError):
                await desk.release(held, sender=sender(key_id="key_2", city=foreign, may_release=True))

    async def test_what_took_effect_at_once_cannot_be_decided_about(self, desk: Desk, held: Receipt) -> None:
        for verb in Verb:
            with pytest.raises(NotHeldError):
                await desk.decide(verb, "sub_1")

    async def test_a_restatement_below_the_limits_takes_effect(self, desk: Desk) -> None:
        await desk.push(*(firm(serial) for serial in range(1, 5)))
        small = await desk.push(firm(1, revenue_ytd="1235"), **REVISION)
        assert (small.state, small.hold) == (State.ACCEPTED, None)

    async def test_new_rows_and_a_later_stage_are_never_held(self, desk: Desk) -> None:
        await desk.push(firm(1))
        assert (await desk.push(*(firm(serial, revenue_ytd="99999") for serial in range(2, 9)))).hold is None
        ratings = [rating(serial) for serial in range(1, 5)]
        await desk.push(*ratings, feed=FeedName.RATINGS)
        final = [{**row, "stage": "final"} for row in ratings]
        assert (await desk.push(*final, feed=FeedName.RATINGS)).hold is None

    async def test_a_large_restatement_without_reason_is_still_refused(self, desk: Desk) -> None:
        await desk.push(*(firm(serial) for serial in range(1, 5)))
        refused = await desk.outcome(*(firm(serial, revenue_ytd="1") for serial in range(1, 5)))
        assert isinstance(refused, Rejected)

    async def test_dry_run_answers_the_same_report(self, desk: Desk) -> None:
        await desk.push(*(firm(serial) for serial in range(1, 5)))
        rows = [firm(1, revenue_ytd="9"), firm(2, revenue_ytd="9")]
        checked = await desk.outcome(*rows, is_dry_run=True, **REVISION)
        assert isinstance(checked, Checked)
        assert checked.receipt.hold is not None
        assert checked.receipt.hold == (await desk.push(*rows, **REVISION)).hold

    async def test_the_answer_under_an_idempotency_key_stays_as_it_was(self, desk: Desk) -> None:
        await desk.push(*(firm(serial) for serial in range(1, 5)))
        first = await desk.push(firm(1, revenue_ytd="0"), firm(2, revenue_ytd="0"), claim=claim(), **REVISION)
        assert first.state is State.HELD
        await desk.release(first)
        again = await desk.push(firm(1, revenue_ytd="0"), firm(2, revenue_ytd="0"), claim=claim(), **REVISION)
        assert again == first

    @pytest.mark.parametrize(
        ("feed", "before", "after", "value"),
        [
            pytest.param(
                FeedName.ENTERPRISES,
                [firm(1, revenue_ytd="60"), firm(2, revenue_ytd="30"), firm(3, revenue_ytd=None)],
                [firm(1, revenue_ytd="30"), firm(2, revenue_ytd="30"), firm(3, revenue_ytd="15")],
                (900_000, 450_000),
                id="falls and rises add up, an empty amount is zero",
            ),
            pytest.param(
                FeedName.PROJECTS,
                [project(1, planned_total="100"), project(2, planned_total="100")],
                [project(1, planned_total="200"), project(2, planned_total="100")],
                (2_000_000, 1_000_000),
                id="projects by planned total",
            ),
            pytest.param(
                FeedName.INDICATORS,
                [figure(value="100"), figure(indicator="value-added-growth", measure="growth", unit="%", value="-2")],
                [figure(value="101"), figure(indicator="value-added-growth", measure="growth", unit="%", value="-1")],
                (2, 1),
                id="the figure that changes most for its size",
            ),
            pytest.param(
                FeedName.INDICATORS,
                [figure(value="100"), figure(indicator="value-added-growth", measure="growth", unit="%", value="0")],
                [figure(value="1"), figure(indicator="value-added-growth", measure="growth", unit="%", value="0.1")],
                (0, Decimal("0.1")),
                id="a change from zero is larger than any",
            ),
        ],
    )
    async def test_value_is_measured_by_the_feeds_main_amount(
        self, desk: Desk, feed: FeedName, before: list[Any], after: list[Any], value: tuple[Any, Any]
    ) -> None:
        await desk.push(*before, feed=feed)
        held = await desk.push(*after, feed=feed, **REVISION)
        assert held.hold is not None
        assert (held.hold.extent.known_value, held.hold.extent.changed_value) == value
        assert "value" in _grounds(held.hold)

    async def test_one_step_below_the_share_of_value_takes_effect(self, desk: Desk) -> None:
        await desk.push(firm(1, revenue_ytd="60"), firm(2, revenue_ytd="30"))
        assert (await desk.push(firm(1, revenue_ytd="15.0001"), **REVISION)).hold is None

    async def test_rows_that_leave_count_with_all_their_value(self, desk: Desk) -> None:
        await desk.push(firm(1, revenue_ytd="50"), firm(2, revenue_ytd="25"), firm(3, revenue_ytd="25"))
        held = await desk.push(firm(1, revenue_ytd="50"), action="replace", **REVISION)
        assert held.hold is not None
        assert (held.hold.extent.changed_rows, held.hold.extent.changed_value) == (2, Decimal(500_000))
        assert _grounds(held.hold) == ["rows", "value"]
        await desk.release(held)
        assert await desk.sent("sub_2") == [(2, cell(2), True), (3, cell(3), True)]

    async def test_feeds_without_an_amount_are_measured_by_rows(self, desk: Desk) -> None:
        for feed, rows, changed in (
            (FeedName.RATINGS, [rating(1), rating(2), rating(3)], [rating(1, score="1"), rating(2, score="1")]),
            (FeedName.RECOGNITIONS, [recognition(n) for n in (1, 2, 3)], [recognition(n, name="甲") for n in (1, 2)]),
        ):
            await desk.push(*rows, feed=feed)
            held = await desk.push(*changed, feed=feed, **REVISION)
            assert held.hold is not None
            assert (held.hold.extent.changed_rows, held.hold.extent.known_value) == (2, None)

    async def test_a_later_correction_wins_whatever_the_order_of_release(self, desk: Desk, held: Receipt) -> None:
        later = await desk.push(firm(1, revenue_ytd="1236"), **REVISION)
        assert (later.state, later.restated) == (State.ACCEPTED, 1), "compared with what is in effect"
        await desk.release(held)
        assert await desk.sent("sub_2") == [(2, cell(2), False), (3, cell(5), False)]
        assert (await desk.push(firm(1, revenue_ytd="1236"), firm(2, revenue_ytd="1235"))).unchanged == 2

    async def test_an_identical_row_pushed_meanwhile_is_unchanged_and_wins_too(self, desk: Desk, held: Receipt) -> None:
        assert (await desk.push(firm(1), firm(3))).unchanged == 2
        await desk.release(held)
        assert await desk.sent("sub_2") == [(2, cell(2), False), (3, cell(5), False)]
        assert (await desk.push(firm(1))).unchanged == 1

    async def test_of_two_held_the_later_wins_when_released_first(self, desk: Desk, held: Receipt) -> None:
        second = await desk.push(firm(1, revenue_ytd="9"), firm(2), firm(3, revenue_ytd="9"), **REVISION)
        assert second.state is State.HELD
        await desk.release(second)
        await desk.release(held)
        assert await desk.sent("sub_3") == [(1, cell(1), False), (3, cell(3), False)]
        assert await desk.sent("sub_2") == [(3, cell(5), False)]
        assert (await desk.push(firm(1, revenue_ytd="9"), firm(2), firm(5))).unchanged == 3

    async def test_of_two_held_the_later_wins_when_released_last(self, desk: Desk, held: Receipt) -> None:
        second = await desk.push(firm(1, revenue_ytd="9"), firm(2), firm(3, revenue_ytd="9"), **REVISION)
        await desk.release(held)
        await desk.release(second)
        assert await desk.sent("sub_3") == [(1, cell(1), False), (2, cell(2), False), (3, cell(3), False)]
        assert (await desk.push(firm(1, revenue_ytd="9"), firm(2), firm(5))).unchanged == 3

    async def test_a_later_replacement_keeps_out_what_a_release_would_bring(self, desk: Desk, held: Receipt) -> None:
        """Firm 5 is new in the held submission; the replacement after it knows no such firm."""
        await desk.push(*(firm(serial) for serial in range(1, 5)), action="replace")
        decision = await desk.release(held)
        assert (decision.events, await desk.sent("sub_2")) == (0, [])
        assert (await desk.push(firm(5))).accepted == 1

    async def test_a_replacement_of_another_area_does_not(self, desk: Desk, held: Receipt) -> None:
        await desk.push(firm(9, area="321311"), action="replace", area="321311")
        await desk.release(held)
        assert (await desk.push(firm(5))).unchanged == 1

    async def test_a_held_replacement_takes_out_nothing_pushed_after_it(self, desk: Desk) -> None:
        await desk.push(*(firm(serial) for serial in range(1, 5)))
        held = await desk.push(firm(1), action="replace", **REVISION)
        await desk.push(firm(2), firm(6))
        await desk.release(held)
        assert await desk.sent("sub_2") == [(2, cell(3), True), (3, cell(4), True)]
        assert (await desk.push(firm(1), firm(2), firm(6))).unchanged == 3
