"""Deciding about held submissions, with the in-memory stores."""

from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings

from services.ingest.domain.submission import State
from tests.contracts.ingest_holds import HoldContract, HoldParts
from tests.contracts.ingest_interleavings import INTERLEAVINGS, Interleaving, Model, Push, Step
from tests.fakes.ingest import InMemoryAcceptanceStore, InMemoryPublishQueue
from tests.fakes.ingest_holds import InMemoryHoldStore


class TestInMemoryHolds(HoldContract):
    @pytest.fixture
    def parts(self) -> Any:
        store = InMemoryAcceptanceStore()
        return HoldParts(store, InMemoryHoldStore(store.tables), InMemoryPublishQueue(store.tables))


@given(INTERLEAVINGS)
@settings(max_examples=300, deadline=None)
async def test_any_interleaving_ends_as_if_all_in_effect_had_been_taken_in_order(steps: list[Step]) -> None:
    store = InMemoryAcceptanceStore()
    parts = HoldParts(store, InMemoryHoldStore(store.tables), InMemoryPublishQueue(store.tables))
    numbers = count(1)
    await Interleaving(parts, source="example-bureau", new_id=lambda: f"sub_{next(numbers)}").run(steps)


def test_the_model_knows_a_replacement_of_one_area() -> None:
    pushes = (Push({1: "1", 4: "1"}, is_replacement=False), Push({2: "1"}, is_replacement=True, area="321302"))
    model = Model([(push, State.ACCEPTED, "") for push in pushes])
    assert model.known() == {2: "1", 4: "1"}
