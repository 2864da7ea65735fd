"""Deciding about held submissions, with the in-memory stores."""

from typing import Any

import pytest

from tests.contracts.ingest_holds import HoldContract, HoldParts
from tests.fakes.ingest import InMemoryAcceptanceStore, InMemoryPublishQueue
from tests.fakes.ingest_holds import InMemoryHoldStore


class TestInMemoryHolds(HoldContract):
    @pytest.fixture
    def parts(self) -> Any:
        store = InMemoryAcceptanceStore()
        return HoldParts(store, InMemoryHoldStore(store.tables), InMemoryPublishQueue(store.tables))
