"""Which units of the plans no channel reaches: found before an alert needs them (N8)."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from services.alerts.adapters.channels import Channels
from services.alerts.domain.finding import ResponsibleUnit, UnitRole
from services.alerts.domain.notice import addressees
from shared.plans.directory import UnitDirectory
from shared.plans.expand import PlanSignal, YearTarget, expand_signals, expand_targets
from shared.plans.loader import Plan
from shared.plans.responsible import ROLES, Responsible


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreachable:
    """A unit that would be told and cannot be: its city, its name as the plans write it, and for how many targets, rules and feeds."""

    city: str
    unit: str
    matters: int


def units_without_channel(channels: Channels, plans: Collection[Plan], *, on: date) -> list[Unreachable]:
    """Return the units of every plan that would be told on a day and that no channel reaches, by city and name (N8).

    Of a collective name (各县区人民政府) the members that are not reached are named. Whoever owes a feed of a city with a plan
    would be told when it is overdue.
    """
    matters: Counter[tuple[str, str]] = Counter()
    for plan in plans:
        city = plan.head.city
        for matter in _matters(plan):
            matters.update((city, name) for name in _told(city, matter.responsible, channels.directories.get(city)))
    for city in {plan.head.city for plan in plans}:
        matters.update((city, name) for name in _owing(channels.directories.get(city)))
    return [
        Unreachable(city=city, unit=name, matters=count)
        for (city, name), count in sorted(matters.items())
        if not channels.of(city, name, on=on)
    ]


def _matters(plan: Plan) -> tuple[YearTarget | PlanSignal, ...]:
    return (*expand_targets(plan), *expand_signals(plan))


def _owing(directory: UnitDirectory | None) -> tuple[str, ...]:
    """Return who owes feeds, once for each."""
    units = () if directory is None else tuple(directory.owing(feed) for feed in directory.feeds)
    return tuple(unit.name.zh for unit in units if unit is not None)


def _told(city: str, responsible: Responsible, directory: UnitDirectory | None) -> set[str]:
    """Return whom a notice would go to, members in place of a collective name."""
    units = tuple(
        ResponsibleUnit(name, UnitRole(role), name == responsible.answering)
        for role in ROLES
        for name in responsible.of(role)
    )
    names = {addressee.unit.name for addressee in addressees(city, units, lambda _city, _unit: ())}
    return {one for name in names for one in _meant(name, directory)}


def _meant(name: str, directory: UnitDirectory | None) -> tuple[str, ...]:
    unit = None if directory is None else directory.find(name)
    if directory is None or unit is None or unit.kind != "group":
        return (name,)
    return tuple(member.name.zh for member in directory.members(unit))
