"""Who owes which feed and until when: the feed calendar and the plans of each city, as values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from services.rules.domain.feed import Feed
from services.rules.domain.target import Clause, Plan, Unit
from shared.kernel.period import Grain, Period


@dataclass(frozen=True, slots=True, kw_only=True)
class CityDuty:
    """What a city owes its plans: `plan` is the one that runs longest; after `last_year`, that of the last target, nothing is.

    `units` says who owes each feed, or the plan's office where nobody is named.
    """

    city: str
    plan: Plan
    last_year: int
    units: Mapping[Feed, tuple[Unit, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Duties:
    """The calendar of feeds. `working_days` counts those after one day up to and including another.

    A feed is owed after `owed_after` reports that came in time. A report later than `red_after` working days is red.
    `clause` states the rule for periods of a grain; `digest` tells calendars apart.
    """

    due_on: Callable[[Feed, Period], date | None]
    working_days: Callable[[date, date], int]
    red_after: int
    clause: Callable[[Feed, Grain], Clause]
    owed_after: Mapping[Feed, int] = field(default_factory=dict)
    cities: Mapping[str, CityDuty] = field(default_factory=dict)
    digest: str = ""


NO_DUTIES = Duties(
    due_on=lambda _feed, _period: None,
    working_days=lambda _first, _last: 0,
    red_after=1,
    clause=lambda feed, grain: Clause(f"feed-calendar/{feed}/{grain}", "", "", ""),
)
"""Nothing is owed."""
