"""What any `AlertStore` must do; run by the fake and by PostgreSQL."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from services.alerts.application.acknowledge_alert import AcknowledgeAlert, acknowledge_alert
from services.alerts.application.ports import AlertStore, HistoryEntry
from services.alerts.application.record_findings import Recorded, ReportedFinding, Telling, record_findings
from services.alerts.domain.acknowledgement import Acknowledgement
from services.alerts.domain.alert import Alert, Change, Changed, State, Unchanged, Why, apply
from services.alerts.domain.errors import AlertClosedError, AlertNotFoundError, AlertWorsenedError
from services.alerts.domain.finding import Finding, Severity
from services.alerts.domain.notice import Channel, Endpoint
from tests.contracts.alerts_findings import LEAD, finding
from tests.fakes.alerts import PlainNoticeWriter

T0 = datetime(2024, 7, 25, 2, tzinfo=UTC)
LEAD_MAIL = Endpoint(Channel.MAIL, "lead@units.example")
TELLING = Telling(lambda _city, unit: (LEAD_MAIL,) if unit == LEAD else (), PlainNoticeWriter())
STATED = Acknowledgement(by="示例人员", unit=LEAD, comment="已收到")


async def record(store: AlertStore, *findings: Finding, now: datetime = T0) -> Sequence[Recorded]:
    reported = [ReportedFinding(found, "correlation-1") for found in findings]
    return await record_findings(reported, store=store, telling=TELLING, now=now)


async def latest(store: AlertStore) -> Alert | None:
    async with store.transaction() as transaction:
        key = finding().key
        return (await transaction.lock_keys([key]))[key].latest


async def state_it(store: AlertStore, alert_id: str, *, seen: int | None = None) -> Alert:
    command = AcknowledgeAlert(alert_id=alert_id, acknowledgement=STATED, correlation_id="correlation-2", seen=seen)
    return await acknowledge_alert(command, store=store, now=T0)


def changed_alert(recorded: Recorded) -> Alert:
    assert isinstance(recorded.decision, Changed)
    return recorded.decision.alert


class AlertStoreContract(ABC):
    """Inherit, and return a store that holds nothing."""

    @pytest.fixture
    @abstractmethod
    def store(self) -> AlertStore: ...

    @abstractmethod
    async def changes(self, store: AlertStore) -> list[tuple[str, str]]:
        """Return change and state of every history entry, in order."""

    async def test_nothing_is_known_at_first(self, store: AlertStore) -> None:
        async with store.transaction() as transaction:
            state = (await transaction.lock_keys([finding().key]))[finding().key]

        assert (state.sequence, state.latest) == (None, None)

    async def test_an_alert_is_read_back_as_it_was_recorded(self, store: AlertStore) -> None:
        (recorded,) = await record(store, finding())

        found = await latest(store)
        assert found is not None
        opened = changed_alert(recorded)
        assert (found.alert_id, found.state, found.opened_at) == (opened.alert_id, State.OPEN, T0)
        assert (found.finding.units, found.finding.period, found.finding.since) == (
            opened.finding.units,
            "2024-06",
            "2024-04",
        )

    async def test_same_finding_twice_is_recorded_once(self, store: AlertStore) -> None:
        await record(store, finding(), finding())
        (again,) = await record(store, finding())

        assert again.decision == Unchanged(Why.STALE)
        assert await self.changes(store) == [("opened", "open")]

    async def test_a_whole_life_in_one_batch_is_the_same_as_one_by_one(self, store: AlertStore) -> None:
        life = [finding(), finding(sequence=2, severity="red"), finding(sequence=3, state="clear")]
        await record(store, *life, finding(sequence=4))

        found = await latest(store)
        assert found is not None
        assert (found.episode, found.state) == (2, State.OPEN)
        assert [change for change, _ in await self.changes(store)] == ["opened", "worsened", "closed", "opened"]

    async def test_a_clear_finding_seen_first_makes_the_older_breach_stale(self, store: AlertStore) -> None:
        await record(store, finding(sequence=2, state="clear"))
        (late,) = await record(store, finding(sequence=1))

        assert late.decision == Unchanged(Why.STALE)
        assert await latest(store) is None

    async def test_a_failing_transaction_leaves_nothing(self, store: AlertStore) -> None:
        decision = apply(finding(), None, last_sequence=None, now=T0)
        assert isinstance(decision, Changed)
        with pytest.raises(ZeroDivisionError):  # noqa: PT012  (the failure must happen inside the transaction)
            async with store.transaction() as transaction:
                await transaction.lock_keys([finding().key])
                await transaction.record_change(HistoryEntry(changed=decision, at=T0, correlation_id="correlation-1"))
                raise ZeroDivisionError

        assert await latest(store) is None
        assert await self.changes(store) == []

    async def test_unknown_alert_is_refused(self, store: AlertStore) -> None:
        with pytest.raises(AlertNotFoundError):
            await state_it(store, "alert_unknown")

    async def test_same_acknowledgement_twice_is_one(self, store: AlertStore) -> None:
        (recorded,) = await record(store, finding())
        alert_id = changed_alert(recorded).alert_id
        first = await state_it(store, alert_id)
        second = await state_it(store, alert_id)

        assert (first.state, first.acknowledged_by, first.acknowledged_at) == (State.ACKNOWLEDGED, STATED.by, T0)
        assert second.acknowledged_by == STATED.by
        assert await self.changes(store) == [("opened", "open"), ("acknowledged", "acknowledged")]

    async def test_worse_needs_a_new_acknowledgement_of_the_same_words(self, store: AlertStore) -> None:
        (recorded,) = await record(store, finding())
        alert_id = changed_alert(recorded).alert_id
        await state_it(store, alert_id)
        await record(store, finding(sequence=2, severity="red"))
        worse = await latest(store)
        again = await state_it(store, alert_id)

        assert worse is not None
        assert (worse.state, worse.severity, worse.acknowledged_by) == (State.OPEN, Severity.RED, None)
        assert again.state is State.ACKNOWLEDGED
        assert [change for change, _ in await self.changes(store)] == [
            Change.OPENED,
            Change.ACKNOWLEDGED,
            Change.WORSENED,
            Change.ACKNOWLEDGED,
        ]

    async def test_what_became_worse_unseen_is_not_acknowledged(self, store: AlertStore) -> None:
        (recorded,) = await record(store, finding())
        alert_id = changed_alert(recorded).alert_id
        async with store.transaction() as transaction:
            seen = await transaction.find_begun(alert_id)
        await record(store, finding(sequence=2, severity="red"))

        with pytest.raises(AlertWorsenedError):
            await state_it(store, alert_id, seen=seen)
        assert [change for change, _ in await self.changes(store)] == [Change.OPENED, Change.WORSENED]

    async def test_what_was_seen_is_acknowledged_also_after_newer_figures(self, store: AlertStore) -> None:
        (recorded,) = await record(store, finding())
        alert_id = changed_alert(recorded).alert_id
        async with store.transaction() as transaction:
            seen = await transaction.find_begun(alert_id)
        await record(store, finding(sequence=2, period="2024-07"))

        assert (await state_it(store, alert_id, seen=seen)).state is State.ACKNOWLEDGED

    async def test_closed_alert_cannot_be_acknowledged(self, store: AlertStore) -> None:
        recorded = await record(store, finding(), finding(sequence=2, state="clear"), now=T0 + timedelta(days=1))

        with pytest.raises(AlertClosedError):
            await state_it(store, changed_alert(recorded[0]).alert_id)
