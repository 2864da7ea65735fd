"""rules' stores in memory."""

from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta

from services.rules.application.catalogue import Catalogue, PlanDefinition
from services.rules.application.journal import Round
from services.rules.application.ports import Settled
from services.rules.domain.authority import RankedAuthority
from services.rules.domain.duty import NO_DUTIES, Duties
from services.rules.domain.finding import Finding, FindingHead, FindingKey, FoundRun
from services.rules.domain.judged import Judged, VerdictHead, head_of, judged_of
from services.rules.domain.ledger import Announcement, Submission
from services.rules.domain.rows import (
    FeedRow,
)
from services.rules.domain.runs import ToldRun
from services.rules.domain.signal import SignalChanges, SignalRule
from services.rules.domain.stated_forecast import StatedForecast
from services.rules.domain.verdict import Verdict
from shared.kernel.period import Period
from tests.fakes.rules_facts import Counted, InMemoryFacts, State, parked_rows, submission_of


class InMemoryDatabase:
    """Begins transactions over one state; `catalogue` is what stored plans would give."""

    def __init__(self, catalogue: Catalogue, duties: Duties = NO_DUTIES) -> None:
        self.state = State()
        self.catalogue = catalogue
        self.duties = duties

    def transaction(self) -> "AbstractAsyncContextManager[InMemoryStores]":
        return self._transaction()

    @asynccontextmanager
    async def _transaction(self) -> "AsyncIterator[InMemoryStores]":
        state = self.state.copy()
        yield InMemoryStores(state, self.catalogue, self.duties)
        self.state = state


class InMemoryStores:
    """The stores of one transaction."""

    def __init__(self, state: State, catalogue: Catalogue, duties: Duties) -> None:
        self.state = state
        self.duties = duties
        self.intake = InMemoryIntake(state)
        self.journal = InMemoryJournal(state)
        self.facts = InMemoryFacts(state)
        self.verdicts = InMemoryVerdicts(state)
        self.forecasts = InMemoryForecasts(state)
        self.signals = InMemorySignals(state)
        self.findings = RecordingFindings(state)
        self.plans = FixedPlans(state, catalogue)
        self.authorities = InMemoryAuthorities(state)


class InMemoryIntake:
    """Keeps what arrives."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._unparked: set[tuple[str, int]] = set()

    @property
    def unparked(self) -> tuple[tuple[str, int], ...]:
        return tuple(sorted(self._unparked))

    async def store_rows(self, rows: Sequence[FeedRow]) -> frozenset[str]:
        touched: set[str] = set()
        for row in rows:
            key = (row.origin.submission_id, row.origin.row_number)
            if key in self._state.rows:
                continue
            self._state.rows[key] = row
            if key in self._state.parked:
                self._state.parked.discard(key)
                self._unparked.add(key)
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
        before = [one.announcement for one in self._state.submissions.values() if one.completed and one.announcement]
        for submission_id in touched:
            counted = self._state.submissions.get(submission_id)
            if counted is None or counted.announcement is None:
                continue
            parked = parked_rows(self._state, submission_id)
            if counted.received + parked >= counted.announcement.events:
                self._state.submissions[submission_id] = replace(counted, completed=True)
                submission = submission_of(counted.announcement, parked)
                begins = not any(_is_other_report(other, submission) for other in before)
                settled.append(Settled(submission=submission, again=counted.completed, begins=begins))
        return tuple(sorted(settled, key=lambda one: one.submission.sequence))

    async def date(self, submission_ids: Sequence[str], *, at: datetime) -> None:
        """Instants of completion are not kept here."""


def _is_other_report(known: Announcement, submission: Submission) -> bool:
    return (known.city, known.period) == (submission.city, submission.period)


class InMemoryJournal:
    """Keeps rounds."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def begin(self, entry: Round, *, now: datetime) -> datetime:
        before = [at for at, known in self._state.rounds if set(known.cities) & set(entry.cities)]
        at = max([now, *(one + timedelta(microseconds=1) for one in before)])
        self._state.rounds.append((at, entry))
        return at

    async def last_tick(self, city: str) -> date | None:
        days = [entry.subjects[0] for _, entry in self._state.rounds if entry.cause == "tick" and city in entry.cities]
        return date.fromisoformat(days[-1]) if days else None


class InMemoryVerdicts:
    """Keeps verdicts, with the instants at which they were written."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def heads(
        self, city: str, target_ids: Collection[str], *, periods: Collection[Period] | None = None
    ) -> dict[str, dict[Period, VerdictHead]]:
        heads: dict[str, dict[Period, VerdictHead]] = {target_id: {} for target_id in target_ids}
        for one in self._state.verdicts:
            is_asked = periods is None or one.period in periods
            if one.target.place.city == city and one.target.id in heads and is_asked:
                before = heads[one.target.id].get(one.period)
                heads[one.target.id][one.period] = head_of(one).after(before)
        return heads

    async def read(self, verdict_ids: Collection[str]) -> dict[str, Judged]:
        return {one.verdict_id: judged_of(one) for one in self._state.verdicts if one.verdict_id in verdict_ids}

    async def append(self, verdicts: Sequence[Verdict], *, now: datetime, correlation_id: str) -> None:
        self._state.verdicts.extend(verdicts)
        self._state.written.extend([now] * len(verdicts))


class InMemoryForecasts:
    """Keeps forecasts."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def heads(self, city: str, target_ids: Collection[str]) -> dict[str, str]:
        return {
            one.target.id: one.fingerprint
            for one in self._state.forecasts
            if one.target.place.city == city and one.target.id in target_ids
        }

    async def append(self, forecasts: Sequence[StatedForecast], *, now: datetime, correlation_id: str) -> None:
        self._state.forecasts.extend(forecasts)


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

    async def heads(self, city: str, target_ids: Collection[str]) -> dict[FindingKey, FindingHead]:
        return {
            one.key: told_of(one, sequence)
            for sequence, one in self._state.findings
            if one.city == city and one.key.target_id in target_ids
        }

    async def tell(self, findings: Sequence[tuple[int, Finding]], *, now: datetime, correlation_id: str) -> None:
        self._state.findings.extend(findings)


def told_of(finding: Finding, sequence: int = 1) -> FindingHead:
    """Return what is remembered of a finding told."""
    runs = tuple(_told_run(found) for found in finding.runs)
    return FindingHead(sequence, finding.is_breach, finding.period, finding.fingerprint, runs)


def _told_run(found: FoundRun) -> ToldRun:
    run = found.run
    return ToldRun(
        since=run.since,
        until=run.until,
        severity=run.severity,
        worst=run.worst,
        ended_by=run.ended_by,
        settled=run.settled,
        retroactive=found.retroactive,
    )


class FixedPlans:
    """Serves one catalogue; storing only tells what changed."""

    def __init__(self, state: State, catalogue: Catalogue) -> None:
        self._state = state
        self._catalogue = catalogue

    async def store(self, plans: Sequence[PlanDefinition], *, now: datetime) -> tuple[str, ...]:
        changed = [plan for plan in plans if self._state.plans.get(plan.plan_id) != plan.content]
        self._state.plans.update({plan.plan_id: plan.content for plan in changed})
        return tuple(f"{plan.plan_id}@1" for plan in changed)

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
