"""The findings of firms finally rated D: one of each area, round by round."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from services.rules.domain.alerting import Severity
from services.rules.domain.facts import ClassDFacts, RatingFact
from services.rules.domain.finding import (
    Corrected,
    Finding,
    FindingHead,
    FindingKey,
    FindingKind,
    FoundRun,
    Subject,
    Told,
    Trigger,
)
from services.rules.domain.ledger import Ledger
from services.rules.domain.runs import Run, ongoing
from services.rules.domain.signal import SignalRule
from shared.kernel.period import Period


@dataclass(frozen=True, kw_only=True)
class _Area:
    """An area with its firms of class D in any round, the rounds published, and what was told of it."""

    key: FindingKey
    firms: tuple[RatingFact, ...]
    rounds: tuple[int, ...]
    head: FindingHead | None

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        return runs_of_rounds(self.rounds, {firm.year for firm in self.firms})

    @property
    def breach(self) -> Run | None:
        return ongoing(self.runs)

    @property
    def listed(self) -> tuple[RatingFact, ...]:
        return () if self.breach is None else tuple(firm for firm in self.firms if firm.year == self.rounds[-1])


def rating_findings(
    rule: SignalRule, facts: ClassDFacts, told: Told, *, ledger: Ledger, triggers: Iterable[Trigger] = ()
) -> tuple[Finding, ...]:
    """Return one finding for each area that has, or was told to have, firms of class D in some round.

    The last published round holds: a round without a D in the area ends what the round before began.
    """
    firms: dict[str, list[RatingFact]] = {
        key.area: [] for key in told if key.target_id == rule.id and key.kind is FindingKind.RATING_D
    }
    for firm in facts.firms:
        firms.setdefault(firm.area, []).append(firm)
    because = tuple(triggers)
    found: list[Finding] = []
    for name in sorted(firms):
        key = FindingKey(rule.id, name, FindingKind.RATING_D)
        area = _Area(key=key, firms=tuple(firms[name]), rounds=facts.rounds, head=told.get(key))
        found.append(_finding(rule, area, ledger, because))
    return tuple(found)


def runs_of_rounds(rounds: Sequence[int], with_d: Collection[int]) -> tuple[Run, ...]:
    """Return the runs of rounds, of all those published, in which there was a D."""
    runs: list[Run] = []
    for year in rounds:
        period = Period.whole_year(year)
        goes_on = ongoing(runs) is not None
        if year in with_d and goes_on:
            runs[-1] = replace(runs[-1], until=period)
        elif year in with_d:
            yellow = Severity.YELLOW
            runs.append(Run(since=period, until=period, fired=period, severity=yellow, worst=yellow))
        elif goes_on:
            runs[-1] = replace(runs[-1], ended_by=period)
    return tuple(runs)


def _finding(rule: SignalRule, area: _Area, ledger: Ledger, triggers: tuple[Trigger, ...]) -> Finding:
    breach, period = area.breach, _newest(area)
    return Finding(
        key=area.key,
        city=rule.place.city,
        severity=None if breach is None else breach.severity,
        period=period,
        since=period if breach is None else breach.since,
        name=rule.name,
        unit="户",
        value=f"{len(area.listed)}户",
        plan=rule.plan,
        clause=rule.clause,
        units=rule.units,
        judged=None,
        subjects=tuple(_subject(firm) for firm in area.listed),
        simulated=ledger.simulated(firm.submission_id for firm in area.listed),
        runs=tuple(FoundRun(run, retroactive=_is_retroactive(run, area)) for run in area.runs),
        corrected=()
        if area.head is None
        else tuple(Corrected(one.since, one.until) for one in area.head.vanished(area.runs)),
        triggers=triggers,
    )


def _newest(area: _Area) -> Period:
    """Return the round that is told: the newest, or when no round is published any more the one told last."""
    if area.rounds or area.head is None:
        return Period.whole_year(area.rounds[-1])
    return area.head.period


def _subject(firm: RatingFact) -> Subject:
    return Subject(firm.uscc, firm.name, f"{firm.year}年度评价结果D类（终评）")


def _is_retroactive(run: Run, area: _Area) -> bool:
    """Whether a later round was published when the run was found."""
    told = None if area.head is None else area.head.told(run)
    return run.fired.year != area.rounds[-1] if told is None else told.retroactive
