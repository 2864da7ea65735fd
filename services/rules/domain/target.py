"""Targets: what a plan demands of an indicator in an area, by when and at which pace."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from services.rules.domain.feed import Feed
from services.rules.domain.lights import Lights
from services.rules.domain.pace import Horizon, Pace, last_period
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


# ---- where the figure comes from ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReportedFigure:
    """A published figure of one measure, on the first of these bases that is there; bases never mix (trap 4)."""

    measure: str
    bases: tuple[str, ...]
    feed = Feed.INDICATORS


@dataclass(frozen=True, slots=True)
class ProjectStarts:
    """Projects started in the horizon with accepted evidence and a planned total of at least so much (trap 5)."""

    min_total_yuan: int
    feed = Feed.PROJECTS


@dataclass(frozen=True, slots=True)
class NetAboveScale:
    """Entries into the above-scale register minus exits, of one statistical year (trap 2).

    `candidate_revenue_yuan` is the line of the pipeline shown as outlook, None when the plan names none.
    """

    candidate_revenue_yuan: int | None
    feed = Feed.ENTERPRISES


@dataclass(frozen=True, slots=True)
class FirmsOver:
    """Firms whose full-year revenue is over a line; `newly`: and was not the year before."""

    min_revenue_yuan: int
    inclusive: bool
    newly: bool
    feed = Feed.ENTERPRISES

    def is_over(self, revenue_yuan: int | None) -> bool:
        """Whether a revenue is over the line: 以上 reaches it exactly, 超 must exceed it."""
        if revenue_yuan is None:
            return False
        return revenue_yuan >= self.min_revenue_yuan if self.inclusive else revenue_yuan > self.min_revenue_yuan


Derivation = ReportedFigure | ProjectStarts | NetAboveScale | FirmsOver


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is measured; `derivation` says how its value is found."""

    id: str
    name: Text
    unit: str
    derivation: Derivation


@dataclass(frozen=True, slots=True)
class Reference:
    """The published figure a relative target is compared with (完成省定目标, trap 14)."""

    indicator: Indicator
    area: str


# ---- who demands it -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Plan:
    """The document."""

    id: str
    title: str
    document_number: str


@dataclass(frozen=True, slots=True)
class Clause:
    """The clause with the exact words, pinned by their SHA-256."""

    id: str
    title: str
    quote: str
    quote_sha256: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A responsible unit as the document writes it: lead, joint, support or implementing."""

    name: str
    role: str


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
class Target:
    """One target for one horizon.

    `goal` is None for a relative target, which has a `reference`. `factor` turns the indicator's unit into the
    target's. `first` is the first period judged. `version` changes with every word of the definition.
    """

    id: str
    version: int
    plan: Plan
    clause: Clause
    units: tuple[Unit, ...]
    name: Text
    indicator: Indicator
    place: Place
    goal: Decimal | None
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
    first: Period
    lights: Lights

    @property
    def last(self) -> Period:
        """The period whose verdict is final."""
        return last_period(self.pace, horizon=self.horizon, yearly=self.yearly)

    def occasion(self, known: Period) -> Period | None:
        """Return the period of this target to judge when something is known of a period; None when there is none.

        A yearly target is judged when its year, or the year's last report, is known.
        """
        if self.yearly:
            if known.last_month != 12:
                return None
            period = Period.parse(f"{known.year:04d}")
        elif known.is_monthly_report:
            period = known
        else:
            return None
        return period if self.first.end <= period.end <= self.last.end else None

    def value_text(self) -> str:
        """Return the goal with its comparator, `≥200个`."""
        sign = _SIGNS[self.comparator]
        if self.goal is not None:
            return f"{sign}{shown(self.goal)}{self.unit}"
        return f"{sign}{self.reference.indicator.name.zh}" if self.reference else ""
