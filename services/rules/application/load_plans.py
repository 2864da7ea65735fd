"""Takes plans in: keeps new versions, and gives every target its first verdict."""

from dataclasses import dataclass
from datetime import datetime

from services.rules.application.evaluate_city import Evaluation, evaluate_city
from services.rules.application.ports import PlanDefinition, Stores
from services.rules.domain.agenda import Touch
from services.rules.domain.feed import Feed
from services.rules.domain.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadPlans:
    """The plans as their files define them now."""

    plans: tuple[PlanDefinition, ...]
    correlation_id: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many plans changed, and the verdicts that followed."""

    changed_plans: int
    verdicts: tuple[Verdict, ...]


async def load_plans(stores: Stores, command: LoadPlans, *, now: datetime) -> Loaded:
    """Store what changed and judge targets never judged in their version for every known period."""
    changed = await stores.plans.store(command.plans, now=now)
    catalogue = await stores.plans.catalogue()
    await stores.facts.lock(catalogue.cities)
    verdicts: list[Verdict] = []
    for city in catalogue.cities:
        touches = await _signal_touches(stores, city) if changed else ()
        evaluation = Evaluation(city=city, touches=touches, now=now, correlation_id=command.correlation_id)
        verdicts += await evaluate_city(stores, catalogue, evaluation)
    return Loaded(changed, tuple(verdicts))


async def _signal_touches(stores: Stores, city: str) -> tuple[Touch, ...]:
    """A changed plan may have other signal rules: look at the newest report of each feed again."""
    ledger = await stores.facts.ledger(city)
    latest = {feed: [one.period for one in ledger.submissions if one.feed is feed] for feed in Feed}
    return tuple(Touch(feed=feed, period=max(periods)) for feed, periods in latest.items() if periods)
