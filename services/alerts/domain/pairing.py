"""Which episode told each breach that is known now: episodes are paired with runs by the periods they share."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.alerts.domain.alert import Alert
from services.alerts.domain.finding import Finding, Run, Severity


@dataclass(frozen=True, slots=True)
class Pair:
    """A run and the episode that told it; None: nobody was told of it yet."""

    run: Run
    episode: Alert | None


@dataclass(frozen=True, slots=True)
class Pairing:
    """Every run with its episode, the oldest run first, and the episodes that no run accounts for."""

    pairs: tuple[Pair, ...] = ()
    left: tuple[Alert, ...] = ()


def pair(finding: Finding, episodes: Sequence[Alert]) -> Pairing:
    """Pair the runs of a finding with the episodes that were not retracted."""
    if finding.runs is None:
        return _as_before_runs(finding, _active(episodes))
    runs = tuple(run for run in finding.runs if not (finding.withdrawn and run.goes_on))
    return _by_periods(runs, episodes)


def _by_periods(runs: Sequence[Run], episodes: Sequence[Alert]) -> Pairing:
    """Each run takes the active episode it shares a period with if it goes on, else the earliest; each at most one."""
    free = sorted(episodes, key=lambda episode: (episode.run.first, episode.episode))
    taken: dict[int, Alert] = {}
    for number, run in sorted(enumerate(runs), key=lambda numbered: (not numbered[1].goes_on, numbered[0])):
        touching = [episode for episode in free if episode.run.touches(run)]
        if run.goes_on:
            touching.sort(key=lambda episode: not episode.is_active)
        if touching:
            taken[number] = touching[0]
            free.remove(touching[0])
    return Pairing(tuple(Pair(run, taken.get(number)) for number, run in enumerate(runs)), tuple(free))


def _as_before_runs(finding: Finding, active: Alert | None) -> Pairing:
    """Read a finding of before there were runs: it speaks of the breach that goes on, and of no other."""
    if finding.severity is not None:
        return Pairing((Pair(_run_of(finding, finding.severity, active), active),))
    if active is None:
        return Pairing()
    if finding.withdrawn:
        return Pairing(left=(active,))
    return Pairing((Pair(replace(active.run, ended_by=finding.period), active),))


def _run_of(finding: Finding, severity: Severity, active: Alert | None) -> Run:
    worst = severity if active is None else max(severity, active.run.worst, key=lambda one: one.rank)
    return Run(
        since=finding.since,
        until=finding.period,
        ended_by=None,
        severity=severity,
        worst=worst,
        assessment=finding.assessment,
    )


def _active(episodes: Sequence[Alert]) -> Alert | None:
    return next((episode for episode in episodes if episode.is_active), None)
