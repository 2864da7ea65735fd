"""Reconciles the episodes of a key with the breaches a finding says there are: a pure function of both."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from services.alerts.domain.alert import Alert, Change, Changed, State, Unchanged, Why
from services.alerts.domain.finding import Finding
from services.alerts.domain.pairing import Pair, Pairing, pair
from services.alerts.domain.suspension import follow_plan
from services.alerts.domain.transitions import (
    Moment,
    amended,
    carried,
    continued,
    ended,
    last_of,
    opened,
    reopened,
    retracted,
    withdrawn,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyState:
    """What is known of a key: the highest sequence seen, its episodes that were not retracted, and how many it ever had.

    The sequence also counts findings that opened nothing.
    """

    sequence: int | None = None
    episodes: tuple[Alert, ...] = ()
    ever: int = 0

    def after(self, finding: Finding, changes: Sequence[Changed]) -> "KeyState":
        """Return what is known once the finding is recorded."""
        standing = {episode.alert_id: episode for episode in self.episodes} | last_of(changes)
        return KeyState(
            sequence=max(finding.sequence, self.sequence or 0),
            episodes=tuple(alert for alert in standing.values() if alert.state is not State.RETRACTED),
            ever=max((self.ever, *(alert.episode for alert in standing.values()))),
        )


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The changes a finding leads to, in the order in which they are recorded: what ends comes before what begins."""

    changes: tuple[Changed, ...]


def reconcile(finding: Finding, known: KeyState, *, at: Moment) -> Reconciled | Unchanged:
    """Decide what a finding does to all episodes of its key.

    Afterwards the episodes that were not retracted and the runs of the finding correspond one to one. A finding that was
    overtaken, and one that says nothing new, change nothing.
    """
    if known.sequence is not None and finding.sequence <= known.sequence:
        return Unchanged(Why.STALE)
    pairing = pair(finding, known.episodes)
    changes = (*_endings(finding, pairing, at), *_of_pairs(finding, pairing, known.ever, at))
    linked = _linked((*changes, *_suspended(finding, changes, known, at)), known, at)
    if linked:
        return Reconciled(linked)
    return Unchanged(Why.SAME if any(episode.is_active for episode in known.episodes) else Why.NOT_OPEN)


def _endings(finding: Finding, pairing: Pairing, at: Moment) -> Iterable[Changed]:
    """End what no run accounts for: withdrawn with its target, else never true."""
    for episode in pairing.left:
        if not finding.withdrawn:
            yield retracted(episode, finding, at.now, merged_into=_merged_into(episode, pairing))
        elif episode.is_active:
            yield withdrawn(episode, finding, at.now)


def _merged_into(episode: Alert, pairing: Pairing) -> Alert | None:
    """Return the episode that goes on where several turned out to be one breach."""
    merged = (one.episode for one in pairing.pairs if one.episode and one.run.touches(episode.run))
    return next(merged, None)


def _of_pairs(finding: Finding, pairing: Pairing, ever: int, at: Moment) -> Iterable[Changed]:
    known = [one for one in pairing.pairs if one.episode is not None]
    new = [] if finding.withdrawn else [one for one in pairing.pairs if one.episode is None]
    for one in sorted(known, key=lambda paired: paired.run.goes_on):
        yield from _of_pair(finding, one, at)
    for episode, one in enumerate(new, start=ever + 1):
        yield from opened(finding, one.run, episode=episode, at=at)


def _of_pair(finding: Finding, one: Pair, at: Moment) -> tuple[Changed, ...]:
    episode, run = one.episode, one.run
    if episode is None:
        return ()
    if run.goes_on and episode.is_active:
        return continued(episode, finding, run, at.now)
    if run.goes_on:
        return (reopened(episode, finding, run, at.now),)
    return (ended(episode, finding, run, at.now),) if episode.is_active else amended(episode, finding, run, at.now)


def _suspended(finding: Finding, changes: tuple[Changed, ...], known: KeyState, at: Moment) -> Iterable[Changed]:
    """Rest or resume what goes on as the plan says: a new finding carries what it says now."""
    standing = {episode.alert_id: episode for episode in known.episodes} | last_of(changes)
    for alert in standing.values():
        decision = follow_plan(alert, now=at.now)
        if isinstance(decision, Changed):
            yield replace(decision, alert=carried(decision.alert, finding, at.now))


def _linked(changes: tuple[Changed, ...], known: KeyState, at: Moment) -> tuple[Changed, ...]:
    """Link every episode to the one before it that was not retracted, and count those for what is opened."""
    standing = {episode.alert_id: episode for episode in known.episodes} | last_of(changes)
    order = sorted(
        (alert for alert in standing.values() if alert.state is not State.RETRACTED),
        key=lambda alert: (alert.run.first, alert.episode),
    )
    place = {alert.alert_id: number for number, alert in enumerate(order)}

    def link(alert: Alert) -> Alert:
        number = place.get(alert.alert_id)
        if number is None:
            return alert
        return replace(alert, previous=order[number - 1].alert_id if number else None)

    linked = tuple(
        replace(one, alert=link(one.alert), earlier=place[one.alert.alert_id] if one.change is Change.OPENED else 0)
        for one in changes
    )
    touched = {one.alert.alert_id for one in changes}
    others = (alert for alert in order if alert.alert_id not in touched and link(alert) != alert)
    return (*linked, *(Changed(Change.UPDATED, replace(link(one), updated_at=at.now), one) for one in others))
