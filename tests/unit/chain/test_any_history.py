"""Q2, Q4: whatever is submitted, corrected, repeated, delayed and lost on the way, at every instant rules had judged what a
model that forgets nothing says was known then, and the alerts that stand are the breaches of the model.

More of it, by hand: `pytest tests/unit/chain/test_any_history.py --hypothesis-profile=deep`.
"""

from collections.abc import Coroutine
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any, TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.alerts.application.acknowledge_alert import AcknowledgeAlert, acknowledge_alert
from services.alerts.domain.alert import Alert
from services.alerts.domain.alert import State as AlertState
from services.alerts.domain.statement import Statement
from services.rules.application.catalogue import Catalogue
from services.rules.application.receive_batch import receive_batch
from services.rules.domain.alerting import Alerting
from services.rules.domain.feed import Feed
from services.rules.domain.pace import Integer, Linear
from services.rules.domain.quantity import CountRegister, ReportedFigure
from services.rules.domain.verdict import Verdict
from tests.contracts.rules_revisions import growth
from tests.contracts.rules_rows import (
    T0,
    YI,
    MakeRow,
    Push,
    firm,
    gone_firm,
    gone_project,
    project,
    push,
)
from tests.contracts.rules_sources import BUREAU, PRESS, RANKS
from tests.contracts.rules_targets import lights, target
from tests.fakes.chain import Chain, Event, command_of, events_of
from tests.unit.chain.remembering import PERIODS, Breach, Cell, Figure, Firm, Judged, Memory, Project, Remembered

T = TypeVar("T")
PUBLISHED = ReportedFigure("growth", ("ytd",))
PATIENT = lights(alerting=Alerting(hold=2, recover=Decimal(-10)))
CATALOGUE = Catalogue(
    (
        target("8", derivation=PUBLISHED, unit="%", pace=Linear(), identifier="figure"),
        target("8", derivation=PUBLISHED, unit="%", pace=Linear(), identifier="patient", grading=PATIENT),
        target("6", pace=Integer(), identifier="whole"),
        target("6", pace=Linear(), identifier="linear"),
        target("6", pace=Linear(), derivation=CountRegister(), unit="户", identifier="register"),
    ),
    (),
)
AUTHORITY = {"bureau": BUREAU, "press": PRESS}
APRIL, MAY, LEFT = date(2024, 4, 1), date(2024, 5, 31), date(2024, 3, 31)
CELLS: dict[str, tuple[Cell, ...]] = {
    "indicators": tuple(
        Figure(Fraction(value), is_final) for value in ("-1", "1", "2", "3", "4", "9") for is_final in (True, False)
    ),
    "projects": (Project(date(2024, 2, 1)), Project(APRIL), Project(MAY), Project(None)),
    "enterprises": (Firm(True), Firm(True, LEFT), Firm(False)),
}
KEYS = {"indicators": ("it",), "projects": ("a", "b", "c"), "enterprises": ("a", "b", "c")}


def row_of(key: str, cell: Cell | None, one: Remembered) -> MakeRow:
    """Write a cell of the model as the row that ingest would publish."""
    match cell:
        case Figure(value=value, is_final=is_final):
            status = "final" if is_final else "provisional"
            return growth(one.period, str(value), status=status, authority=AUTHORITY[one.source])
        case Project(counts_from=day):
            return project(key, planned_total_yuan=(9 if day is None else 12) * YI, started_on=day)
        case Firm(above_scale=above_scale, exited_on=exited_on):
            return firm(key, above_scale=above_scale, exited_on=exited_on)
    gone = {"projects": gone_project(key), "enterprises": gone_firm(key)}
    return gone.get(one.feed, growth(one.period, None))


@st.composite
def submitted(draw: st.DrawFn) -> tuple[str, dict[str, Cell]]:
    """Draw a feed and rows of it."""
    feed = draw(st.sampled_from(sorted(CELLS)))
    rows = st.dictionaries(st.sampled_from(KEYS[feed]), st.sampled_from(CELLS[feed]), max_size=3)
    return feed, draw(rows)


@cache
def _loaded() -> Chain:
    return finished(Chain.loaded(CATALOGUE, ranks=RANKS))


class _Crash(Exception):  # noqa: N818  it plays a process that ends
    """Ends a transaction before it commits."""


class AnyHistory(RuleBasedStateMachine):
    """Plays ingest, the log, processes that die and people, over both services in memory."""

    def __init__(self) -> None:
        super().__init__()
        self.memory = Memory()
        self.chain = _loaded().fork()
        self.now = T0
        self.known: dict[tuple[str, str, str], dict[str, Cell]] = {}
        self.waiting: list[tuple[Remembered, Event]] = []
        self.arrived: list[Event] = []
        self.missing: dict[int, int] = {}
        self.told: set[int] = set()
        self.settled: list[datetime] = []

    # ---- what is submitted ------------------------------------------------------------------------------------------

    @initialize(figures=st.lists(st.sampled_from(CELLS["indicators"]), min_size=4, max_size=4))
    def begin(self, figures: list[Cell]) -> None:
        for period, cell in zip(PERIODS, figures, strict=False):
            self._submit(Remembered(len(self.memory.submissions) + 1, "bureau", "indicators", period, {"it": cell}))
        self._receive(len(self.waiting))

    @rule(
        what=submitted(),
        period=st.sampled_from(sorted(PERIODS)),
        source=st.sampled_from(["bureau", "press"]),
        replaces=st.booleans(),
        at_once=st.booleans(),
    )
    def submit(
        self, what: tuple[str, dict[str, Cell]], period: str, source: str, *, replaces: bool, at_once: bool
    ) -> None:
        feed, rows = what
        known = self.known.setdefault((source, feed, period), {})
        changed: dict[str, Cell | None] = {key: cell for key, cell in rows.items() if known.get(key) != cell}
        if replaces:
            changed |= {key: None for key in known if key not in rows}
        restates = any(key in known for key in changed)
        one = Remembered(len(self.memory.submissions) + 1, source, feed, period, changed)
        self._submit(one, action="replace" if replaces else "merge", reason="revision" if restates else None)
        if at_once:
            self._receive(len(self.waiting))

    def _submit(self, one: Remembered, *, action: str = "merge", reason: str | None = None) -> None:
        """Accept a submission as ingest does: what it says is known, and waits to be published."""
        self.memory.submissions.append(one)
        known = self.known.setdefault((one.source, one.feed, one.period), {})
        for key, cell in one.rows.items():
            if cell is None:
                del known[key]
            else:
                known[key] = cell
        sent = _published(one, action=action, reason=reason)
        self.waiting += [(one, event) for event in events_of([sent])]
        self.missing[one.sequence] = len(one.rows) + 1

    # ---- what arrives -----------------------------------------------------------------------------------------------

    @precondition(lambda self: self.waiting)
    @rule(dice=st.randoms(use_true_random=False), count=st.integers(1, 6))
    def arrive_in_any_order(self, dice: Any, count: int) -> None:
        dice.shuffle(self.waiting)
        self._receive(count)

    @precondition(lambda self: self.arrived)
    @rule(dice=st.randoms(use_true_random=False))
    def arrive_again(self, dice: Any) -> None:
        written = len(self.chain.rules.state.verdicts)
        finished(self.chain.receive(dice.choices(self.arrived, k=3), now=self._tick()))
        assert len(self.chain.rules.state.verdicts) == written

    @precondition(lambda self: self.waiting)
    @rule()
    def die_before_the_commit(self) -> None:
        before = self.chain.rules.state
        try:
            finished(self._dying([event for _, event in self.waiting]))
        except _Crash:
            assert self.chain.rules.state is before

    async def _dying(self, events: list[Event]) -> None:
        async with self.chain.rules.transaction() as stores:
            await receive_batch(stores, command_of(events), now=self._tick())
            raise _Crash

    def _receive(self, count: int) -> None:
        batch, self.waiting = self.waiting[:count], self.waiting[count:]
        finished(self.chain.receive([event for _, event in batch], now=self._tick()))
        for one, event in batch:
            self.arrived.append(event)
            self.missing[one.sequence] -= 1
            if self.missing[one.sequence] == 0:
                one.known_at = self.now

    # ---- what is told, and what people do ---------------------------------------------------------------------------

    @precondition(lambda self: self.chain.rules.state.findings)
    @rule(dice=st.randoms(use_true_random=False), count=st.integers(1, 4))
    def tell_late_and_twice(self, dice: Any, count: int) -> None:
        findings = self.chain.rules.state.findings
        numbers = [dice.randrange(len(findings)) for _ in range(count)]
        finished(self.chain.deliver([findings[number] for number in numbers], now=self._tick()))
        self.told |= set(numbers)

    @precondition(lambda self: any(alert.is_active for alert in self.chain.alerts.held.alerts.values()))
    @rule(number=st.integers(0, 5))
    def acknowledge(self, number: int) -> None:
        active = [alert.alert_id for alert in self.chain.alerts.held.alerts.values() if alert.is_active]
        statement = Statement(by="示例人员", unit="市商务局", comment="已收到")
        command = AcknowledgeAlert(
            alert_id=active[number % len(active)], acknowledgement=statement, correlation_id="people"
        )
        finished(acknowledge_alert(command, store=self.chain.alerts, now=self._tick()))

    @rule()
    def settle(self) -> None:
        """Let everything arrive: now the alerts that stand are the breaches."""
        self._receive(len(self.waiting))
        findings = self.chain.rules.state.findings
        late = [finding for number, finding in enumerate(findings) if number not in self.told]
        finished(self.chain.deliver(late, now=self._tick()))
        self.told = set(range(len(findings)))
        self.settled.append(self.now)
        assert self._standing(self.now) == self.memory.breaches(self.now)

    # ---- what must hold ---------------------------------------------------------------------------------------------

    @invariant()
    def verdicts_are_what_the_model_says(self) -> None:
        assert self._judged(self.now) == self.memory.judged(self.now)

    def teardown(self) -> None:
        """At every instant that has passed, what was known then is still told as it was."""
        self.settle()
        instants = {one.known_at for one in self.memory.submissions if one.known_at is not None}
        for at in sorted(instants):
            for moment in (at - timedelta(microseconds=1), at):
                assert self._judged(moment) == self.memory.judged(moment), moment
        for at in self.settled:
            assert self._standing(at) == self.memory.breaches(at), at

    def _judged(self, at: datetime) -> Judged:
        state = self.chain.rules.state
        held: dict[tuple[str, str], Verdict] = {}
        for written_at, verdict in zip(state.written, state.verdicts, strict=True):
            if written_at <= at:
                held[_name(verdict.target.id), str(verdict.period)] = verdict
        return {
            key: (str(one.status), None if one.actual is None else Fraction(one.actual)) for key, one in held.items()
        }

    def _standing(self, at: datetime) -> set[Breach]:
        held: dict[str, Alert] = {}
        for entry in self.chain.alerts.held.history:
            if entry.at <= at:
                held[entry.changed.alert.alert_id] = entry.changed.alert
        standing = [
            (_name(one.key.target_id), one.run.since, one.run.until, str(one.run.worst), one.is_active)
            for one in held.values()
            if one.state is not AlertState.RETRACTED
        ]
        assert len(standing) == len(set(standing))
        return set(standing)

    def _tick(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


def finished(step: Coroutine[Any, Any, T]) -> T:
    """Run what waits for nothing: everything is in memory."""
    try:
        step.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    raise AssertionError("something in memory waited")


def _published(one: Remembered, *, action: str, reason: str | None) -> Push:
    rows = [row_of(key, cell, one) for key, cell in one.rows.items()]
    authority = AUTHORITY[one.source]
    sent = push(Feed(one.feed), one.period, rows, sequence=one.sequence, source=one.source, authority=authority)
    return replace(sent, announcement=replace(sent.announcement, action=action, reason=reason))


def _name(target_id: str) -> str:
    return target_id.partition("@")[0]


TestAnyHistory = AnyHistory.TestCase
TestAnyHistory.settings = settings(max_examples=20 * settings().max_examples, stateful_step_count=6, deadline=None)
