"""What is judged: the targets and signal rules of all plans, by city, and the plans they come from."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from services.rules.domain.agenda import Agenda
from services.rules.domain.signal import SignalRule
from services.rules.domain.target import Target
from services.rules.domain.target_history import TargetHistory, histories


def _slug(target_id: str) -> str:
    """Return a target's id without its year."""
    return target_id.rpartition("@")[0]


@dataclass(frozen=True)
class CityCatalogue:
    """Everything that is judged in one city."""

    targets: tuple[Target, ...] = ()
    rules: tuple[SignalRule, ...] = ()

    @cached_property
    def agenda(self) -> Agenda:
        """The targets by what they depend on."""
        return Agenda(self.targets)

    @cached_property
    def histories(self) -> Mapping[str, TargetHistory]:
        """All versions of each target, by its id."""
        return histories(self.targets)

    @cached_property
    def _families(self) -> Mapping[str, tuple[Target, ...]]:
        families: defaultdict[str, list[Target]] = defaultdict(list)
        for target_id, history in self.histories.items():
            families[_slug(target_id)].append(history.latest)
        return {slug: tuple(targets) for slug, targets in families.items()}

    def family(self, target: Target) -> tuple[Target, ...]:
        """Return the same target in every year it is demanded for, itself included."""
        return self._families[_slug(target.id)]


@dataclass(frozen=True)
class Catalogue:
    """Everything that is judged: the targets and signal rules of all plans, in the versions that judge any period."""

    targets: tuple[Target, ...]
    rules: tuple[SignalRule, ...]

    @cached_property
    def _by_city(self) -> Mapping[str, CityCatalogue]:
        targets: defaultdict[str, list[Target]] = defaultdict(list)
        rules: defaultdict[str, list[SignalRule]] = defaultdict(list)
        for target in self.targets:
            targets[target.place.city].append(target)
        for rule in self.rules:
            rules[rule.place.city].append(rule)
        return {city: CityCatalogue(tuple(targets[city]), tuple(rules[city])) for city in sorted({*targets, *rules})}

    @property
    def cities(self) -> tuple[str, ...]:
        """The cities that have a target or a rule, in order."""
        return tuple(self._by_city)

    def of(self, city: str) -> CityCatalogue:
        """Return what is judged in a city; of another one nothing is."""
        return self._by_city.get(city, CityCatalogue())


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetDefinition:
    """One target as its plan defines it; `content` changes with every word that matters, `document` is JSON."""

    target_id: str
    clause_id: str
    area: str
    city: str
    indicator: str
    content: str
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDefinition:
    """One plan with its targets; `document` is the JSON from which the catalogue is built again.

    `document_number` and `issued_on` are None where the document does not state them.
    """

    plan_id: str
    title: str
    document_number: str | None
    issuer: str
    issued_on: date | None
    effective_on: date
    city: str
    text_sha256: str
    content: str
    document: str
    targets: tuple[TargetDefinition, ...]
