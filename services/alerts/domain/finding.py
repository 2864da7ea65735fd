"""What rules reported: the state of one target (or signal rule) in one area, as far as an alert depends on it."""

from dataclasses import dataclass
from enum import StrEnum


class FindingKind(StrEnum):
    """What kind of trouble: a target that lags, or firms finally rated D."""

    LAGGING = "lagging"
    RATING_D = "rating_d"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The state of a key after the latest judgement; the highest `sequence` of a key wins.

    `severity` is None exactly when the key is clear; `withdrawn`: because the plan no longer has the target. `document` is the event as received (JSON), from which notices
    are written and which the history keeps.
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

    @property
    def answering(self) -> ResponsibleUnit | None:
        """The unit that answers for all; a finding that marks none leaves it to the first lead, else the first named."""
        marked = [unit for unit in self.units if unit.answers]
        leads = [unit for unit in self.units if unit.role is UnitRole.LEAD]
        return next(iter((*marked, *leads, *self.units)), None)
