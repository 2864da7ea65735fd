"""Finds that nothing came: a command of its own, so that no decision reads a clock."""

from dataclasses import dataclass
from datetime import date, datetime

from services.rules.application.evaluate_city import Evaluation, evaluate_city
from services.rules.application.journal import Round
from services.rules.application.ports import Stores
from services.rules.application.watch_feeds import watch_feeds


@dataclass(frozen=True, slots=True, kw_only=True)
class TickCity:
    """It is this day in China: look what is overdue in the city."""

    city: str
    day: date
    correlation_id: str = "tick"


async def tick_city(stores: Stores, command: TickCity, *, now: datetime) -> bool:
    """Tell what is overdue, and say whether that was new; else nothing is written.

    The second of two replicas waits for the first and finds nothing new. A day before the last tick's changes nothing, and
    after a pause one tick tells what all those left out would have told.
    """
    city = command.city
    catalogue = await stores.plans.catalogue()
    await stores.facts.lock((city,))
    day = max(command.day, await stores.journal.last_tick(city) or command.day)
    watched = await watch_feeds(stores, city, await stores.facts.ledger(city), day=day)
    if not watched.news:
        return False
    subjects = (day.isoformat(), f"calendar@{stores.duties.digest}")
    entry = Round(cities=(city,), cause="tick", subjects=subjects, correlation_id=command.correlation_id)
    at = await stores.journal.begin(entry, now=now)
    evaluation = Evaluation(city=city, touches=(), now=at, correlation_id=command.correlation_id, day=day)
    await evaluate_city(stores, catalogue.of(city), evaluation)
    return True
