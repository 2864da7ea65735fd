"""What rules reported: the state of one target (or signal rule) in one area, as far as an alert depends on it."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from shared.kernel.period import Period


class FindingKind(StrEnum):
    """What kind of trouble: a target that lags or will hardly be attained, firms finally rated D, or overdue reports of a feed."""

    LAGGING = "lagging"
    FORECAST = "forecast"
    RATING_D = "rating_d"
    FEED_OVERDUE = "feed_overdue"


class Severity(StrEnum):
    """The light. Red means lagging far, never that something overheats."""

    YELLOW = "yellow"
    RED = "red"

    @property
    def rank(self) -> int:
        """Yellow is 1, red is 2."""
        return 1 if self is Severity.YELLOW else 2


class UnitRole(StrEnum):
    """What the plan makes a unit responsible for, as it writes it: 牵头, 责任, 共同责任, 落实; the weightiest first."""

    LEAD = "lead"
    SUPPORT = "support"
    JOINT = "joint"
    IMPLEMENTING = "implementing"


@dataclass(frozen=True, slots=True, order=True)
class FindingKey:
    """One alert exists per target × area × kind."""

    target_id: str
    area: str
    kind: FindingKind


@dataclass(frozen=True, slots=True)
class ResponsibleUnit:
    """A unit by its name as the plan writes it. `answers`: it answers for all units of the finding."""

    name: str
    role: UnitRole
    answers: bool = False


@dataclass(frozen=True, slots=True)
class Expectation:
    """The numbers of a forecast that people are told: median and 80 % interval at the end, probability of attaining the goal."""

    point: Decimal
    low: Decimal
    high: Decimal
    probability: Decimal


@dataclass(frozen=True, slots=True)
class Assessment:
    """The numbers of a judgement that people are told; of a breach of forecasts also what was expected."""

    status: str
    expected: Decimal | None
    actual: Decimal | None
    expectation: Expectation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From one period to another, both included. Periods are compared by their ends, so that grains may differ."""

    since: str
    until: str

    @property
    def first(self) -> date:
        """The end of the first period."""
        return Period.parse(self.since).end

    @property
    def last(self) -> date:
        """The end of the last period."""
        return Period.parse(self.until).end

    def touches(self, other: "Span") -> bool:
        """Whether both share a period."""
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(Span):
    """One uninterrupted breach; `until` is its last period in breach, `severity` and `assessment` are of that period.

    `ended_by` is the period whose figures ended it; `settled`: nothing is left to foresee, and it did not get better. How a
    run was found is no part of what it is.
    """

    ended_by: str | None
    severity: Severity
    worst: Severity
    retroactive: bool = field(default=False, compare=False)
    assessment: Assessment | None = None
    settled: bool = False

    @property
    def goes_on(self) -> bool:
        """Whether no figures ended it yet."""
        return self.ended_by is None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSuspension:
    """From a day to a day in China, both included, the plan suspends the target: who approved it, and why."""

    since: date
    until: date
    approver: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The state of a key after the latest judgement; the highest `sequence` of a key wins.

    `severity` is None exactly when the key is clear; `withdrawn`: because the plan no longer has the target. `runs` are all
    its breaches, the oldest first, and at most the last one goes on; None in findings of before there were runs.
    `corrected` are breaches told before that never were. `terms` is a hash of what is said of the target itself, whatever
    the figures; `suspensions` is what the plan suspends of it. `document` is the event as received (JSON), from which notices are written and which the history keeps.
    """

    key: FindingKey
    area_name: str
    city: str
    severity: Severity | None
    sequence: int
    period: str
    since: str
    units: tuple[ResponsibleUnit, ...]
    subjects: frozenset[str]
    simulated: bool
    document: str
    withdrawn: bool = False
    runs: tuple[Run, ...] | None = None
    corrected: tuple[Span, ...] = ()
    stale_since: str | None = None
    assessment: Assessment | None = None
    terms: str = ""
    suspensions: tuple[PlanSuspension, ...] = ()

    @property
    def answering(self) -> ResponsibleUnit | None:
        """The unit that answers for all; a finding that marks none leaves it to the first lead, else the first named."""
        marked = [unit for unit in self.units if unit.answers]
        leads = [unit for unit in self.units if unit.role is UnitRole.LEAD]
        return next(iter((*marked, *leads, *self.units)), None)
