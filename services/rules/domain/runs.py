"""Breaches of a target: uninterrupted runs of what its periods say, and where the target stands now.

Everything here is a function of what is known now of one target: a correction of any period gives the runs anew, and the
order in which figures arrived leaves no trace. What a period says is decided elsewhere: by its light (`lagging.py`), or by
the forecast made at it (`attainment.py`). What a plan suspends later is the exception: of such periods what they said before
stands, so that no alert is taken back or ended because its judgement rests.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from services.rules.domain.alerting import Severity
from services.rules.domain.judged import VerdictHead
from services.rules.domain.status import UNKNOWN, Status
from services.rules.domain.target import Target
from services.rules.domain.target_history import TargetHistory
from shared.kernel.period import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """What a period says of a breach: how severe it is, None when it says good. A period without one says nothing.

    A breach is told when so many periods in a row (`hold`) were in breach. `worst` is told where it was worse before.
    `ends`: good as it is, it also ends one; `settles`: and nothing that comes later can begin another. `rests`: it is
    suspended since, and does not count to the hold of later ones.
    """

    period: Period
    severity: Severity | None
    worst: Severity | None = None
    hold: int = 1
    ends: bool = True
    settles: bool = False
    rests: bool = False


JudgedPeriod = tuple[Period, Target, VerdictHead]
"""A period with the version that judges it and its current verdict."""

Speaker = Callable[[Period, Target, VerdictHead], Say | None]
"""Says what a period says whose verdict is good or bad, or suspended; None when it says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One uninterrupted breach. It fired at `fired`, when it had held long enough; None for `ended_by`: it goes on.

    `settled`: what ended it is no recovery, the matter is decided.
    """

    since: Period
    until: Period
    fired: Period
    severity: Severity
    worst: Severity
    ended_by: Period | None = None
    settled: bool = False

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
    settled: bool = False
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


def runs_of(says: Iterable[Say]) -> Iterator[Run]:
    """Yield the runs of what periods say, in their order."""
    run: Run | None = None
    waiting: list[Say] = []
    for say in says:
        if say.severity is None:
            waiting = []
            if run is not None and say.ends:
                yield replace(run, ended_by=say.period, settled=say.settles)
                run = None
            continue
        worst = say.worst or say.severity
        if run is not None:
            worst = max(run.worst, worst, key=_rank)
            run = replace(run, until=say.period, severity=say.severity, worst=worst)
            continue
        waiting = [*(one for one in waiting if say.rests or not one.rests), say]
        if len(waiting) >= say.hold:
            run = Run(since=waiting[0].period, until=say.period, fired=say.period, severity=say.severity, worst=worst)
            waiting = []
    if run is not None:
        yield run


def _rank(severity: Severity) -> int:
    return severity.rank


def standing_of(
    history: TargetHistory,
    judged: Sequence[JudgedPeriod],
    says: Sequence[Say],
    *,
    missing: Iterable[Period] = (),
) -> Standing:
    """Return where a target stands by its judged periods and by what they say, in their order.

    A breach of a target that its plan dropped before its end is demanded no more: it is no run that goes on. `missing` are
    the overdue reports of its feeds: a breach is stale from the first on that would have said something later.
    """
    runs = tuple(runs_of(says))
    if history.is_withdrawn:
        runs = tuple(run for run in runs if run.ended_by is not None)
    standing = Standing(runs=runs, governing=says[-1].period if says else None, stale_since=None)
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


def _is_mute(period: Period, head: VerdictHead, last: Period) -> bool:
    return period > last and head.status in (Status.NO_DATA, Status.CANNOT_JUDGE)


def judged_in(history: TargetHistory, heads: Mapping[Period, VerdictHead]) -> Iterator[JudgedPeriod]:
    """Yield the periods judged by the version that judges them, in order; of several versions each period has its own."""
    for period in sorted(heads):
        target = history.at(period)
        if target is not None and target.version == heads[period].target_version:
            yield period, target, heads[period]


def said_in(judged: Iterable[JudgedPeriod], say: Speaker, *, of_suspended: Speaker) -> Iterator[Say]:
    """Yield what the periods say: of what is judged `say` decides, of what is suspended `of_suspended`."""
    for period, target, head in judged:
        if head.status in UNKNOWN:
            continue
        said = (of_suspended if head.status is Status.SUSPENDED else say)(period, target, head)
        if said is not None:
            yield said
