"""Targets: what a plan demands of an indicator in an area, by when and at which pace."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from services.rules.domain.alerting import Binding, Severity
from services.rules.domain.in_force import ALWAYS, InForce
from services.rules.domain.lights import Light, Lights
from services.rules.domain.pace import Horizon, Pace, last_period
from services.rules.domain.quantity import Derivation
from services.rules.domain.status import Status
from services.rules.domain.suspension import Suspension
from services.rules.domain.wording import Text, shown
from shared.kernel.period import Period


class Comparator(StrEnum):
    """How an actual value meets a goal. 以上 includes the bound, 超 and 突破 do not."""

    GE = "ge"
    GT = "gt"
    LE = "le"
    LT = "lt"
    EQ = "eq"

    def is_met(self, actual: Fraction, goal: Fraction) -> bool:
        """Compare exactly: a threshold met exactly is met by ge, le and eq."""
        outcomes = {
            Comparator.GE: actual >= goal,
            Comparator.GT: actual > goal,
            Comparator.LE: actual <= goal,
            Comparator.LT: actual < goal,
            Comparator.EQ: actual == goal,
        }
        return outcomes[self]


_SIGNS = {Comparator.GE: "≥", Comparator.GT: ">", Comparator.LE: "≤", Comparator.LT: "<", Comparator.EQ: "="}


class Direction(StrEnum):
    """Which way is better; there is no default."""

    UP = "up"
    DOWN = "down"


# ---- what is measured -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is measured; `derivation` says how its value is found, `scale` turns the derivation's base unit into `unit`."""

    id: str
    name: Text
    unit: str
    derivation: Derivation
    scale: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Reference:
    """The published figure a relative target is compared with (完成省定目标, trap 14)."""

    indicator: Indicator
    area: str


# ---- who demands it -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Plan:
    """The document; `document_number` is None where it states none."""

    id: str
    title: str
    document_number: str | None


@dataclass(frozen=True, slots=True)
class Clause:
    """The clause with the exact words, pinned by their SHA-256."""

    id: str
    title: str
    quote: str
    quote_sha256: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A responsible unit with the role the document writes: lead 牵头, support 责任, joint 共同责任, implementing 落实.

    `answers`: it is the one that answers for all of them.
    """

    name: str
    role: str
    answers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An area with every area inside it, by id."""

    id: str
    name: str
    city: str
    parts: frozenset[str]

    def holds(self, area: str) -> bool:
        """Whether an area is this one or lies in it."""
        return area in self.parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What is demanded of a figure: all that judging it needs.

    `goal` is None for a relative target, which has a `reference`; of a range it is the lower end, `upper` the other one.
    `factor` turns the indicator's unit into the target's. `version` changes with every word of the definition, and with
    `suspensions`, of which no two share a day.
    """

    id: str
    version: int
    place: Place
    goal: Decimal | None
    upper: Decimal | None
    reference: Reference | None
    comparator: Comparator
    comparator_stated: bool
    direction: Direction
    unit: str
    factor: Decimal
    horizon: Horizon
    pace: Pace
    pace_stated: bool
    yearly: bool
    lights: Lights
    binding: Binding = Binding.EXPECTED
    suspensions: tuple[Suspension, ...] = ()

    @property
    def last(self) -> Period:
        """The period whose verdict is final."""
        return last_period(self.pace, horizon=self.horizon, yearly=self.yearly)

    def suspension_at(self, period: Period) -> Suspension | None:
        """Return what suspends the judgement of a period."""
        return next((one for one in self.suspensions if one.covers(period)), None)

    def severity_of(self, status: Status) -> Severity | None:
        """Return how severe a status is; None when it is no breach."""
        light = status.light
        if light is None or light is Light.GREEN:
            return None
        return self.lights.alerting.severities[self.binding][Severity(light.value)]

    @property
    def sign(self) -> str:
        """The comparator as a sign."""
        return _SIGNS[self.comparator]

    def value_text(self) -> str:
        """Return the goal with its comparator, `≥200个`; a range stands behind it, `≥3项（3—5项）`."""
        sign = self.sign
        if self.goal is not None:
            span = "" if self.upper is None else f"（{shown(self.goal)}—{shown(self.upper)}{self.unit}）"
            return f"{sign}{shown(self.goal)}{self.unit}{span}"
        return f"{sign}{self.reference.indicator.name.zh}" if self.reference else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target(Demand):
    """One target for one horizon: what is demanded, of which figure, by whom and where it is written.

    `first` is the first period judged; `in_force` says which periods this version judges.
    """

    plan: Plan
    clause: Clause
    units: tuple[Unit, ...]
    name: Text
    indicator: Indicator
    first: Period
    in_force: InForce = ALWAYS

    def occasion(self, known: Period) -> Period | None:
        """Return the period of this target to judge when something is known of a period; None when there is none.

        A yearly target is judged when its year, or the year's last report, is known.
        """
        if self.yearly:
            if known.last_month != 12:
                return None
            period = Period.whole_year(known.year)
        elif known.is_monthly_report:
            period = known
        else:
            return None
        is_due = self.first.end <= period.end <= self.last.end and self.in_force.holds(period)
        return period if is_due else None
