"""Breaches of a target as its verdicts show them: uninterrupted runs, and where the target stands now.

Everything here is a function of the current verdicts of one target: a correction of any of them gives the runs anew, and
the order in which figures arrived leaves no trace. What a plan suspends later is the exception: of such periods what was
told stands, so that no alert is taken back or ended because its judgement rests.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from services.rules.domain.alerting import Severity
from services.rules.domain.judged import VerdictHead
from services.rules.domain.lights import ShortfallUnit
from services.rules.domain.status import SILENT, UNKNOWN, Status
from services.rules.domain.target import Direction, Target
from services.rules.domain.target_history import TargetHistory
from shared.kernel.period import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One uninterrupted breach. It fired at `fired`, when it had held long enough; None for `ended_by`: it goes on."""

    since: Period
    until: Period
    fired: Period
    severity: Severity
    worst: Severity
    ended_by: Period | None = None

    def shares_period(self, since: Period, until: Period) -> bool:
        """Whether a breach from `since` to `until` and this one have a period in common."""
        return self.since.end <= until.end and since.end <= self.until.end


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRun:
    """A breach as it was told: `severity` is of its last period."""

    since: Period
    until: Period
    severity: Severity
    worst: Severity
    ended_by: Period | None = None
    retroactive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Every run, the oldest first; the latest period that says good or bad, None while none does; and since when none came.

    `stale_since` is told of a breach alone: the first later period of which nothing could be said. Silence never ends a run.
    """

    runs: tuple[Run, ...]
    governing: Period | None
    stale_since: Period | None

    @property
    def breach(self) -> Run | None:
        """The run that goes on."""
        return ongoing(self.runs)


def ongoing(runs: Sequence[Run]) -> Run | None:
    """Return the run that goes on: none but the last can."""
    return runs[-1] if runs and runs[-1].ended_by is None else None


def standing_of(
    history: TargetHistory,
    heads: Mapping[Period, VerdictHead],
    *,
    missing: Iterable[Period] = (),
    told: Collection[ToldRun] = (),
) -> Standing:
    """Return where a target stands by its current verdicts; of several versions each period is judged by its own.

    A breach of a target that its plan dropped before its end is demanded no more: it is no run that goes on. `missing` are
    the overdue reports of its feeds: a breach is stale from the first on that would have said something later. `told` are
    the breaches told before.
    """
    judged = tuple(_judged(history, heads))
    said = [one for one in (_said(*each, told) for each in judged) if one is not None]
    runs = tuple(_runs(said))
    if history.is_withdrawn:
        runs = tuple(run for run in runs if run.ended_by is not None)
    standing = Standing(runs=runs, governing=said[-1].period if said else None, stale_since=None)
    if standing.breach is None:
        return standing
    last = [period for period, _, head in judged if head.status not in UNKNOWN][-1]
    mute = [period for period, _, head in judged if _is_mute(period, head, last)]
    unsaid = [period for period in _occasions(history, missing) if period > last]
    return replace(standing, stale_since=min([*mute, *unsaid], default=None))


def _occasions(history: TargetHistory, reports: Iterable[Period]) -> Iterator[Period]:
    """Yield the periods for which reports would have the target judged."""
    for report in reports:
        for target in history.versions:
            occasion = target.occasion(report)
            if occasion is not None:
                yield occasion


def _judged(
    history: TargetHistory, heads: Mapping[Period, VerdictHead]
) -> Iterator[tuple[Period, Target, VerdictHead]]:
    for period in sorted(heads):
        target = history.at(period)
        if target is not None and target.version == heads[period].target_version:
            yield period, target, heads[period]


def _is_mute(period: Period, head: VerdictHead, last: Period) -> bool:
    return period > last and head.status in (Status.NO_DATA, Status.CANNOT_JUDGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What is said of a period: a breach (`severity`) or none, and then whether a breach ends by it.

    A breach begins once `hold` periods in a row were in breach.
    """

    period: Period
    severity: Severity | None
    worst: Severity | None
    hold: int = 1
    ends: bool = False


def _said(period: Period, target: Target, head: VerdictHead, told: Iterable[ToldRun]) -> _Said | None:
    """Return what a verdict says of good or bad; None when it is silent."""
    if head.status is Status.SUSPENDED:
        return _told_of(period, told)
    if head.status in SILENT:
        return None
    severity = target.severity_of(head.status)
    if severity is None:
        return _Said(period=period, severity=None, worst=None, ends=_has_recovered(target, head))
    hold = 1 if head.status is Status.MISSED else target.lights.alerting.hold
    return _Said(period=period, severity=severity, worst=severity, hold=hold)


def _told_of(period: Period, told: Iterable[ToldRun]) -> _Said | None:
    """Return what was told of a period that is suspended since: that a breach began or stood there, or that it ended."""
    for run in told:
        if period in (run.since, run.until):
            return _Said(period=period, severity=run.severity, worst=run.worst)
        if period == run.ended_by:
            return _Said(period=period, severity=None, worst=None, ends=True)
    return None


def _runs(said: Iterable[_Said]) -> Iterator[Run]:
    """Yield the runs. One fires when enough periods in a row were in breach, or its target is missed for good."""
    run: Run | None = None
    waiting: list[Period] = []
    for one in said:
        period, severity, worst = one.period, one.severity, one.worst
        if severity is None or worst is None:
            waiting = []
            if run is not None and one.ends:
                yield replace(run, ended_by=period)
                run = None
            continue
        waiting.append(period)
        if run is not None:
            run = replace(run, until=period, severity=severity, worst=max(run.worst, worst, key=_rank))
        elif len(waiting) >= one.hold:
            run = Run(since=waiting[0], until=period, fired=period, severity=severity, worst=worst)
    if run is not None:
        yield run


def _rank(severity: Severity) -> int:
    return severity.rank


def _has_recovered(target: Target, head: VerdictHead) -> bool:
    """Whether a green verdict ends a breach: any does, unless the lights ask for a smaller shortfall than green (E3)."""
    bound = target.lights.alerting.recover
    gap = head.gap_points if target.lights.unit is ShortfallUnit.POINTS else head.gap_percent
    if bound is None or gap is None or head.status is Status.MET:
        return True
    shortfall = -gap if target.direction is Direction.UP else gap
    return shortfall <= bound
