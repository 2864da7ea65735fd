"""rules and alerts in memory, one behind the other: what rules tells reaches alerts as its wire event says it."""

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from services.alerts.adapters.finding_codec import decode_finding
from services.alerts.application.record_findings import ReportedFinding, record_findings
from services.alerts.application.tell import Telling
from services.alerts.domain import finding as alerts_finding
from services.alerts.domain.alert import State as AlertState
from services.alerts.domain.deadline import ReplyDeadline
from services.alerts.domain.notice import Channel, Endpoint
from services.rules.adapters.finding_event import finding_event
from services.rules.application.catalogue import Catalogue
from services.rules.application.load_plans import LoadPlans, load_plans
from services.rules.application.receive_batch import ReceiveBatch, receive_batch
from services.rules.domain.authority import RankedAuthority
from services.rules.domain.finding import Finding
from services.rules.domain.ledger import Announcement
from services.rules.domain.rows import FeedRow
from services.rules.domain.verdict import Verdict
from shared.reference.areas import Areas
from tests.contracts.rules_rows import T0, Push
from tests.contracts.rules_targets import plan_of
from tests.fakes.alerts import InMemoryAlertStore, PlainNoticeWriter
from tests.fakes.rules import InMemoryDatabase

AREAS = Areas.load(Path(__file__).resolve().parents[2] / "data" / "areas.csv")
Event = FeedRow | Announcement
TELLING = Telling(
    lambda _city, unit: (Endpoint(Channel.MAIL, f"{unit}@units.example"),),
    PlainNoticeWriter(),
    lambda day: ReplyDeadline(day, provisional=False),
)


def events_of(pushes: Iterable[Push]) -> list[Event]:
    return [event for one in pushes for event in (*one.rows, one.announcement)]


def command_of(events: Iterable[Event]) -> ReceiveBatch:
    received = list(events)
    return ReceiveBatch(
        rows=tuple(event for event in received if not isinstance(event, Announcement)),
        announcements=tuple(event for event in received if isinstance(event, Announcement)),
    )


def on_the_wire(sequence: int, finding: Finding) -> alerts_finding.Finding:
    """Write a finding as rules publishes it, and read it as alerts does."""
    return decode_finding(finding_event(finding, sequence, AREAS).model_dump_json().encode())


class Chain:
    """Both services with what lies between them. `heard` counts the findings that were delivered so far."""

    def __init__(self, catalogue: Catalogue, telling: Telling = TELLING) -> None:
        self.telling = telling
        self.rules = InMemoryDatabase(catalogue)
        self.alerts = InMemoryAlertStore()
        self.heard = 0

    @classmethod
    async def loaded(
        cls, catalogue: Catalogue, *, ranks: tuple[RankedAuthority, ...] = (), telling: Telling = TELLING
    ) -> "Chain":
        """Return both services with the plan loaded, nothing reported."""
        chain = cls(catalogue, telling)
        await chain.load(catalogue, ranks=ranks)
        return chain

    async def load(
        self, catalogue: Catalogue, *, ranks: tuple[RankedAuthority, ...] | None = None, now: datetime = T0
    ) -> None:
        """Let rules load a plan, another one or its amendment, and tell what follows."""
        amended = InMemoryDatabase(catalogue)
        amended.state = self.rules.state
        self.rules = amended
        async with self.rules.transaction() as stores:
            command = LoadPlans(plans=(plan_of(catalogue.targets),), correlation_id="load", authorities=ranks)
            await load_plans(stores, command, now=now)
        await self.deliver(now=now)

    def fork(self) -> "Chain":
        """Return another chain that goes on from here: transactions put new states in place and change none."""
        other = copy(self)
        other.rules, other.alerts = copy(self.rules), copy(self.alerts)
        return other

    async def receive(self, events: Iterable[Event], *, now: datetime = T0) -> tuple[Verdict, ...]:
        """Let rules receive a batch; what it tells stays on the wire."""
        async with self.rules.transaction() as stores:
            return (await receive_batch(stores, command_of(events), now=now)).verdicts

    async def deliver(self, told: Sequence[tuple[int, Finding]] | None = None, *, now: datetime = T0) -> None:
        """Let alerts record findings: those not yet delivered, in order, unless others are given."""
        if told is None:
            told, self.heard = self.rules.state.findings[self.heard :], len(self.rules.state.findings)
        batch = [ReportedFinding(on_the_wire(sequence, finding), "correlation") for sequence, finding in told]
        if batch:
            await record_findings(batch, store=self.alerts, telling=self.telling, now=now)

    async def push(self, *pushes: Push, now: datetime = T0) -> tuple[Verdict, ...]:
        """Let both services take in submissions, one after the other; return the new verdicts."""
        verdicts: tuple[Verdict, ...] = ()
        for one in pushes:
            verdicts += await self.receive(events_of([one]), now=now)
            await self.deliver(now=now)
        return verdicts


@dataclass(frozen=True, slots=True)
class ChainEnd:
    """What must be the same in whatever order submissions came: of alerts those that were not taken back."""

    rows: frozenset[tuple[str, int]]
    verdicts: frozenset[tuple[str, str, str]]
    forecasts: frozenset[tuple[str, str]]
    signals: frozenset[tuple[str, str]]
    findings: frozenset[tuple[str, str]]
    alerts: frozenset[tuple[str, ...]]


def end_of(chain: Chain) -> ChainEnd:
    """Return where a chain has come to."""
    state = chain.rules.state
    current = {(one.target.id, str(one.period)): one.verdict_id for one in state.verdicts}
    stated = {one.target.id: one for one in state.forecasts}
    signals = {signal.signal_id: (signal.fingerprint, active) for signal, active in state.signals}
    findings = {finding.key: finding for _, finding in state.findings}
    return ChainEnd(
        rows=frozenset(state.rows),
        verdicts=frozenset((*key, verdict_id) for key, verdict_id in current.items()),
        forecasts=frozenset((key, one.fingerprint) for key, one in stated.items() if one.outcome.points > 0),
        signals=frozenset((key, mark) for key, (mark, active) in signals.items() if active),
        findings=frozenset((str(key), one.fingerprint) for key, one in findings.items() if one.runs),
        alerts=standing_alerts(chain.alerts),
    )


def standing_alerts(store: InMemoryAlertStore) -> frozenset[tuple[str, ...]]:
    """Return what stands of the alerts; two alerts of one breach would be one too many."""
    standing = [
        (
            alert.key.target_id,
            alert.key.area,
            alert.run.since,
            alert.run.until,
            alert.run.worst,
            alert.severity,
            "active" if alert.is_active else f"{alert.state} {alert.ground}",
        )
        for alert in store.held.alerts.values()
        if alert.state is not AlertState.RETRACTED
    ]
    assert len(standing) == len(set(standing)), "two alerts tell the same breach"
    return frozenset(standing)
