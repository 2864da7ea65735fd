"""Use case: findings open, change, end and take back alerts, and every change that matters is told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.alerts.application.ports import AlertStore, AlertTransaction, HistoryEntry
from services.alerts.application.tell import Telling, record_and_tell
from services.alerts.domain.alert import Changed, Unchanged
from services.alerts.domain.finding import Finding, FindingKey
from services.alerts.domain.notice import Notice
from services.alerts.domain.reconcile import KeyState, Reconciled, reconcile
from services.alerts.domain.transitions import Moment
from shared.kernel.china_time import day_in_china


@dataclass(frozen=True, slots=True)
class ReportedFinding:
    """A finding and the correlation id of the submission that led to it."""

    finding: Finding
    correlation_id: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """What one finding led to."""

    reported: ReportedFinding
    decision: Reconciled | Unchanged
    notices: tuple[Notice, ...] = ()

    @property
    def changes(self) -> tuple[Changed, ...]:
        """The changes of all alerts of the key; none when nothing changed."""
        return self.decision.changes if isinstance(self.decision, Reconciled) else ()


@dataclass(slots=True)
class _Batch:
    """The state of each key while a batch is worked through, and what to save of it."""

    states: dict[FindingKey, KeyState]
    at: Moment
    seen: dict[FindingKey, int] = field(default_factory=dict)

    def decide(self, finding: Finding) -> Reconciled | Unchanged:
        state = self.states[finding.key]
        decision = reconcile(finding, state, at=self.at)
        changes = decision.changes if isinstance(decision, Reconciled) else ()
        if state.sequence is None or finding.sequence > state.sequence:
            self.states[finding.key] = state.after(finding, changes)
            self.seen[finding.key] = finding.sequence
        return decision


async def record_findings(
    batch: Sequence[ReportedFinding], *, store: AlertStore, telling: Telling, now: datetime
) -> Sequence[Recorded]:
    """Apply findings in order, in one transaction: alerts, history, notices and events. Findings seen before are dropped."""
    at = Moment(now, telling.deadline_from(day_in_china(now)).day)
    async with store.transaction() as transaction:
        work = _Batch(dict(await transaction.lock_keys({reported.finding.key for reported in batch})), at)
        recorded = [
            await _record(reported, work.decide(reported.finding), transaction, telling=telling, now=now)
            for reported in batch
        ]
        await transaction.record_sequences(work.seen, at=now)
    return recorded


async def _record(
    reported: ReportedFinding,
    decision: Reconciled | Unchanged,
    transaction: AlertTransaction,
    *,
    telling: Telling,
    now: datetime,
) -> Recorded:
    if isinstance(decision, Unchanged):
        return Recorded(reported, decision)
    entries = [
        HistoryEntry(changed=changed, at=now, correlation_id=reported.correlation_id) for changed in decision.changes
    ]
    return Recorded(reported, decision, await record_and_tell(entries, transaction, telling))
