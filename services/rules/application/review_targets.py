"""Looks at targets again: those with new verdicts, those whose feeds fell silent or came back, or all of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.rules.application.catalogue import CityCatalogue
from services.rules.application.watch_feeds import Watched
from services.rules.domain.finding import FindingHead, FindingKey, FindingKind
from services.rules.domain.judged import VerdictHead, head_of
from services.rules.domain.ledger import Ledger
from services.rules.domain.review import Heads as HeadsOfOne
from services.rules.domain.review import Review, key_of
from services.rules.domain.target_history import TargetHistory
from services.rules.domain.verdict import Verdict
from shared.kernel.period import Period

Heads = dict[str, dict[Period, VerdictHead]]
Told = dict[FindingKey, FindingHead]
_OF_TARGETS = (FindingKind.LAGGING, FindingKind.FORECAST)


@dataclass(frozen=True, slots=True)
class Basis:
    """What a review compares with: verdicts and findings of before, what came, and what did not."""

    before: Heads
    told: Mapping[FindingKey, FindingHead]
    ledger: Ledger
    watched: Watched

    def review(self, history: TargetHistory, kind: FindingKind, heads: HeadsOfOne) -> Review:
        """Return the review of a target for one kind of finding; `heads` are its verdicts as they are now."""
        target = history.latest
        feeds = target.indicator.derivation.feeds
        return Review(
            history=history,
            heads=heads,
            before=self.before.get(target.id, heads),
            told=self.told.get(key_of(target, kind)),
            kind=kind,
            is_waiting=self.ledger.waits_for(feeds),
            missing=self.watched.missing_of(feeds),
        )

    def tells_breach(self, history: TargetHistory) -> bool:
        """Whether a breach of the target was told that went on."""
        heads = (self.told.get(key_of(history.latest, kind)) for kind in _OF_TARGETS)
        return any(head is not None and head.is_breach for head in heads)


def fed_by(city: CityCatalogue, watched: Watched) -> set[str]:
    """Return the targets that depend on a feed of which something is told."""
    return {one.id for one in city.targets if not watched.changed.isdisjoint(one.indicator.derivation.feeds)}


def reviews_of(city: CityCatalogue, verdicts: Sequence[Verdict], basis: Basis, *, whole: bool) -> Iterator[Review]:
    """Yield a review of every target with a new verdict, and of every breach told whose feed fell silent or came back.

    When plans changed (`whole`) it is every target there is.
    """
    new: Heads = {}
    for verdict in verdicts:
        before = basis.before[verdict.target.id].get(verdict.period)
        new.setdefault(verdict.target.id, {})[verdict.period] = head_of(verdict).after(before)
    fed = {one for one in fed_by(city, basis.watched) if basis.tells_breach(city.histories[one])}
    for target_id in sorted(basis.before if whole else fed.union(new)):
        heads = {**basis.before[target_id], **new.get(target_id, {})}
        yield basis.review(city.histories[target_id], FindingKind.LAGGING, heads)
