"""The fakes keep the contracts of the real adapters."""

from collections import Counter

import pytest

from services.alerts.application.ports import AlertStore
from tests.contracts.alerts_plan_suspensions import PlanSuspensionContract
from tests.contracts.alerts_queue import NoticeQueueContract, Parts
from tests.contracts.alerts_store import AlertStoreContract
from tests.fakes.alerts import InMemoryAlertStore, InMemoryNoticeQueue


class TestInMemoryAlertStore(AlertStoreContract, PlanSuspensionContract):
    @pytest.fixture
    def store(self) -> AlertStore:
        return InMemoryAlertStore()

    async def changes(self, store: AlertStore) -> list[tuple[str, str]]:
        assert isinstance(store, InMemoryAlertStore)
        return [(entry.changed.change, entry.changed.alert.state) for entry in store.held.history]


class TestInMemoryNoticeQueue(NoticeQueueContract):
    @pytest.fixture
    def parts(self) -> Parts:
        store = InMemoryAlertStore()
        return Parts(store, InMemoryNoticeQueue(store))

    async def states(self, parts: Parts) -> dict[str, int]:
        assert isinstance(parts.store, InMemoryAlertStore)
        return dict(Counter(stored.state for stored in parts.store.held.notices.values()))
