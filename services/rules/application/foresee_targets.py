"""States the forecast anew of every target whose verdicts changed, or those of an earlier year of the same figure."""

from collections.abc import Collection, Iterator, Mapping

from services.rules.application.catalogue import CityCatalogue
from services.rules.application.ports import Stores
from services.rules.domain.judged import VerdictHead
from services.rules.domain.lagging import Review
from services.rules.domain.stated_forecast import StatedForecast, earlier_years, stated_forecast
from services.rules.domain.target import Target
from shared.kernel.period import Period

Heads = Mapping[str, Mapping[Period, VerdictHead]]


async def foresee_targets(
    stores: Stores, city: CityCatalogue, name: str, reviews: Collection[Review]
) -> tuple[StatedForecast, ...]:
    """Return the forecasts that say something else than what is stated now. `name` is the city's."""
    reviewed = {review.history.latest.id: review for review in reviews}
    wanted = {one.id: one for review in reviews for one in _of_later_years(city, review)}
    earlier = {target_id: earlier_years(one, city.family(one)) for target_id, one in wanted.items()}
    others = {*wanted, *(one.id for years in earlier.values() for one in years)} - set(reviewed)
    kept = await stores.verdicts.heads(name, others) if others else {}
    heads = {**kept, **{target_id: review.heads for target_id, review in reviewed.items()}}
    stated = await stores.forecasts.heads(name, list(wanted)) if wanted else {}
    found = _stated(city, wanted, earlier, heads)
    return tuple(one for one in found if _is_news(one, stated.get(one.target.id)))


def _is_news(found: StatedForecast, stated: str | None) -> bool:
    """Whether it must be stated: that there is nothing to say only where something was said."""
    return not found.is_empty if stated is None else stated != found.fingerprint


def _of_later_years(city: CityCatalogue, review: Review) -> Iterator[Target]:
    """Yield the target reviewed, and the same of later years: its figures teach theirs."""
    latest = review.history.latest
    return (one for one in city.family(latest) if one.id == latest.id or one.horizon.year > latest.horizon.year)


def _stated(
    city: CityCatalogue, wanted: Collection[str], earlier: Mapping[str, tuple[Target, ...]], heads: Heads
) -> Iterator[StatedForecast]:
    for target_id in wanted:
        before = (heads[one.id] for one in earlier[target_id])
        yield stated_forecast(city.histories[target_id], heads[target_id], before)
