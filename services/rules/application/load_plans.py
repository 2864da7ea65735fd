"""Takes plans in: keeps new versions, and gives every target its first verdict."""

from dataclasses import dataclass
from datetime import datetime

from services.rules.application.catalogue import PlanDefinition
from services.rules.application.evaluate_city import Evaluation, evaluate_city
from services.rules.application.ports import Round, Stores
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
    if not changed:
        return Loaded(0, ())
    catalogue = await stores.plans.catalogue()
    await stores.facts.lock(catalogue.cities)
    entry = Round(cities=catalogue.cities, cause="plans", subjects=changed, correlation_id=command.correlation_id)
    at = await stores.journal.begin(entry, now=now)
    verdicts: list[Verdict] = []
    for city in catalogue.cities:
        evaluation = Evaluation(
            city=city,
            touches=await _signal_touches(stores, city),
            now=at,
            correlation_id=command.correlation_id,
            whole=True,
        )
        verdicts += await evaluate_city(stores, catalogue.of(city), evaluation)
    return Loaded(len(changed), tuple(verdicts))


async def _signal_touches(stores: Stores, city: str) -> tuple[Touch, ...]:
    """A changed plan may have other signal rules: look at the newest report of each feed again."""
    ledger = await stores.facts.ledger(city)
    latest = {feed: [one.period for one in ledger.reports if one.feed is feed] for feed in Feed}
    return tuple(Touch(feed=feed, period=max(periods), begins=False) for feed, periods in latest.items() if periods)
