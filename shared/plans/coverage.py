"""How much of a document its plan accounts for, and how much of that is monitored: counts for people and programs."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.plans.catalogue import Indicator
from shared.plans.expand import expand_targets
from shared.plans.loader import Plan
from shared.plans.monitorable import feeds_for, monitorability
from shared.plans.overlay import Overlay
from shared.plans.schema import ClassDFinal, Clause

STATES = ("now", "needs_data", "cannot")
FEEDS = ("enterprises", "projects", "ratings", "recognitions", "indicators")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCoverage:
    """The counts of one plan.

    `facts` counts values. `year_targets` is what is judged: years and milestones one by one; `parts` those of areas.
    `monitorable` counts targets and unmonitored numbers, `by_feed` targets by each feed they read (a target may read
    two) and rating signals. `numerals` counts the text's numerals by what accounts for them (`uncovered`: nothing); None
    without the text.
    """

    plan: str
    clauses: Mapping[str, int]
    targets: int
    restatements: int
    unmonitored: int
    facts: int
    signals: int
    exemptions: int
    contradictions: Mapping[str, int]
    year_targets: int
    parts: int
    horizons: Mapping[str, int]
    monitorable: Mapping[str, int]
    by_feed: Mapping[str, int]
    numerals: Mapping[str, int] | None


def coverage_of(plan: Plan, indicators: Mapping[str, Indicator], overlay: Overlay | None) -> PlanCoverage:
    """Count what the plan holds; of a plan that lint accepts."""
    clauses, targets = plan.clauses, [target for clause in plan.clauses for target in clause.targets]
    unmonitored = [entry for clause in clauses for entry in clause.unmonitored]
    states = Counter[str](monitorability(one, indicators[one.indicator], indicators).state for one in targets)
    states["cannot"] = len(unmonitored)
    feeds = Counter[str](feed for target in targets for feed in feeds_for(target, indicators))
    feeds["ratings"] = _rating_signals(clauses)
    judged = expand_targets(plan)
    return PlanCoverage(
        plan=plan.head.id,
        clauses=dict(Counter(clause.kind for clause in clauses)),
        targets=len(targets),
        restatements=sum(len(clause.restatements) for clause in clauses),
        unmonitored=len(unmonitored),
        facts=sum(len(fact.values) for clause in clauses for fact in clause.facts),
        signals=sum(len(clause.signals) for clause in clauses),
        exemptions=len(plan.head.exemptions) + sum(len(clause.exemptions) for clause in clauses),
        contradictions=dict(Counter(one.kind for one in plan.head.contradictions)),
        year_targets=sum(one.part_of is None for one in judged),
        parts=sum(one.part_of is not None for one in judged),
        horizons=dict(Counter(target.horizon.kind for target in targets)),
        monitorable={state: states[state] for state in STATES},
        by_feed={feed: feeds[feed] for feed in FEEDS},
        numerals=None if overlay is None else _numerals(overlay),
    )


def _rating_signals(clauses: Iterable[Clause]) -> int:
    return sum(isinstance(rule, ClassDFinal) for clause in clauses for rule in clause.signals)


def _numerals(overlay: Overlay) -> Mapping[str, int]:
    uses = (overlay.use_of(one) for place in overlay.places for one in overlay.numerals_of(place))
    return dict(Counter(use or "uncovered" for use in uses))
