"""Finds where a plan contradicts itself, or an earlier plan of its city, and compares that with what its head records.

Two plans that contradict each other: the later one records it, for only it could have known. References to the earlier one
carry its id.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import yaml

from shared.plans.contradicting_numbers import contradicting_figures, contradicting_mentions, contradicting_plans
from shared.plans.contradicting_paths import missed_paces, wrong_sums, wrong_turns
from shared.plans.contradiction import Contradiction
from shared.plans.document_text import compact
from shared.plans.history import figures_of
from shared.plans.loader import Plan
from shared.plans.mention import TargetRef
from shared.plans.model import BilingualName
from shared.plans.statements import (
    Measures,
    Mention,
    find_target,
    mentions_of,
    restatement_mentions,
    target_mentions,
    targets_of,
)

Key = tuple[str, frozenset[TargetRef]]


def find_contradictions(plan: Plan, plans: Mapping[str, Plan], measures: Measures) -> tuple[Contradiction, ...]:
    """Return every contradiction the plan's head must record; one for each kind and set of numbers, in the order found."""
    found: defaultdict[Key, list[Contradiction]] = defaultdict(list)
    for contradiction in _found(plan, plans, measures):
        found[key_of(contradiction)].append(contradiction)
    return tuple(_merged(same) for same in found.values())


def key_of(contradiction: Contradiction) -> Key:
    """Return what identifies a contradiction within a plan, in whatever order it names the numbers."""
    return contradiction.kind, frozenset(contradiction.between)


def same_quotes(one: Contradiction, other: Contradiction) -> bool:
    """Whether both quote the same words, in whatever order, white space aside."""
    return {compact(quote) for quote in one.quotes} == {compact(quote) for quote in other.quotes}


def as_recorded(found: Iterable[Contradiction], recorded: Iterable[Contradiction]) -> tuple[Contradiction, ...]:
    """Return what is found, in the words of the record where there is one that holds."""
    known = {key_of(one): one for one in recorded}
    return tuple(
        record if (record := known.get(key_of(one))) is not None and same_quotes(record, one) else one for one in found
    )


def as_yaml(contradiction: Contradiction) -> str:
    """Return the entry for the head's `contradictions`, on one line."""
    content = contradiction.model_dump(mode="json")
    text: str = yaml.safe_dump([content], allow_unicode=True, sort_keys=False, default_flow_style=True, width=10**6)
    return f"- {text.strip()[1:-1]}"


def _found(plan: Plan, plans: Mapping[str, Plan], measures: Measures) -> Iterator[Contradiction]:
    own = list(target_mentions(plan, measures))
    figures = list(figures_of(plan, measures))
    restated = list(restatement_mentions(plan, plans, measures))
    yield from contradicting_mentions([*own, *_foreign(plan, plans, measures), *restated])
    for ref, target in targets_of(plan):
        yield from wrong_turns(target, ref)
        yield from missed_paces(target, ref)
    yield from wrong_sums(plan, plans, measures)
    yield from contradicting_figures(figures)
    for other in _earlier(plan, plans):
        theirs = _comparable(plan, other, target_mentions(other, measures))
        yield from contradicting_plans(own, theirs, other.head.id)
        yield from contradicting_figures(figures, list(figures_of(other, measures)), other.head.id)


def _foreign(plan: Plan, plans: Mapping[str, Plan], measures: Measures) -> Iterator[Mention]:
    """Return what the targets of other plans state that this plan restates."""
    refs = dict.fromkeys(
        restatement.target
        for clause in plan.clauses
        for restatement in clause.restatements
        if ":" in restatement.target
    )
    for ref in refs:
        found = find_target(ref, plan, plans)
        if found is not None:
            home, target = found
            yield from mentions_of(target, ref, home, measures)


def _earlier(plan: Plan, plans: Mapping[str, Plan]) -> tuple[Plan, ...]:
    city = (other for other in plans.values() if other.head.city == plan.head.city)
    return tuple(other for other in city if _order(other) < _order(plan))


def _order(plan: Plan) -> tuple[int, str, str]:
    issued = plan.head.issued_on
    return plan.head.effective.first_year, issued.isoformat() if issued else "", plan.head.id


def _comparable(plan: Plan, other: Plan, mentions: Iterator[Mention]) -> Iterator[Mention]:
    """Leave out annual targets of plans that have no year in common."""
    overlap = not set(plan.head.effective.years).isdisjoint(other.head.effective.years)
    return (mention for mention in mentions if overlap or mention.quantity.years is not None)


def _merged(same: list[Contradiction]) -> Contradiction:
    if len(same) == 1:
        return same[0]
    return Contradiction(
        kind=same[0].kind,
        between=same[0].between,
        quotes=tuple(dict.fromkeys(quote for one in same for quote in one.quotes)),
        note=BilingualName(zh="；".join(one.note.zh for one in same), en="; ".join(one.note.en for one in same)),
    )
