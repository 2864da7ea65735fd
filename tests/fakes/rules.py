"""rules' stores in memory."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import datetime

from services.rules.application.ports import Catalogue, PlanDefinition, Settled
from services.rules.domain.agenda import Occasion, VerdictHead
from services.rules.domain.authority import RankedAuthority
from services.rules.domain.finding import Finding, FindingHead, FindingKey
from services.rules.domain.ledger import Announcement
from services.rules.domain.rows import (
    FeedRow,
)
from services.rules.domain.signal import SignalChanges, SignalRule
from services.rules.domain.verdict import Verdict
from tests.fakes.rules_facts import Counted, InMemoryFacts, State, parked_rows, submission_of


class InMemoryDatabase:
    """Begins transactions over one state; `catalogue` is what stored plans would give."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.state = State()
        self._catalogue = catalogue

    def transaction(self) -> "AbstractAsyncContextManager[InMemoryStores]":
        return self._transaction()

    @asynccontextmanager
    async def _transaction(self) -> "AsyncIterator[InMemoryStores]":
        state = self.state.copy()
        yield InMemoryStores(state, self._catalogue)
        self.state = state


class InMemoryStores:
    """The stores of one transaction."""

    def __init__(self, state: State, catalogue: Catalogue) -> None:
        self.state = state
        self.intake = InMemoryIntake(state)
        self.facts = InMemoryFacts(state)
        self.verdicts = InMemoryVerdicts(state)
        self.signals = InMemorySignals(state)
        self.findings = RecordingFindings(state)
        self.plans = FixedPlans(state, catalogue)
        self.authorities = InMemoryAuthorities(state)


class InMemoryIntake:
    """Keeps what arrives."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def store_rows(self, rows: Sequence[FeedRow]) -> frozenset[str]:
        touched: set[str] = set()
        for row in rows:
            key = (row.origin.submission_id, row.origin.row_number)
            if key in self._state.rows:
                continue
            self._state.rows[key] = row
            self._state.parked.discard(key)
            known = self._state.submissions.get(key[0], Counted(row.origin, None))
            self._state.submissions[key[0]] = replace(known, origin=row.origin, received=known.received + 1)
            touched.add(key[0])
        return frozenset(touched)

    async def announce(self, announcements: Sequence[Announcement]) -> frozenset[str]:
        touched: set[str] = set()
        for announcement in announcements:
            known = self._state.submissions.get(announcement.submission_id, Counted(None, None))
            if known.announcement is None:
                self._state.submissions[announcement.submission_id] = replace(known, announcement=announcement)
                touched.add(announcement.submission_id)
        return frozenset(touched)

    async def count_parked(self, submission_id: str, row_number: int) -> frozenset[str]:
        key = (submission_id, row_number)
        if key in self._state.rows or key in self._state.parked:
            return frozenset()
        self._state.parked.add(key)
        return frozenset({submission_id})

    async def settle(self, touched: Iterable[str], *, now: datetime) -> tuple[Settled, ...]:
        settled: list[Settled] = []
        for submission_id in touched:
            counted = self._state.submissions.get(submission_id)
            if counted is None or counted.announcement is None:
                continue
            parked = parked_rows(self._state, submission_id)
            if counted.received + parked >= counted.announcement.events:
                self._state.submissions[submission_id] = replace(counted, completed=True)
                submission = submission_of(counted.announcement, parked)
                settled.append(Settled(submission=submission, again=counted.completed))
        return tuple(sorted(settled, key=lambda one: one.submission.sequence))


class InMemoryVerdicts:
    """Keeps verdicts."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def heads(self, city: str) -> dict[Occasion, VerdictHead]:
        return {
            (one.target.id, one.period): VerdictHead(one.verdict_id, one.target.version, one.status)
            for one in self._state.verdicts
            if one.target.place.city == city
        }

    async def append(self, verdicts: Sequence[Verdict], *, now: datetime, correlation_id: str) -> None:
        self._state.verdicts.extend(verdicts)


class InMemorySignals:
    """Keeps versions of signals."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def active(self, rule: SignalRule) -> dict[str, str]:
        current = {signal.signal_id: (signal, active) for signal, active in self._state.signals}
        return {
            key: signal.fingerprint for key, (signal, active) in current.items() if active and signal.rule.id == rule.id
        }

    async def append(self, changes: SignalChanges, *, now: datetime) -> None:
        current = {signal.signal_id: signal for signal, _ in self._state.signals}
        self._state.signals.extend((signal, True) for signal in changes.begun)
        self._state.signals.extend((current[key], False) for key in changes.ended)


class RecordingFindings:
    """Keeps what was told."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def heads(self, city: str) -> dict[FindingKey, FindingHead]:
        return {
            one.key: FindingHead(sequence, one.is_breach, one.period, one.fingerprint)
            for sequence, one in self._state.findings
            if one.city == city
        }

    async def tell(self, findings: Sequence[tuple[int, Finding]], *, now: datetime, correlation_id: str) -> None:
        self._state.findings.extend(findings)


class FixedPlans:
    """Serves one catalogue; storing only tells what changed."""

    def __init__(self, state: State, catalogue: Catalogue) -> None:
        self._state = state
        self._catalogue = catalogue

    async def store(self, plans: Sequence[PlanDefinition], *, now: datetime) -> int:
        changed = [plan for plan in plans if self._state.plans.get(plan.plan_id) != plan.content]
        self._state.plans.update({plan.plan_id: plan.content for plan in changed})
        return len(changed)

    async def catalogue(self) -> Catalogue:
        return self._catalogue


class InMemoryAuthorities:
    """Keeps the newest ranks."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def store(self, authorities: Sequence[RankedAuthority], *, now: datetime) -> bool:
        changed = self._state.authorities != tuple(authorities)
        self._state.authorities = tuple(authorities)
        return changed
