"""What a shadow makes of the live alerts, and what changes of that from one comparison to the next."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from deploy.replay.openings import Outcome, Pair
from services.alerts.domain.finding import FindingKey

Place: TypeAlias = tuple[FindingKey, int]
Difference: TypeAlias = Mapping[Place, Pair]
"""The pairs of each target, area and kind, numbered in the order in which they opened."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What to write so that one difference becomes another."""

    gone: tuple[Place, ...]
    new: Difference


def difference_of(pairs: Iterable[Pair]) -> Difference:
    """Give every pair its place."""
    met: Counter[FindingKey] = Counter()
    found: dict[Place, Pair] = {}
    for pair in pairs:
        key = pair.shown.key
        met[key] += 1
        found[key, met[key]] = pair
    return found


def changes_between(before: Difference, after: Difference) -> Changes:
    """Return the places that are no more, and the pairs that are new or other than they were."""
    gone = tuple(place for place in before if place not in after)
    return Changes(gone, {place: pair for place, pair in after.items() if before.get(place) != pair})


def totals_of(pairs: Iterable[Pair]) -> dict[str, int]:
    """Count the alerts by what the tried plans make of them."""
    counted = Counter(pair.outcome for pair in pairs)
    return {outcome.value: counted[outcome] for outcome in Outcome}
