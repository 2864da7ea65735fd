"""Takes plans and the ranks of authorities in: keeps new versions, and judges what they change."""

from dataclasses import dataclass
from datetime import datetime

from services.rules.application.catalogue import Catalogue, PlanDefinition
from services.rules.application.evaluate_city import Evaluation, evaluate_city
from services.rules.application.journal import Round
from services.rules.application.ports import Stores
from services.rules.domain.agenda import Touch, published_places
from services.rules.domain.authority import RankedAuthority
from services.rules.domain.feed import Feed
from services.rules.domain.ledger import Ledger
from services.rules.domain.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadPlans:
    """The plans and the ranks as their files define them now; ranks that are None stay as they are."""

    plans: tuple[PlanDefinition, ...]
    correlation_id: str
    authorities: tuple[RankedAuthority, ...] | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many plans changed, and the verdicts that followed."""

    changed_plans: int
    verdicts: tuple[Verdict, ...]


async def load_plans(stores: Stores, command: LoadPlans, *, now: datetime) -> Loaded:
    """Store what changed and judge targets never judged in their version for every known period; other ranks may change
    every verdict of published figures, and of rows that several sources send.
    """
    changed = await stores.plans.store(command.plans, now=now)
    reranked = command.authorities is not None and await stores.authorities.store(command.authorities, now=now)
    if not changed and not reranked:
        return Loaded(0, ())
    catalogue = await stores.plans.catalogue()
    await stores.facts.lock(catalogue.cities)
    subjects = (*changed, *(("authorities",) if reranked else ()))
    entry = Round(cities=catalogue.cities, cause="plans", subjects=subjects, correlation_id=command.correlation_id)
    at = await stores.journal.begin(entry, now=now)
    figures = await _figure_touches(stores, catalogue) if reranked else ()
    verdicts: list[Verdict] = []
    for city in catalogue.cities:
        ledger = await stores.facts.ledger(city)
        evaluation = Evaluation(
            city=city,
            touches=(
                *figures,
                *(_row_touches(ledger) if reranked else ()),
                *(_signal_touches(ledger) if changed else ()),
            ),
            now=at,
            correlation_id=command.correlation_id,
            whole=True,
        )
        verdicts += await evaluate_city(stores, catalogue.of(city), evaluation)
    return Loaded(len(changed), tuple(verdicts))


def _row_touches(ledger: Ledger) -> tuple[Touch, ...]:
    """Look again at every report of a feed whose rows may be another source's now."""
    return tuple(
        Touch(feed=one.feed, period=one.period, begins=False)
        for one in ledger.of_several_sources()
        if one.feed is not Feed.INDICATORS
    )


def _signal_touches(ledger: Ledger) -> tuple[Touch, ...]:
    """A changed plan may have other signal rules: look at the newest report of each feed again."""
    latest = {feed: [one.period for one in ledger.reports if one.feed is feed] for feed in Feed}
    return tuple(Touch(feed=feed, period=max(periods), begins=False) for feed, periods in latest.items() if periods)


async def _figure_touches(stores: Stores, catalogue: Catalogue) -> tuple[Touch, ...]:
    """Look at every published figure again that a target is judged by."""
    places = {place for target in catalogue.targets for place in published_places(target)}
    cells = await stores.facts.known_cells(places) if places else frozenset()
    periods = [cell.value_period for cell in cells]
    return (Touch(feed=Feed.INDICATORS, period=max(periods), cells=cells, begins=False),) if periods else ()
