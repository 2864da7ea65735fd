"""Findings: the state of one target (or signal rule) in one area, which opens, changes and ends an alert."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from services.rules.domain.reasons import target_withdrawn
from services.rules.domain.signal import Signal, SignalRule
from services.rules.domain.target import Clause, Plan, Target, Unit
from services.rules.domain.target_history import TargetHistory
from services.rules.domain.verdict import Status, Verdict
from services.rules.domain.wording import Text
from shared.kernel.ids import text_hash
from shared.kernel.period import Period


class FindingKind(StrEnum):
    """What is found."""

    LAGGING = "lagging"
    RATING_D = "rating_d"


class Severity(StrEnum):
    """How bad it is."""

    YELLOW = "yellow"
    RED = "red"


_SEVERITIES = {Status.BEHIND: Severity.YELLOW, Status.FAR_BEHIND: Severity.RED, Status.MISSED: Severity.RED}
_SILENT = (Status.NO_DATA, Status.CANNOT_JUDGE, Status.NOT_DUE)


@dataclass(frozen=True, slots=True)
class FindingKey:
    """What a finding is about; its sequence rises within it."""

    target_id: str
    area: str
    kind: FindingKind


@dataclass(frozen=True, slots=True)
class Subject:
    """One entity that a signal finding lists."""

    entity: str
    name: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`severity` is None when the state is clear. `since` is the first period of the uninterrupted run."""

    key: FindingKey
    city: str
    severity: Severity | None
    period: Period
    since: Period
    name: Text
    unit: str
    value: str
    plan: Plan
    clause: Clause
    units: tuple[Unit, ...]
    verdict: Verdict | None
    subjects: tuple[Subject, ...]
    simulated: bool

    @property
    def is_breach(self) -> bool:
        """Whether someone must act."""
        return self.severity is not None

    @property
    def fingerprint(self) -> str:
        """A hash of what a reader is told; another row version behind equal numbers does not change it."""
        verdict = self.verdict
        numbers = [] if verdict is None else [str(verdict.status), str(verdict.expected), str(verdict.actual)]
        figures = [] if verdict is None else [[one.label.zh, str(one.value)] for one in verdict.figures]
        subjects = [[one.entity, one.name, one.detail] for one in self.subjects]
        content = [self.severity, str(self.period), str(self.since), numbers, figures, subjects, self.simulated]
        told = [self.name.zh, self.value, self.clause.quote_sha256, [[unit.name, unit.role] for unit in self.units]]
        return text_hash(json.dumps([content, told], ensure_ascii=False))


@dataclass(frozen=True, slots=True)
class FindingHead:
    """The last finding told of a key."""

    sequence: int
    is_breach: bool
    period: Period
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Which verdict governs a target: the latest one that says good or bad."""

    period: Period
    status: Status
    since: Period


def standing_of(statuses: Mapping[Period, Status]) -> Standing | None:
    """Find the governing verdict. What cannot be judged, is not due or has no data neither opens nor ends a run."""
    run: Standing | None = None
    for period in sorted(statuses):
        status = statuses[period]
        if status in _SILENT:
            continue
        goes_on = run is not None and (run.status in _SEVERITIES) == (status in _SEVERITIES)
        run = Standing(period, status, run.since if run is not None and goes_on else period)
    return run


def withdrawn_standing(
    statuses: Mapping[Period, Status], head: FindingHead | None, *, is_waiting: bool
) -> Standing | None:
    """Return where a breach stood of which a correction left no verdict that says good or bad: it is told as cleared.

    Silence never ends a breach: later periods without data leave its own verdict, which goes on to govern. Here that
    verdict itself is gone, because its figure was withdrawn, or is none any more (a ratio against zero). What waits for
    parked rows cannot be judged for now: that withdraws nothing.
    """
    if head is None or not head.is_breach or (is_waiting and Status.CANNOT_JUDGE in statuses.values()):
        return None
    return Standing(head.period, statuses.get(head.period, Status.NO_DATA), head.period)


def lagging_finding(target: Target, verdict: Verdict, standing: Standing) -> Finding:
    """Return the finding of a target from its governing verdict."""
    return Finding(
        key=FindingKey(target.id, target.place.id, FindingKind.LAGGING),
        city=target.place.city,
        severity=_SEVERITIES.get(verdict.status),
        period=verdict.period,
        since=standing.since,
        name=target.name,
        unit=target.unit,
        value=target.value_text(),
        plan=target.plan,
        clause=target.clause,
        units=target.units,
        verdict=verdict,
        subjects=(),
        simulated=verdict.simulated,
    )


def target_finding(history: TargetHistory, verdict: Verdict, standing: Standing) -> Finding:
    """Return the finding of a target. One that its plan dropped is told as cleared, with the reason beside the verdict."""
    if not history.is_withdrawn:
        return lagging_finding(verdict.target, verdict, standing)
    reason = target_withdrawn(history.withdrawn_on)
    because = replace(verdict, reasons=(reason, *verdict.reasons))
    return replace(lagging_finding(verdict.target, because, standing), severity=None)


def rating_findings(
    rule: SignalRule, signals: Iterable[Signal], told: Mapping[FindingKey, FindingHead]
) -> tuple[Finding, ...]:
    """Return one finding for each area with firms of class D, and one that clears each area told of before."""
    by_area: dict[str, list[Signal]] = {}
    for signal in signals:
        by_area.setdefault(signal.area, []).append(signal)
    breaches = [_rating_finding(rule, area, firms) for area, firms in sorted(by_area.items())]
    cleared = [
        _rating_clear(rule, key.area, head.period)
        for key, head in told.items()
        if key.target_id == rule.id and head.is_breach and key.area not in by_area
    ]
    return (*breaches, *cleared)


def _rating_finding(rule: SignalRule, area: str, firms: list[Signal]) -> Finding:
    rounds = firms[0].period
    return Finding(
        key=FindingKey(rule.id, area, FindingKind.RATING_D),
        city=rule.place.city,
        severity=Severity.YELLOW,
        period=rounds,
        since=rounds,
        name=rule.name,
        unit="户",
        value=f"{len(firms)}户",
        plan=rule.plan,
        clause=rule.clause,
        units=rule.units,
        verdict=None,
        subjects=tuple(
            Subject(firm.entity, firm.entity_name, f"{rounds.year}年度评价结果D类（终评）")
            for firm in sorted(firms, key=lambda firm: firm.entity)
        ),
        simulated=any(firm.simulated for firm in firms),
    )


def _rating_clear(rule: SignalRule, area: str, period: Period) -> Finding:
    return Finding(
        key=FindingKey(rule.id, area, FindingKind.RATING_D),
        city=rule.place.city,
        severity=None,
        period=period,
        since=period,
        name=rule.name,
        unit="户",
        value="0户",
        plan=rule.plan,
        clause=rule.clause,
        units=rule.units,
        verdict=None,
        subjects=(),
        simulated=False,
    )


def next_sequence(head: FindingHead | None, finding: Finding) -> int | None:
    """Return the sequence under which the finding must be told, None when there is nothing new to tell.

    A clear state is told once, to end a breach; a breach is told whenever what it says changed.
    """
    if head is None:
        return 1 if finding.is_breach else None
    if not finding.is_breach:
        return head.sequence + 1 if head.is_breach else None
    if head.is_breach and head.fingerprint == finding.fingerprint:
        return None
    return head.sequence + 1
