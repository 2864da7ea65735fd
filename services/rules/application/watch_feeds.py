"""Looks at which reports are overdue: load, decide. Whoever calls saves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from services.rules.application.ports import Stores
from services.rules.domain.feed import Feed
from services.rules.domain.finding import Finding, FindingHead, FindingKey, Trigger, next_sequence
from services.rules.domain.ledger import Ledger
from services.rules.domain.overdue import CHAINS, Silence, silences_of
from services.rules.domain.overdue_finding import Watch, overdue_finding, overdue_key
from shared.kernel.period import Period


@dataclass(frozen=True, slots=True)
class Watched:
    """What is to be told of feeds, with its sequence, and the reports of each feed that are missing now."""

    news: tuple[tuple[int, Finding], ...] = ()
    missing: Mapping[Feed, tuple[Period, ...]] = field(default_factory=dict)
    changed: frozenset[Feed] = frozenset()

    def missing_of(self, feeds: Iterable[Feed]) -> tuple[Period, ...]:
        """Return the missing reports of any of the feeds."""
        return tuple(sorted({period for feed in feeds for period in self.missing.get(feed, ())}))


async def watch_feeds(
    stores: Stores, city: str, ledger: Ledger, *, day: date | None = None, triggers: tuple[Trigger, ...] = ()
) -> Watched:
    """Return how the feeds of a locked city stand on a day.

    Without a day it is that of the last tick that changed something: only a tick finds that nothing came, whereas what came
    ends it at once. None of the ticks after it changed anything, so nothing is told later than by them.
    """
    duty = stores.duties.cities.get(city)
    day = day or (None if duty is None else await stores.journal.last_tick(city))
    if duty is None or day is None:
        return Watched()
    watch = Watch(city=duty, duties=stores.duties, ledger=ledger, day=day)
    silences = silences_of(duty, ledger, stores.duties, day=day)
    told = await stores.findings.heads(city, {chain.id for chain in CHAINS})
    news = tuple(_news(silences, watch, told, triggers))
    missing: dict[Feed, tuple[Period, ...]] = {}
    for one in silences:
        missing[one.chain.feed] = (*missing.get(one.chain.feed, ()), *(late.period for late in one.missing))
    told_now = {finding.key for _, finding in news}
    changed = {one.chain.feed for one in silences if overdue_key(city, one.chain) in told_now}
    return Watched(news, missing, frozenset(changed))


def _news(
    silences: Iterable[Silence], watch: Watch, told: Mapping[FindingKey, FindingHead], triggers: tuple[Trigger, ...]
) -> Iterable[tuple[int, Finding]]:
    for silence in silences:
        head = told.get(overdue_key(watch.city.city, silence.chain))
        finding = overdue_finding(silence, watch, head, triggers=triggers)
        sequence = None if finding is None else next_sequence(head, finding)
        if finding is not None and sequence is not None:
            yield sequence, finding
