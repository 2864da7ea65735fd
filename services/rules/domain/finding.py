"""Findings: the state of one target (or signal rule) in one area, which opens, changes, takes back and ends alerts.

A finding is the whole state: every breach as known now. Whoever reads it needs no finding before it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.rules.domain.alerting import Binding, Severity
from services.rules.domain.foreseen import Foreseen
from services.rules.domain.judged import Judged
from services.rules.domain.runs import Run, ToldRun
from services.rules.domain.suspension import Suspension
from services.rules.domain.target import Clause, Plan, Unit
from services.rules.domain.wording import Text
from shared.kernel.ids import text_hash
from shared.kernel.period import Period


class FindingKind(StrEnum):
    """What is found."""

    LAGGING = "lagging"
    FORECAST = "forecast"
    RATING_D = "rating_d"
    FEED_OVERDUE = "feed_overdue"


@dataclass(frozen=True, slots=True)
class FindingKey:
    """What a finding is about; its sequence rises within it."""

    target_id: str
    area: str
    kind: FindingKind


@dataclass(frozen=True, slots=True)
class Subject:
    """One entity that a finding lists. `note` is told beside the detail, and no news by itself: it changes with the day."""

    entity: str
    name: str
    detail: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class FoundRun:
    """A breach with the verdict of its last period, and its forecast if that is what is in breach.

    `retroactive`: found when that period or a later one had been judged otherwise.
    """

    run: Run
    judged: Judged | None = None
    retroactive: bool = False
    foreseen: Foreseen | None = None


@dataclass(frozen=True, slots=True)
class Corrected:
    """A breach told before that is none: how its last period is judged now, None when it is judged no more.

    `foreseen`: the forecast of that period as it is now, of a breach of forecasts; None when there is none any more.
    """

    since: Period
    until: Period
    judged: Judged | None = None
    foreseen: Foreseen | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A submission that led to a finding."""

    submission_id: str
    source: str
    feed: str
    period: Period
    action: str
    reason: str | None
    reference: str | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`severity` is None when the state is clear. `since` is the first period of the run that goes on.

    `judged` is the governing verdict: the latest that says good or bad; `foreseen` the forecast of its period, of a finding
    about forecasts. `suspensions` are what the plan suspends of a target in breach, none that was over when its breach last
    stood.
    """

    key: FindingKey
    city: str
    severity: Severity | None
    period: Period
    since: Period
    name: Text
    unit: str
    value: str
    plan: Plan
    clause: Clause
    units: tuple[Unit, ...]
    judged: Judged | None
    subjects: tuple[Subject, ...]
    simulated: bool
    runs: tuple[FoundRun, ...]
    binding: Binding = Binding.EXPECTED
    corrected: tuple[Corrected, ...] = ()
    stale_since: Period | None = None
    triggers: tuple[Trigger, ...] = ()
    foreseen: Foreseen | None = None
    suspensions: tuple[Suspension, ...] = ()

    @property
    def is_breach(self) -> bool:
        """Whether someone must act."""
        return self.severity is not None

    @property
    def fingerprint(self) -> str:
        """A hash of what a reader is told; another row version behind equal numbers does not change it.

        A clear state is told by its breaches alone: its figures change from month to month and nobody must act. What led to
        the finding, and how each breach was discovered, leave no mark: they depend on the order in which figures came.
        """
        content: dict[str, object] = {
            "state": self._state() if self.is_breach else None,
            "runs": [_run_content(found) for found in self.runs],
            "told": [
                self.name.zh,
                self.value,
                self.clause.quote_sha256,
                [[unit.name, unit.role] for unit in self.units],
            ],
        }
        if self.suspensions:
            content["suspensions"] = [_suspension_content(one) for one in self.suspensions]
        return text_hash(json.dumps(content, ensure_ascii=False))

    def _state(self) -> list[object]:
        subjects = [[one.entity, one.name, one.detail] for one in self.subjects]
        stale_since = None if self.stale_since is None else str(self.stale_since)
        return [
            self.severity,
            str(self.period),
            str(self.since),
            _numbers(self.judged),
            subjects,
            stale_since,
            self.simulated,
            *_expectation(self.foreseen),
        ]


def _run_content(found: FoundRun) -> list[object]:
    run = found.run
    ended_by = None if run.ended_by is None else str(run.ended_by)
    numbers = [_numbers(found.judged), *_expectation(found.foreseen)]
    return [str(run.since), str(run.until), ended_by, run.severity, run.worst, *numbers]


def _expectation(foreseen: Foreseen | None) -> list[object]:
    """Return what is foreseen, for findings that tell it."""
    if foreseen is None:
        return []
    one, rule = foreseen.forecast, foreseen.rule
    numbers = [str(number) for number in (one.point, one.low, one.high, one.probability, rule.below)]
    return [[*numbers, rule.hold, foreseen.in_a_row]]


def _suspension_content(one: Suspension) -> list[object]:
    return [str(one.since), str(one.until), one.reason.zh, one.approved_by, one.reference]


def _numbers(judged: Judged | None) -> list[object]:
    if judged is None:
        return []
    figures = [[one.label.zh, str(one.value)] for one in judged.figures]
    return [str(judged.status), str(judged.expected), str(judged.actual), figures]


@dataclass(frozen=True, slots=True)
class FindingHead:
    """The last finding told of a key."""

    sequence: int
    is_breach: bool
    period: Period
    fingerprint: str
    runs: tuple[ToldRun, ...] = ()

    def told(self, run: Run) -> ToldRun | None:
        """Return the breach told that has a period in common with the run."""
        return next((one for one in self.runs if run.shares_period(one.since, one.until)), None)

    def vanished(self, runs: tuple[Run, ...]) -> tuple[ToldRun, ...]:
        """Return the breaches told that have no period in common with any run."""
        return tuple(one for one in self.runs if not any(run.shares_period(one.since, one.until) for run in runs))


Told = Mapping[FindingKey, FindingHead]


def next_sequence(head: FindingHead | None, finding: Finding) -> int | None:
    """Return the sequence under which the finding must be told, None when there is nothing new to tell.

    A target that never was in breach is not told of; one that was is told of whenever what it says changed.
    """
    if head is None:
        return 1 if finding.runs else None
    return None if head.fingerprint == finding.fingerprint else head.sequence + 1
