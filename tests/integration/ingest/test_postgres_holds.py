"""The contract of holding on PostgreSQL, and what only PostgreSQL can show."""

import asyncio
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from services.ingest.adapters.postgres_acceptance import PostgresAcceptanceStore
from services.ingest.adapters.postgres_holds import PostgresHoldStore
from services.ingest.adapters.postgres_keys import PostgresKeyStore
from services.ingest.adapters.postgres_publishing import PostgresPublishQueue
from services.ingest.application.manage_keys import secret_hash
from services.ingest.domain.hold_decision import Verb
from services.ingest.domain.submission import State
from shared.adapters.postgres import SessionFactory
from tests.contracts.ingest_holds import REVISION, SECOND, Desk, HoldContract, HoldParts, desk_of
from tests.contracts.ingest_interleavings import INTERLEAVINGS, Interleaving, Step
from tests.contracts.ingest_submissions import T0, firm


@pytest.fixture
async def hold_parts(sessions: SessionFactory) -> HoldParts:
    await PostgresKeyStore(sessions).add(SECOND, secret_hash("pwk_second"))
    return HoldParts(
        PostgresAcceptanceStore(sessions, lambda: T0), PostgresHoldStore(sessions), PostgresPublishQueue(sessions)
    )


class TestPostgresHolds(HoldContract):
    @pytest.fixture
    def parts(self, hold_parts: HoldParts) -> Any:
        return hold_parts


_SOURCES = count(1)
_IDS = count(1)


@given(INTERLEAVINGS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_interleaving_ends_as_if_all_in_effect_had_been_taken_in_order(
    hold_parts: HoldParts, steps: list[Step]
) -> None:
    """Each example has a source of its own, and so its own series in the one database."""
    await Interleaving(hold_parts, source=f"source-{next(_SOURCES)}", new_id=lambda: f"sub_{next(_IDS)}").run(steps)


async def _desk_with_a_held_submission(parts: HoldParts) -> Desk:
    desk = desk_of(parts)
    await desk.push(*(firm(serial) for serial in range(1, 9)))
    held = await desk.push(*(firm(serial, revenue_ytd="9") for serial in range(1, 9)), **REVISION)
    assert held.state is State.HELD
    return desk


async def test_a_release_and_a_push_at_once_end_the_same_whichever_is_first(hold_parts: HoldParts) -> None:
    """The lock of the series lets one go first; the later submission wins either way."""
    desk = await _desk_with_a_held_submission(hold_parts)
    pushes = [desk.push(firm(serial, revenue_ytd="7"), **REVISION) for serial in (1, 2, 3)]
    held = (await desk.waiting())["sub_1"][0]
    assert held.submission_id == "sub_1"
    await asyncio.gather(*pushes, desk.decide(Verb.RELEASED, "sub_2"))
    known = [firm(serial, revenue_ytd="7" if serial < 4 else "9") for serial in range(1, 9)]
    assert (await desk.push(*known, action="replace")).unchanged == 8


async def test_released_many_times_at_once_it_is_released_once(hold_parts: HoldParts) -> None:
    desk = await _desk_with_a_held_submission(hold_parts)
    decisions = await asyncio.gather(*(desk.decide(Verb.RELEASED, "sub_2", by=f"甲{number}") for number in range(4)))
    assert len({decision.by for decision in decisions}) == 1
    assert len(await desk.sent("sub_2")) == 8


async def test_release_and_withdrawal_at_once_leave_one_decision(hold_parts: HoldParts) -> None:
    desk = await _desk_with_a_held_submission(hold_parts)
    verbs = (Verb.RELEASED, Verb.WITHDRAWN)
    answers = await asyncio.gather(*(desk.decide(verb, "sub_2") for verb in verbs), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["Decision", "NotHeldError"]


async def test_a_release_that_dies_before_its_commit_changes_nothing(hold_parts: HoldParts) -> None:
    desk = await _desk_with_a_held_submission(hold_parts)
    with pytest.raises(RuntimeError):
        await _release_that_dies(hold_parts)
    assert set(await desk.waiting()) == {"sub_1"}
    assert (await desk.push(firm(1))).unchanged == 1
    assert (await desk.decide(Verb.RELEASED, "sub_2")).events == 7


async def _release_that_dies(parts: HoldParts) -> None:
    async with parts.holds.begin() as turn:
        submission = await turn.find("sub_2", city="321300")
        assert submission is not None
        await turn.apply(submission, replaces=None, spoken_of=lambda _area: False)
        raise RuntimeError("killed")


async def test_a_large_series_is_measured_within_seconds(hold_parts: HoldParts) -> None:
    """Without statistics every known row would be compared with every row."""
    desk = desk_of(hold_parts)
    await desk.push(*(firm(serial) for serial in range(1, 12_001)))
    async with asyncio.timeout(15):
        held = await desk.push(*(firm(serial, revenue_ytd="9") for serial in range(1, 12_001)), **REVISION)
        assert held.hold is not None
        await desk.release(held)
    assert (held.hold.extent.changed_rows, held.hold.extent.known_rows) == (12_000, 12_000)
