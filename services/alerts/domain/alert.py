"""The life of an alert: how a finding changes it. One alert per target × area × kind, one episode per breach."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from services.alerts.domain.finding import Finding, FindingKey, FindingKind, Severity
from shared.kernel.ids import stable_id


class State(StrEnum):
    """Where an alert stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


class Change(StrEnum):
    """What happened to an alert."""

    OPENED = "opened"
    WORSENED = "worsened"
    EASED = "eased"
    UPDATED = "updated"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


class Ground(StrEnum):
    """Why an alert was closed."""

    DATA_RECOVERED = "data_recovered"
    TARGET_WITHDRAWN = "target_withdrawn"


class Why(StrEnum):
    """Why nothing changed."""

    STALE = "stale"
    NOT_OPEN = "not_open"
    ALREADY_ACKNOWLEDGED = "already_acknowledged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One episode of an alert. `severity` of a closed alert is the last one it had.

    `finding` is the newest finding applied: of a closed alert the one that cleared it. `simulated` stays true for the
    whole episode once one of its findings was simulated.
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
    closed_at: datetime | None = None
    ground: Ground | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """The alert after the change. `previous` is None when an episode opens."""

    change: Change
    alert: Alert
    previous: Alert | None


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Nothing is written but that the finding was seen."""

    why: Why


Decision = Changed | Unchanged


def apply(finding: Finding, latest: Alert | None, *, last_sequence: int | None, now: datetime) -> Decision:
    """Decide what a finding does to the key whose latest episode is `latest`.

    `last_sequence` is the highest sequence seen of the key: it also counts findings that opened nothing.
    """
    if last_sequence is not None and finding.sequence <= last_sequence:
        return Unchanged(Why.STALE)
    current = latest if latest is not None and latest.state is not State.CLOSED else None
    if finding.severity is None:
        return Unchanged(Why.NOT_OPEN) if current is None else _close(finding, current, now)
    if current is None:
        return _open(finding, finding.severity, episode=1 if latest is None else latest.episode + 1, now=now)
    return _continue(finding, finding.severity, current, now)


def _open(finding: Finding, severity: Severity, *, episode: int, now: datetime) -> Changed:
    key = finding.key
    alert = Alert(
        alert_id=stable_id("alert", key.target_id, key.area, key.kind, str(episode)),
        key=key,
        episode=episode,
        state=State.OPEN,
        severity=severity,
        opened_at=now,
        opened_period=finding.period,
        updated_at=now,
        finding=finding,
        simulated=finding.simulated,
    )
    return Changed(Change.OPENED, alert, None)


def _close(finding: Finding, current: Alert, now: datetime) -> Changed:
    alert = replace(
        current,
        state=State.CLOSED,
        updated_at=now,
        finding=finding,
        simulated=current.simulated or finding.simulated,
        closed_at=now,
        ground=Ground.TARGET_WITHDRAWN if finding.withdrawn else Ground.DATA_RECOVERED,
    )
    return Changed(Change.CLOSED, alert, current)


def _continue(finding: Finding, severity: Severity, current: Alert, now: datetime) -> Changed:
    """Keep the episode. Worse opens it again: what was acknowledged was less, so it must be acknowledged anew."""
    change = _compare(finding, severity, current)
    simulated = current.simulated or finding.simulated
    alert = replace(current, severity=severity, updated_at=now, finding=finding, simulated=simulated)
    if change is Change.WORSENED:
        alert = replace(alert, state=State.OPEN, acknowledged_at=None, acknowledged_by=None)
    return Changed(change, alert, current)


def _compare(finding: Finding, severity: Severity, current: Alert) -> Change:
    if severity is not current.severity:
        return Change.WORSENED if severity.rank > current.severity.rank else Change.EASED
    match finding.key.kind:
        case FindingKind.LAGGING:
            return Change.UPDATED
        case FindingKind.RATING_D:
            return _compare_subjects(finding.subjects, current.finding.subjects)
        case unreachable:
            assert_never(unreachable)


def _compare_subjects(now_listed: frozenset[str], before: frozenset[str]) -> Change:
    """A firm nobody was told about is worse, whatever left the list; a shorter list of known firms is better."""
    if now_listed - before:
        return Change.WORSENED
    return Change.EASED if before - now_listed else Change.UPDATED
