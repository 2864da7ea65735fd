"""An alert: one episode of a breach, the states it passes through, and what a change of it is."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.alerts.domain.finding import Finding, FindingKey, Run, Severity
from shared.kernel.ids import stable_id


class State(StrEnum):
    """Where an alert stands. `made_good`: it was red and recovered, which is yellow with memory, not green."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    SUSPENDED = "suspended"
    MADE_GOOD = "made_good"
    RETRACTED = "retracted"
    CLOSED = "closed"

    @property
    def is_active(self) -> bool:
        """Whether somebody must still act, or will have to when a suspension ends."""
        return self in (State.OPEN, State.ACKNOWLEDGED, State.SUSPENDED)


class Change(StrEnum):
    """What happened to an alert."""

    OPENED = "opened"
    WORSENED = "worsened"
    EASED = "eased"
    UPDATED = "updated"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"
    MADE_GOOD = "made_good"
    RETRACTED = "retracted"
    REOPENED = "reopened"
    STALE = "stale"
    REFRESHED = "refreshed"
    SUSPENDED = "suspended"
    RESUMED = "resumed"


BEGINNINGS = (Change.OPENED, Change.WORSENED, Change.REOPENED)
"""Changes after which an alert must be acknowledged anew: what was acknowledged before was less."""

ACTS = (Change.ACKNOWLEDGED, Change.SUSPENDED, Change.RESUMED)
"""Changes that figures never make: people do, days that pass, and what a plan suspends."""


class Ground(StrEnum):
    """Why an alert ended."""

    DATA_RECOVERED = "data_recovered"
    DATA_CORRECTED = "data_corrected"
    TARGET_WITHDRAWN = "target_withdrawn"
    OUTCOME_KNOWN = "outcome_known"

    @property
    def is_end_of_run(self) -> bool:
        """Whether figures of a later period ended the breach."""
        return self in (Ground.DATA_RECOVERED, Ground.OUTCOME_KNOWN)


class Why(StrEnum):
    """Why nothing changed."""

    STALE = "stale"
    NOT_OPEN = "not_open"
    SAME = "same"
    ALREADY_ACKNOWLEDGED = "already_acknowledged"
    ALREADY_SUSPENDED = "already_suspended"
    NOT_SUSPENDED = "not_suspended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """An accepted explanation rests an alert: who suspended, who approved, why, until which day (included, in China).

    Nobody (`by`) suspends what the plan does.
    """

    approver: str
    reason: str
    until: date
    by: str | None = None
    unit: str | None = None

    @property
    def is_by_plan(self) -> bool:
        """Whether the plan suspends its target, and no person this alert."""
        return self.by is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One episode of an alert. `severity` of an ended alert is the last one it had.

    `run` is the breach as it was last known, also of an alert that was retracted; `finding` is the newest finding that
    changed the alert. `simulated` stays true for the whole episode once one of its findings was simulated. `due_on` is the
    first deadline for a reply, counted from discovery; None for alerts of before it was kept. `previous` is the episode
    before it that was not retracted.
    """

    alert_id: str
    key: FindingKey
    episode: int
    state: State
    severity: Severity
    opened_at: datetime
    opened_period: str
    updated_at: datetime
    finding: Finding
    simulated: bool
    run: Run
    retroactive: bool = False
    due_on: date | None = None
    stale_since: str | None = None
    suspension: Suspension | None = None
    previous: str | None = None
    closed_at: datetime | None = None
    ground: Ground | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None

    @property
    def is_active(self) -> bool:
        """Whether it has not ended."""
        return self.state.is_active

    @property
    def breached_on(self) -> date:
        """The end of the first period in breach."""
        return self.run.first

    @property
    def period(self) -> str:
        """The period it stands on: the last in breach, or the one that ended it."""
        if self.ground is Ground.TARGET_WITHDRAWN:
            return self.finding.period
        if self.ground is not None and self.ground.is_end_of_run:
            return self.run.ended_by or self.run.until
        return self.run.until


@dataclass(frozen=True, slots=True)
class Changed:
    """The alert after the change. `previous` is None when an episode opens.

    `earlier` is the number of its earlier episodes that were not retracted, `merged_into` the alert that goes on in its
    place, `is_told` false for the second of two changes of one instant that one notice tells.
    """

    change: Change
    alert: Alert
    previous: Alert | None
    earlier: int = 0
    merged_into: Alert | None = None
    is_told: bool = True


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Nothing is written but that the finding was seen."""

    why: Why


Decision = Changed | Unchanged


def alert_id_of(key: FindingKey, episode: int) -> str:
    """Return the id of an episode: a function of its key and number."""
    return stable_id("alert", key.target_id, key.area, key.kind, str(episode))
