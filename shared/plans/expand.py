"""Turns a plan's clauses into the targets that are judged: an annual clause gives one target for each plan year."""

import json
from dataclasses import dataclass

from shared.kernel.ids import text_hash
from shared.kernel.period import Period
from shared.plans.loader import Plan
from shared.plans.schema import (
    Annual,
    Clause,
    CumulativeBy,
    Head,
    LevelAtYear,
    PaceShare,
    Responsible,
    SchedulePace,
    SignalRule,
    SteppedPace,
    Target,
)


@dataclass(frozen=True, slots=True)
class YearTarget:
    """One target for one year: what is judged, told and traced.

    `since_year` is the first year whose figures count (the year itself unless the horizon is cumulative).
    `version` changes with every word of the definition, the responsible units included.
    """

    id: str
    version: str
    head: Head
    clause: Clause
    definition: Target
    area: str
    since_year: int
    year: int
    responsible: Responsible

    @property
    def quote_sha256(self) -> str:
        """The SHA-256 of the quoted words."""
        return text_hash(self.definition.quote)

    @property
    def last_period(self) -> Period:
        """The report or year whose verdict is final: the last step of the pace, else the end of the year."""
        pace = self.definition.pace
        if isinstance(pace, SteppedPace | SchedulePace):
            return self.period_of_step(pace.shares[-1])
        return Period.parse(str(self.year)) if self.definition.frequency == "year" else Period.month(self.year, 12)

    def period_of_step(self, step: PaceShare) -> Period:
        """Return the monthly report in which a step of the pace is judged."""
        return Period.month(self.year + step.years_after, step.month)


@dataclass(frozen=True, slots=True)
class PlanSignal:
    """One signal rule of a plan, with the clause it stands in."""

    id: str
    version: str
    head: Head
    clause: Clause
    rule: SignalRule

    @property
    def quote_sha256(self) -> str:
        """The SHA-256 of the quoted words."""
        return text_hash(self.rule.quote)


def expand_targets(plan: Plan) -> tuple[YearTarget, ...]:
    """Return every target of the plan, in the order of the document, an annual one year after year."""
    return tuple(
        _year_target(plan.head, clause, target, years=years)
        for clause in plan.clauses
        for target in clause.targets
        for years in _years(plan.head, target)
    )


def expand_signals(plan: Plan) -> tuple[PlanSignal, ...]:
    """Return every signal rule of the plan."""
    return tuple(
        PlanSignal(
            id=f"{plan.head.id}/{clause.id}/{rule.slug}",
            version=_version(rule.model_dump(mode="json"), clause.responsible.model_dump(mode="json")),
            head=plan.head,
            clause=clause,
            rule=rule,
        )
        for clause in plan.clauses
        for rule in clause.signals
    )


def _years(head: Head, target: Target) -> tuple[tuple[int, int], ...]:
    match target.horizon:
        case Annual():
            return tuple((year, year) for year in head.effective.years)
        case LevelAtYear(year=year):
            return ((year, year),)
        case CumulativeBy(year=year, since=since):
            return ((since or head.effective.first_year, year),)


def _year_target(head: Head, clause: Clause, target: Target, *, years: tuple[int, int]) -> YearTarget:
    responsible = target.responsible or clause.responsible
    since_year, year = years
    return YearTarget(
        id=f"{head.id}/{clause.id}/{target.slug}@{year}",
        version=_version(target.model_dump(mode="json"), responsible.model_dump(mode="json"), head.city, *years),
        head=head,
        clause=clause,
        definition=target,
        area=target.area or head.city,
        since_year=since_year,
        year=year,
        responsible=responsible,
    )


def _version(*parts: object) -> str:
    return text_hash(json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":")))[:16]
