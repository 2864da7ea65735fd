"""What any `AlertStore` must do; run by the fake and by PostgreSQL."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from services.alerts.application.acknowledge_alert import AcknowledgeAlert, acknowledge_alert
from services.alerts.application.ports import AlertStore, HistoryEntry
from services.alerts.application.record_findings import Recorded, ReportedFinding, record_findings
from services.alerts.application.resume_alert import ResumeAlert, resume_alert
from services.alerts.application.settle_suspensions import settle_suspensions
from services.alerts.application.suspend_alert import SuspendAlert, suspend_alert
from services.alerts.application.tell import Telling
from services.alerts.domain.alert import Alert, Change, State, Suspension, Unchanged, Why
from services.alerts.domain.deadline import ReplyDeadline
from services.alerts.domain.errors import AlertClosedError, AlertNotFoundError, AlertWorsenedError
from services.alerts.domain.finding import Finding, Severity
from services.alerts.domain.notice import NO_CHANNEL, Cause, Channel, Endpoint
from services.alerts.domain.reconcile import KeyState, Reconciled, reconcile
from services.alerts.domain.statement import Statement
from services.alerts.domain.transitions import Moment
from tests.contracts.alerts_findings import JOINT, LEAD, finding, finding_of_runs, run
from tests.fakes.alerts import PlainNoticeWriter

T0 = datetime(2024, 7, 25, 2, tzinfo=UTC)
LEAD_MAIL = Endpoint(Channel.MAIL, "lead@units.example")
TELLING = Telling(
    lambda _city, unit: (LEAD_MAIL,) if unit == LEAD else (),
    PlainNoticeWriter(),
    lambda day: ReplyDeadline(day + timedelta(days=7), provisional=False),
)
STATED = Statement(by="示例人员", unit=LEAD, comment="已收到")
REST = Suspension(by="示例人员", unit=LEAD, approver="示例审批人", reason="停产检修", until=date(2024, 9, 30))
LAST_DAY = datetime(2024, 9, 30, 15, 59, tzinfo=UTC)  # 23:59 in China
DAY_AFTER = datetime(2024, 9, 30, 16, 0, tzinfo=UTC)


async def record(store: AlertStore, *findings: Finding, now: datetime = T0) -> Sequence[Recorded]:
    reported = [ReportedFinding(found, "correlation-1") for found in findings]
    return await record_findings(reported, store=store, telling=TELLING, now=now)


async def known(store: AlertStore) -> KeyState:
    async with store.transaction() as transaction:
        key = finding().key
        return (await transaction.lock_keys([key]))[key]


async def latest(store: AlertStore) -> Alert | None:
    return max((await known(store)).episodes, key=lambda alert: alert.episode, default=None)


async def state_it(store: AlertStore, alert_id: str, *, seen: int | None = None, now: datetime = T0) -> Alert:
    command = AcknowledgeAlert(alert_id=alert_id, acknowledgement=STATED, correlation_id="correlation-2", seen=seen)
    return (await acknowledge_alert(command, store=store, now=now)).alert


async def rest(store: AlertStore, alert_id: str, suspension: Suspension = REST) -> Alert:
    command = SuspendAlert(alert_id=alert_id, suspension=suspension, correlation_id="correlation-3")
    return (await suspend_alert(command, store=store, longest=timedelta(days=365), now=T0)).alert


async def end_suspensions(store: AlertStore, now: datetime) -> int:
    return len(await settle_suspensions(store=store, telling=TELLING, now=now))


def changed_alert(recorded: Recorded) -> Alert:
    return recorded.changes[-1].alert


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

        assert state == KeyState()

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
        assert [change for change, _ in await self.changes(store)] == ["opened", "worsened", "made_good", "opened"]

    async def test_a_clear_finding_seen_first_makes_the_older_breach_stale(self, store: AlertStore) -> None:
        await record(store, finding(sequence=2, state="clear"))
        (late,) = await record(store, finding(sequence=1))

        assert late.decision == Unchanged(Why.STALE)
        assert await latest(store) is None

    async def test_a_failing_transaction_leaves_nothing(self, store: AlertStore) -> None:
        decision = reconcile(finding(), KeyState(), at=Moment(T0, T0.date()))
        assert isinstance(decision, Reconciled)
        entries = [HistoryEntry(changed=one, at=T0, correlation_id="correlation-1") for one in decision.changes]
        with pytest.raises(ZeroDivisionError):  # noqa: PT012  (the failure must happen inside the transaction)
            async with store.transaction() as transaction:
                await transaction.lock_keys([finding().key])
                await transaction.record_changes(entries)
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

    async def test_all_episodes_of_a_key_are_known_but_those_retracted(self, store: AlertStore) -> None:
        spring, summer = run("2024-03", "2024-04", "2024-05", worst="red"), run("2024-07", "2024-08", "2024-09")
        await record(store, finding_of_runs(spring, summer))
        await record(store, finding_of_runs(spring, run("2024-11"), sequence=2))

        state = await known(store)
        assert state.ever == 3
        assert sorted((one.episode, one.state, one.run.worst) for one in state.episodes) == [
            (1, State.MADE_GOOD, Severity.RED),
            (3, State.OPEN, Severity.YELLOW),
        ]

    async def test_an_alert_found_later_is_read_back_with_all_that_is_kept_of_it(self, store: AlertStore) -> None:
        await record(store, finding_of_runs(run("2024-03", "2024-04", "2024-05", retroactive=True), run("2024-07")))

        first, second = sorted((await known(store)).episodes, key=lambda alert: alert.episode)
        assert (first.retroactive, first.breached_on, first.due_on) == (True, date(2024, 3, 31), date(2024, 8, 1))
        assert (first.run.since, first.run.until, first.run.ended_by) == ("2024-03", "2024-04", "2024-05")
        assert (second.previous, second.run.assessment is not None) == (first.alert_id, True)

    async def test_the_same_breaches_under_a_higher_sequence_only_move_the_sequence(self, store: AlertStore) -> None:
        runs = (run("2024-03", "2024-04", "2024-05"), run("2024-07", actual=Decimal("21.50")))
        await record(store, finding_of_runs(*runs, stale_since="2024-08"))
        before = await self.changes(store)
        (again,) = await record(store, finding_of_runs(*runs, sequence=2, stale_since="2024-08"))

        assert again.decision == Unchanged(Why.SAME)
        assert await self.changes(store) == before
        assert (await known(store)).sequence == 2

    async def test_everyone_who_was_told_is_found_once_with_the_latest_role(self, store: AlertStore) -> None:
        (recorded,) = await record(store, finding())
        await record(store, finding(sequence=2, severity="red"))
        async with store.transaction() as transaction:
            told = await transaction.find_told(changed_alert(recorded).alert_id)
            nobody = await transaction.find_told("alert_unknown")

        assert sorted((one.unit.name, one.unit.role, one.endpoint.recipient) for one in told) == [
            (JOINT, "joint", NO_CHANNEL.recipient),
            (LEAD, "lead", LEAD_MAIL.recipient),
        ]
        assert list(nobody) == []

    async def test_a_retraction_is_told_once_to_those_who_were_told(self, store: AlertStore) -> None:
        opened, corrected, again = await record(
            store, finding_of_runs(run("2024-07")), finding_of_runs(sequence=2), finding_of_runs(sequence=3)
        )

        assert [one.cause for one in corrected.notices] == [Cause.RETRACTED] * 2
        assert {one.addressee.endpoint for one in corrected.notices} == {LEAD_MAIL, NO_CHANNEL}
        assert {one.addressee.unit.name for one in corrected.notices} == {
            one.addressee.unit.name for one in opened.notices
        }
        assert again.decision == Unchanged(Why.NOT_OPEN)

    async def test_a_suspension_ends_after_its_last_day_in_china_and_is_told(self, store: AlertStore) -> None:
        (recorded,) = await record(store, finding())
        alert_id = changed_alert(recorded).alert_id
        await rest(store, alert_id)

        assert (await known(store)).episodes[0].suspension == REST
        assert await end_suspensions(store, LAST_DAY) == 0
        assert await end_suspensions(store, DAY_AFTER) == 1
        assert await end_suspensions(store, DAY_AFTER) == 0
        found = await latest(store)
        assert found is not None
        assert (found.state, found.suspension) == (State.OPEN, None)
        assert await self.changes(store) == [("opened", "open"), ("suspended", "suspended"), ("resumed", "open")]

    async def test_the_same_suspension_twice_is_one_and_other_values_replace_it(self, store: AlertStore) -> None:
        (recorded,) = await record(store, finding())
        alert_id = changed_alert(recorded).alert_id
        await rest(store, alert_id)
        await rest(store, alert_id)
        longer = await rest(store, alert_id, replace(REST, until=date(2024, 10, 31)))

        assert longer.suspension == replace(REST, until=date(2024, 10, 31))
        assert [change for change, _ in await self.changes(store)] == ["opened", "suspended", "suspended"]

    async def test_acknowledging_a_suspended_alert_keeps_it_suspended(self, store: AlertStore) -> None:
        (recorded,) = await record(store, finding())
        alert_id = changed_alert(recorded).alert_id
        await rest(store, alert_id)
        stated = await state_it(store, alert_id)
        command = ResumeAlert(alert_id=alert_id, statement=STATED, correlation_id="correlation-4")
        resumed = await resume_alert(command, store=store, telling=TELLING, now=T0)
        again = await resume_alert(command, store=store, telling=TELLING, now=T0)

        assert stated.state is State.SUSPENDED
        assert (resumed.alert.state, resumed.change) == (State.ACKNOWLEDGED, Change.RESUMED)
        assert (again.alert.state, again.change) == (State.ACKNOWLEDGED, None)

    async def test_what_becomes_worse_while_it_rests_is_kept_and_not_told(self, store: AlertStore) -> None:
        (recorded,) = await record(store, finding())
        await state_it(store, changed_alert(recorded).alert_id)
        await rest(store, changed_alert(recorded).alert_id)
        worse, recovered = await record(
            store, finding(sequence=2, severity="red"), finding(sequence=3, state="clear", period="2024-08")
        )

        assert ([one.change for one in worse.changes], worse.notices) == ([Change.WORSENED], ())
        assert [one.cause for one in recovered.notices] == [Cause.CLOSED] * 2
