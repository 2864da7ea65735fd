"""A target looked at again: what must be told of where it stands now, compared with what was told before."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from services.rules.domain.finding import (
    Corrected,
    Finding,
    FindingHead,
    FindingKey,
    FindingKind,
    FoundRun,
    Trigger,
)
from services.rules.domain.foreseen import Foreseen
from services.rules.domain.judged import Judged, VerdictHead
from services.rules.domain.reasons import target_withdrawn
from services.rules.domain.runs import Run, Standing, ToldRun
from services.rules.domain.status import SILENT, Status
from services.rules.domain.suspension import Suspension
from services.rules.domain.target import Target
from services.rules.domain.target_history import TargetHistory
from shared.kernel.period import Period

Heads = Mapping[Period, VerdictHead]


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One target looked at again for one kind of finding: its current verdicts, those of before, and what was told.

    `is_waiting`: rows it depends on are parked, to be sent again. `missing`: the overdue reports of the feeds it depends on.
    """

    history: TargetHistory
    heads: Heads
    before: Heads
    told: FindingHead | None
    kind: FindingKind = FindingKind.LAGGING
    is_waiting: bool = False
    missing: tuple[Period, ...] = ()

    @property
    def told_runs(self) -> tuple[ToldRun, ...]:
        """The breaches told before."""
        return () if self.told is None else self.told.runs

    @property
    def key(self) -> FindingKey:
        """The key its finding is told under."""
        return key_of(self.history.latest, self.kind)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a review came to, and the verdicts that must be read to tell it. `foreseen`: the forecasts it rests on, if any."""

    review: Review
    standing: Standing
    foreseen: Mapping[Period, Foreseen] = field(default_factory=dict)

    @property
    def corrected(self) -> tuple[ToldRun, ...]:
        """The breaches told that are none, by the figures: what a plan demands no more was one."""
        told = self.review.told
        return () if told is None or self.review.history.is_withdrawn else told.vanished(self.standing.runs)

    @property
    def governing(self) -> Period | None:
        """The period whose verdict is told as the state; of a target with none that says anything, the one told last."""
        told = self.review.told
        return self.standing.governing or (None if told is None else told.period)

    @property
    def periods(self) -> tuple[Period, ...]:
        """Every period whose verdict is told."""
        runs = [run.until for run in self.standing.runs] + [one.until for one in self.corrected]
        return tuple(dict.fromkeys(runs + ([] if self.governing is None else [self.governing])))

    @property
    def verdict_ids(self) -> tuple[str, ...]:
        """The verdicts to be read."""
        return tuple(self.review.heads[period].verdict_id for period in self.periods if period in self.review.heads)


def key_of(target: Target, kind: FindingKind = FindingKind.LAGGING) -> FindingKey:
    """Return the key of a target's finding of a kind."""
    return FindingKey(target.id, target.place.id, kind)


def is_news(outcome: Outcome, rests_on: Collection[VerdictHead]) -> bool:
    """Whether there is anything to tell. `rests_on` are the verdicts that the outcome follows from.

    What waits for parked rows cannot be judged for now: that takes nothing back.
    """
    review = outcome.review
    if review.told is None and not outcome.standing.runs:
        return False
    cannot_judge = any(head.status is Status.CANNOT_JUDGE for head in rests_on)
    return not (outcome.corrected and review.is_waiting and cannot_judge)


def finding_of(outcome: Outcome, judged: Mapping[str, Judged], *, triggers: Iterable[Trigger] = ()) -> Finding | None:
    """Return the finding; None when no verdict of it is left at all."""
    review, standing = outcome.review, outcome.standing
    governing = outcome.governing
    if governing is None:
        return None
    breach = standing.breach
    target = review.history.at(governing) or review.history.latest
    verdict = _verdict(review, governing, judged)
    return Finding(
        key=review.key,
        city=target.place.city,
        severity=None if breach is None else breach.severity,
        period=governing,
        since=governing if breach is None else breach.since,
        name=target.name,
        unit=target.unit,
        value=target.value_text(),
        plan=target.plan,
        clause=target.clause,
        units=target.units,
        judged=_explained(review.history, verdict),
        subjects=(),
        simulated=verdict is not None and verdict.simulated,
        runs=tuple(
            FoundRun(
                run,
                _verdict(review, run.until, judged),
                _is_retroactive(review, run),
                outcome.foreseen.get(run.until),
            )
            for run in standing.runs
        ),
        binding=target.binding,
        corrected=tuple(
            Corrected(one.since, one.until, _verdict(review, one.until, judged), outcome.foreseen.get(one.until))
            for one in outcome.corrected
        ),
        stale_since=standing.stale_since,
        triggers=tuple(triggers),
        suspensions=() if breach is None else _suspensions(review.history, governing),
        foreseen=outcome.foreseen.get(governing),
    )


def _suspensions(history: TargetHistory, governing: Period) -> tuple[Suspension, ...]:
    return tuple(one for one in history.suspensions if one.until >= governing.end)


def _verdict(review: Review, period: Period, judged: Mapping[str, Judged]) -> Judged | None:
    head = review.heads.get(period)
    return None if head is None else judged.get(head.verdict_id)


def _explained(history: TargetHistory, verdict: Judged | None) -> Judged | None:
    """Say beside the verdict that the plan has the target no more."""
    if verdict is None or not history.is_withdrawn:
        return verdict
    return replace(verdict, reasons=(target_withdrawn(history.withdrawn_on), *verdict.reasons))


def _is_retroactive(review: Review, run: Run) -> bool:
    """Whether good or bad had been said of the period in which the run fired, or a later one, before it was found."""
    told = None if review.told is None else review.told.told(run)
    if told is not None:
        return told.retroactive
    return any(head.status not in SILENT and period.end >= run.fired.end for period, head in review.before.items())
