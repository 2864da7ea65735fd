"""One quantity, two numbers: targets and restatements that differ in value or words, historic figures that differ."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from shared.plans.contradiction import Contradiction, ContradictionKind
from shared.plans.history import Figure
from shared.plans.model import BilingualName
from shared.plans.statements import Mention, Quantity

_VALUES = ("同一目标有不同数值", "one target has several values")


def contradicting_mentions(mentions: Iterable[Mention]) -> Iterator[Contradiction]:
    """Find quantities of one plan with several values, and values of one quantity with several qualifiers."""
    for group in _by_quantity(mentions).values():
        values = {one.value for one in group}
        if len(values) > 1:
            yield _between("value", group, *_VALUES)
        for value in sorted(values):
            yield from _qualifiers([one for one in group if one.value == value and one.words is not None])


def contradicting_plans(own: Iterable[Mention], other: Iterable[Mention], other_id: str) -> Iterator[Contradiction]:
    """Find quantities to which another plan's targets give other values, or the same value in other words."""
    theirs = _by_quantity(replace(one, ref=f"{other_id}:{one.ref}") for one in other)
    for quantity, ours in _by_quantity(own).items():
        group = [*ours, *theirs.get(quantity, ())]
        if len({one.value for one in group}) > 1 and quantity in theirs:
            yield _between("value", group, *_VALUES)
        elif quantity in theirs:
            yield from _qualifiers([one for one in group if one.words is not None])


def contradicting_figures(
    own: Sequence[Figure], other: Sequence[Figure] = (), other_id: str = ""
) -> Iterator[Contradiction]:
    """Find historic figures with two values: within one plan, or with `other` between two plans only."""
    theirs = _by_key(replace(one, ref=f"{other_id}:{one.ref}") for one in other)
    for key, ours in _by_key(own).items():
        against = theirs.get(key, []) if other_id else ours
        apart = [(one, two) for one in ours for two in against if not one.agrees_with(two)]
        group = list(dict.fromkeys(figure for pair in apart for figure in pair))
        if group:
            yield _between(
                "fact", group, "同一时期的同一数值有不同写法", "one figure of one period is given differently"
            )


def _by_quantity(mentions: Iterable[Mention]) -> dict[Quantity, list[Mention]]:
    groups: defaultdict[Quantity, list[Mention]] = defaultdict(list)
    for mention in mentions:
        groups[mention.quantity].append(mention)
    return groups


def _by_key(figures: Iterable[Figure]) -> dict[tuple[str, str, str, str, str], list[Figure]]:
    groups: defaultdict[tuple[str, str, str, str, str], list[Figure]] = defaultdict(list)
    for figure in figures:
        groups[figure.key].append(figure)
    return groups


def _qualifiers(group: Sequence[Mention]) -> Iterator[Contradiction]:
    if len({one.words for one in group}) > 1:
        yield _between("qualifier", group, "数值相同，限定词不同", "the same value with different qualifiers")


def _between(kind: ContradictionKind, group: Sequence[Mention | Figure], zh: str, en: str) -> Contradiction:
    """Return the contradiction of numbers that should be one: each place is named once, with what it says."""
    listed = dict.fromkeys(f"{one.ref} {one.written}" for one in group)
    return Contradiction(
        kind=kind,
        between=tuple(dict.fromkeys(one.ref for one in group)),
        quotes=tuple(dict.fromkeys(one.quote for one in group)),
        note=BilingualName(zh=f"{zh}：{'，'.join(listed)}", en=f"{en}: {', '.join(listed)}"),
    )
