"""Foresees anew what may have changed: the targets reviewed, and those of later years, whose season their figures teach."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.rules.application.catalogue import CityCatalogue
from services.rules.application.ports import Stores
from services.rules.application.review_targets import Basis
from services.rules.domain.attainment import attainment_outcome, has_rule
from services.rules.domain.finding import FindingKind
from services.rules.domain.review import Heads, Outcome, Review, key_of
from services.rules.domain.stated_forecast import StatedForecast, earlier_years, stated_forecast
from services.rules.domain.target_history import TargetHistory


@dataclass(frozen=True, slots=True)
class Prospect:
    """A target with what it is foreseen from: its own verdicts, and those of the same figure in earlier years."""

    history: TargetHistory
    heads: Heads
    earlier: tuple[Heads, ...]


async def prospects_of(
    stores: Stores, city: CityCatalogue, name: str, reviews: Sequence[Review]
) -> tuple[Prospect, ...]:
    """Return the targets reviewed and the same of later years. `name` is the city's."""
    reviewed = {review.history.latest.id: review.heads for review in reviews}
    wanted = foreseen_from(city, reviewed)
    earlier = {one: _years_before(city, one) for one in wanted}
    others = {*wanted, *(one for years in earlier.values() for one in years)} - set(reviewed)
    kept = await stores.verdicts.heads(name, others) if others else {}
    heads: Mapping[str, Heads] = {**kept, **reviewed}
    return tuple(
        Prospect(city.histories[one], heads[one], tuple(heads[year] for year in earlier[one])) for one in wanted
    )


def foreseen_from(city: CityCatalogue, target_ids: Iterable[str]) -> tuple[str, ...]:
    """Return the targets, and the same of later years, each once."""
    found = (one for target_id in target_ids for one in _of_later_years(city, target_id))
    return tuple(dict.fromkeys(found))


def _of_later_years(city: CityCatalogue, target_id: str) -> Iterator[str]:
    latest = city.histories[target_id].latest
    family = city.family(latest)
    return (one.id for one in family if one.id == latest.id or one.horizon.year > latest.horizon.year)


def _years_before(city: CityCatalogue, target_id: str) -> tuple[str, ...]:
    latest = city.histories[target_id].latest
    return tuple(one.id for one in earlier_years(latest, city.family(latest)))


async def foresee_targets(stores: Stores, name: str, prospects: Sequence[Prospect]) -> tuple[StatedForecast, ...]:
    """Return the forecasts that say something else than what is stated now."""
    ids = [one.history.latest.id for one in prospects]
    stated = await stores.forecasts.heads(name, ids) if ids else {}
    found = (stated_forecast(one.history, one.heads, one.earlier) for one in prospects)
    return tuple(one for one in found if _is_news(one, stated.get(one.target.id)))


def _is_news(found: StatedForecast, stated: str | None) -> bool:
    """Whether it must be stated: that there is nothing to say only where something was said."""
    return not found.is_empty if stated is None else stated != found.fingerprint


def attainment_outcomes(prospects: Iterable[Prospect], basis: Basis) -> Iterator[Outcome]:
    """Yield what the rules on forecasts come to: of targets that have one, and of those told of while they had one."""
    for one in prospects:
        if has_rule(one.history) or key_of(one.history.latest, FindingKind.FORECAST) in basis.told:
            outcome = attainment_outcome(basis.review(one.history, FindingKind.FORECAST, one.heads), one.earlier)
            if outcome is not None:
                yield outcome
