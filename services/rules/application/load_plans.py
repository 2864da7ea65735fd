"""Takes plans and the ranks of authorities in: keeps new versions, and judges what they change."""

from dataclasses import dataclass
from datetime import datetime

from services.rules.application.evaluate_city import Evaluation, evaluate_city
from services.rules.application.ports import Catalogue, PlanDefinition, Stores
from services.rules.domain.agenda import Touch
from services.rules.domain.authority import RankedAuthority
from services.rules.domain.feed import Feed
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
    every verdict of published figures.
    """
    changed = await stores.plans.store(command.plans, now=now)
    reranked = command.authorities is not None and await stores.authorities.store(command.authorities, now=now)
    catalogue = await stores.plans.catalogue()
    await stores.facts.lock(catalogue.cities)
    figures = await _figure_touches(stores, catalogue) if reranked else ()
    verdicts: list[Verdict] = []
    for city in catalogue.cities:
        touches = (*figures, *(await _signal_touches(stores, city) if changed else ()))
        evaluation = Evaluation(city=city, touches=touches, now=now, correlation_id=command.correlation_id)
        verdicts += await evaluate_city(stores, catalogue, evaluation)
    return Loaded(changed, tuple(verdicts))


async def _signal_touches(stores: Stores, city: str) -> tuple[Touch, ...]:
    """A changed plan may have other signal rules: look at the newest report of each feed again."""
    ledger = await stores.facts.ledger(city)
    latest = {feed: [one.period for one in ledger.submissions if one.feed is feed] for feed in Feed}
    return tuple(Touch(feed=feed, period=max(periods)) for feed, periods in latest.items() if periods)


async def _figure_touches(stores: Stores, catalogue: Catalogue) -> tuple[Touch, ...]:
    """Look at every published figure again that a target is judged by."""
    measured = {target.indicator.id for target in catalogue.targets}
    measured |= {target.reference.indicator.id for target in catalogue.targets if target.reference is not None}
    cells = await stores.facts.known_cells(measured)
    periods = [cell.value_period for cell in cells]
    return (Touch(feed=Feed.INDICATORS, period=max(periods), cells=cells),) if periods else ()
