"""What every `AlertStore` must do for alerts that their plan suspends: run by the fake's test and by PostgreSQL's."""

from abc import ABC, abstractmethod
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.alerts.application.ports import AlertStore
from services.alerts.application.settle_suspensions import settle_suspensions
from services.alerts.domain.alert import Alert, Change, State, Suspension
from services.alerts.domain.finding import Finding
from services.alerts.domain.notice import Cause
from tests.contracts.alerts_findings import finding_of_runs, planned, run
from tests.contracts.alerts_store import (
    DAY_AFTER,
    LAST_DAY,
    REST,
    T0,
    TELLING,
    changed_alert,
    end_suspensions,
    latest,
    record,
    rest,
    state_it,
)

BY_PLAN = Suspension(approver="示例市人民政府", reason="防汛停工（依据：示例发〔2024〕9号）", until=date(2024, 9, 30))
LATER: dict[str, Any] = {"since": date(2024, 8, 1)}
FIRST_DAY = datetime(2024, 7, 31, 16, tzinfo=UTC)


def suspending(sequence: int = 1, **changes: Any) -> Finding:
    return finding_of_runs(run("2024-06"), sequence=sequence, suspensions=(planned(**changes),))


class PlanSuspensionContract(ABC):
    """Inherit, and return a store that holds nothing."""

    @pytest.fixture
    @abstractmethod
    def store(self) -> AlertStore: ...

    @abstractmethod
    async def changes(self, store: AlertStore) -> list[tuple[str, str]]: ...

    async def _latest(self, store: AlertStore) -> Alert:
        found = await latest(store)
        assert found is not None
        return found

    async def test_what_the_plan_suspends_rests_untold_until_its_last_day_is_over(self, store: AlertStore) -> None:
        await record(store, finding_of_runs(run("2024-06")))
        (suspended,) = await record(store, suspending(2))

        assert suspended.notices == ()
        assert (await self._latest(store)).suspension == BY_PLAN
        assert await end_suspensions(store, LAST_DAY) == 0
        (resumed,) = await settle_suspensions(store=store, telling=TELLING, now=DAY_AFTER)
        assert (resumed.change, await end_suspensions(store, DAY_AFTER)) == (Change.RESUMED, 0)
        assert await self.changes(store) == [
            ("opened", "open"),
            ("updated", "open"),
            ("suspended", "suspended"),
            ("resumed", "open"),
        ]

    async def test_a_suspension_ahead_begins_with_its_first_day(self, store: AlertStore) -> None:
        await record(store, suspending(**LATER))

        assert await end_suspensions(store, FIRST_DAY - timedelta(seconds=1)) == 0
        assert await end_suspensions(store, FIRST_DAY) == 1
        assert (await self._latest(store)).suspension == BY_PLAN
        assert await end_suspensions(store, FIRST_DAY) == 0

    async def test_an_alert_acknowledged_on_the_first_day_before_any_sweep_rests_all_the_same(
        self, store: AlertStore
    ) -> None:
        (recorded,) = await record(store, suspending(**LATER))
        await state_it(store, changed_alert(recorded).alert_id, now=FIRST_DAY + timedelta(hours=1))

        assert await end_suspensions(store, FIRST_DAY + timedelta(hours=2)) == 1
        assert (await self._latest(store)).suspension == BY_PLAN

    async def test_a_suspension_that_no_sweep_saw_is_over_and_nothing_is_due(self, store: AlertStore) -> None:
        await record(store, suspending(**LATER))

        assert await end_suspensions(store, DAY_AFTER) == 0
        assert (await self._latest(store)).state is State.OPEN

    async def test_one_by_people_stands_and_is_followed_by_that_of_the_plan(self, store: AlertStore) -> None:
        (recorded,) = await record(store, suspending(**LATER))
        given = replace(REST, until=date(2024, 8, 31))
        await rest(store, changed_alert(recorded).alert_id, given)

        assert await end_suspensions(store, FIRST_DAY) == 0
        assert (await self._latest(store)).suspension == given
        assert await end_suspensions(store, datetime(2024, 8, 31, 16, tzinfo=UTC)) == 1
        assert (await self._latest(store)).suspension == BY_PLAN

    async def test_what_the_plan_suspends_no_more_is_resumed_and_told(self, store: AlertStore) -> None:
        await record(store, suspending())
        (lifted,) = await record(store, finding_of_runs(run("2024-06"), sequence=2), now=T0 + timedelta(days=1))

        assert [one.change for one in lifted.changes] == [Change.UPDATED, Change.RESUMED]
        assert {one.cause for one in lifted.notices} == {Cause.RESUMED}
        assert (await self._latest(store)).suspension is None
