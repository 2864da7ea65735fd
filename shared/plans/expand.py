"""Turns a plan's clauses into the targets that are judged: each year of an annual one, each milestone, each area's part."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from shared.kernel.ids import text_hash
from shared.kernel.period import Period
from shared.plans.decomposition import Part
from shared.plans.horizon import Annual, CumulativeBy, GrowthOver, LevelAtYear, PaceShare, SchedulePace, SteppedPace
from shared.plans.loader import Plan
from shared.plans.mention import Baseline, Target
from shared.plans.responsible import Responsible
from shared.plans.schema import Clause, Head, SignalRule
from shared.plans.statements import number_ref
from shared.plans.suspension import Suspension


@dataclass(frozen=True, slots=True, kw_only=True)
class YearTarget:
    """One target for one year: what is judged, told and traced.

    `since_year` is the first year whose figures count (the year itself unless the horizon is cumulative; the base year of a
    mean growth). `baseline` is where its path begins: the target's, or the milestone before it. `part_of` is the whole that
    this one is an area's part of. `version` changes with every word of the definition, the responsible units included, and
    with what is suspended of its own days.
    """

    id: str
    version: str
    head: Head
    clause: Clause
    definition: Target
    value: Decimal | None
    quote: str
    baseline: Baseline | None
    area: str
    since_year: int
    year: int
    responsible: Responsible
    part_of: str | None = None
    suspensions: tuple[Suspension, ...] = ()

    @property
    def quote_sha256(self) -> str:
        """The SHA-256 of the quoted words."""
        return text_hash(self.quote)

    @property
    def first_year(self) -> int:
        """The first year in which the target is looked at."""
        return _first_year(self.head, self.baseline, self.year)

    @property
    def last_period(self) -> Period:
        """The report or year whose verdict is final: the last step of the pace, else the end of the year."""
        return _last_period(self.definition, self.year)

    def period_of_step(self, step: PaceShare) -> Period:
        """Return the monthly report in which a step of the pace is judged."""
        return _period_of_step(step, self.year)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSignal:
    """One signal rule of a plan, with the clause it stands in."""

    id: str
    version: str
    head: Head
    clause: Clause
    rule: SignalRule
    responsible: Responsible

    @property
    def quote_sha256(self) -> str:
        """The SHA-256 of the quoted words."""
        return text_hash(self.rule.quote)


def expand_targets(plan: Plan) -> tuple[YearTarget, ...]:
    """Return every target of the plan in the order of the document: years in order, areas' parts after their whole."""
    return tuple(
        _suspended(one, plan, judged_days(plan.head, target, step))
        for clause in plan.clauses
        for target in clause.targets
        for step in steps_of(plan.head, target)
        for whole in (_year_target(plan, clause, target, step),)
        for one in (whole, *_parts(plan, whole))
    )


def expand_signals(plan: Plan) -> tuple[PlanSignal, ...]:
    """Return every signal rule of the plan."""
    return tuple(
        PlanSignal(
            id=f"{plan.head.id}/{clause.id}/{rule.slug}",
            version=_version(rule.model_dump(mode="json"), responsible.model_dump(mode="json")),
            head=plan.head,
            clause=clause,
            rule=rule,
            responsible=responsible,
        )
        for clause in plan.clauses
        for responsible in (responsible_for(plan, clause),)
        for rule in clause.signals
    )


def responsible_for(plan: Plan, clause: Clause, own: Responsible | None = None) -> Responsible:
    """Return who answers: named for the number itself, by its clause, or else the plan's office; with those who implement."""
    named = own or clause.responsible or plan.head.office
    implementing = plan.head.implementing
    if implementing is None:
        return named
    ids = [one.id for one in plan.clauses]
    if ids.index(clause.id) < ids.index(implementing.from_clause):
        return named
    added = tuple(unit for unit in implementing.units if unit not in named.names)
    return named.model_copy(update={"implementing": (*named.implementing, *added)})


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a target's path: a milestone, or its own horizon."""

    since_year: int
    year: int
    value: Decimal | None
    quote: str
    baseline: Baseline | None


def steps_of(head: Head, target: Target) -> Iterator[Step]:
    """Return what is judged of a target: its milestones, then its own horizon; an annual target in each year."""
    baseline = target.baseline
    for milestone in target.milestones:
        quote = target.quote_of(milestone)
        yield Step(milestone.year, milestone.year, milestone.value, quote, baseline)
        baseline = Baseline(value=milestone.value, year=milestone.year, quote=quote)
    for since_year, year in _years(head, target):
        yield Step(since_year, year, target.value, target.quote, baseline)


def judged_days(head: Head, target: Target, step: Step) -> tuple[date, date]:
    """Return the first and the last day of the periods for which a step is judged."""
    first = _first_year(head, step.baseline, step.year)
    if isinstance(target.horizon, Annual):
        first = max(first, step.since_year)
    return date(first, 1, 1), _last_period(target, step.year).end


def _first_year(head: Head, baseline: Baseline | None, year: int) -> int:
    begins = head.effective.first_year
    return min(begins if baseline is None else max(begins, baseline.year + 1), year)


def _last_period(target: Target, year: int) -> Period:
    pace = target.pace
    if isinstance(pace, SteppedPace | SchedulePace):
        return _period_of_step(pace.shares[-1], year)
    return Period.whole_year(year) if target.frequency == "year" else Period.month(year, 12)


def _period_of_step(step: PaceShare, year: int) -> Period:
    return Period.month(year + step.years_after, step.month)


def _years(head: Head, target: Target) -> tuple[tuple[int, int], ...]:
    match target.horizon:
        case Annual(since=since, year=last):
            years = range(since or head.effective.first_year, (last or head.effective.last_year) + 1)
            return tuple((year, year) for year in years)
        case LevelAtYear(year=year):
            return ((year, year),)
        case CumulativeBy(year=year, since=since):
            return ((since or head.effective.first_year, year),)
        case GrowthOver(year=year, since=since):
            return ((since, year),)


def _year_target(plan: Plan, clause: Clause, target: Target, step: Step) -> YearTarget:
    head = plan.head
    responsible = responsible_for(plan, clause, target.responsible)
    words = (target.model_dump(mode="json"), responsible.model_dump(mode="json"), head.city, step.since_year, step.year)
    return YearTarget(
        id=f"{head.id}/{number_ref(clause, target)}@{step.year}",
        version=_version(*words),
        head=head,
        clause=clause,
        definition=target,
        value=step.value,
        quote=step.quote,
        baseline=step.baseline,
        area=target.area or head.city,
        since_year=step.since_year,
        year=step.year,
        responsible=responsible,
    )


def _suspended(one: YearTarget, plan: Plan, days: tuple[date, date]) -> YearTarget:
    """Return the target with what is suspended of its own days; one of which nothing is stays what it was, its version too."""
    ref = number_ref(one.clause, one.definition)
    found = tuple(rest for rest in plan.suspensions if rest.concerns(ref, one.area) and rest.touches(*days))
    if not found:
        return one
    return replace(
        one, suspensions=found, version=_version(one.version, [rest.model_dump(mode="json") for rest in found])
    )


# ---- areas' parts -----------------------------------------------------------------------------------------------


def _parts(plan: Plan, whole: YearTarget) -> Iterator[YearTarget]:
    if plan.decomposition is None:
        return
    name = number_ref(whole.clause, whole.definition)
    for breakdown in plan.decomposition.breakdowns:
        if breakdown.target == name and breakdown.year in (None, whole.year):
            yield from (_part(whole, part) for part in breakdown.parts)


def _part(whole: YearTarget, part: Part) -> YearTarget:
    responsible = Responsible(implementing=(part.unit,), basis="decomposition")
    stem, _, year = whole.id.rpartition("@")
    return YearTarget(
        id=f"{stem}/{part.area}@{year}",
        version=_version(whole.version, part.model_dump(mode="json")),
        head=whole.head,
        clause=whole.clause,
        definition=whole.definition,
        value=part_value(part, whole.value),
        quote=whole.quote,
        baseline=None,
        area=part.area,
        since_year=whole.since_year,
        year=whole.year,
        responsible=responsible,
        part_of=whole.id,
    )


def part_value(part: Part, whole: Decimal | None) -> Decimal | None:
    """Return the value of an area's part, in the target's unit; None when the whole is relative and only a share is given."""
    if part.value is not None:
        return part.value
    return None if whole is None or part.share is None else part.share * whole


def _version(*parts: object) -> str:
    return text_hash(json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":")))[:16]
