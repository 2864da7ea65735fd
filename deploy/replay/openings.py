"""Alerts as they opened, and those of two sets of rules side by side."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from services.alerts.application.record_findings import ReportedFinding
from services.alerts.domain.alert import Alert, Changed
from services.alerts.domain.finding import FindingKey, FindingKind, Severity
from services.alerts.domain.reconcile import KeyState, Reconciled, reconcile
from services.alerts.domain.suspension import settle
from services.alerts.domain.transitions import Moment
from shared.contracts.findings import FindingChanged
from shared.kernel.china_time import day_in_china
from shared.kernel.period import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """An alert as it opened: on which period and since when in breach, in which light; and what has become of it since.

    `worst` is the worst light it ever had; `alert_id` is the alert's, or the one it would have.
    """

    alert_id: str
    key: FindingKey
    plan_id: str
    city: str
    name: str
    name_en: str
    area_name: str
    quote: str
    since: str
    period: str
    severity: str
    worst: str
    opened_at: datetime
    state: str
    simulated: bool = False

    def touches(self, other: "Opening") -> bool:
        """Whether the breaches known at the openings share a period."""
        return (
            Period.parse(self.since).end <= Period.parse(other.period).end
            and Period.parse(other.since).end <= Period.parse(self.period).end
        )


class Outcome(StrEnum):
    """What a changed rule makes of an alert."""

    ADDED = "added"
    LOST = "lost"
    SEVERITY = "severity"
    DATES = "dates"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Pair:
    """A live alert and the one tried rules open in its place; at most one is absent."""

    live: Opening | None
    tried: Opening | None

    @property
    def outcome(self) -> Outcome:
        """What the tried rules make of it."""
        if self.live is None or self.tried is None:
            return Outcome.ADDED if self.live is None else Outcome.LOST
        if (self.live.since, self.live.period) != (self.tried.since, self.tried.period):
            return Outcome.DATES
        lights = [(one.severity, one.worst) for one in (self.live, self.tried)]
        return Outcome.SAME if lights[0] == lights[1] else Outcome.SEVERITY

    @property
    def shown(self) -> Opening:
        """The side that says what the alert is about."""
        one = self.tried or self.live
        if one is None:
            raise ValueError("a pair has a side")
        return one


def paired(live: Iterable[Opening], tried: Iterable[Opening]) -> tuple[Pair, ...]:
    """Pair alerts of the same target, area and kind: the same breach first, then breaches that share a period."""
    mine, its = _by_key(live), _by_key(tried)
    keys = sorted({*mine, *its})
    return tuple(pair for key in keys for pair in _paired(mine.get(key, []), its.get(key, [])))


def _paired(live: Sequence[Opening], tried: Sequence[Opening]) -> Iterator[Pair]:
    left = list(tried)
    found: dict[int, Opening] = {}
    for is_one in (_is_same_breach, Opening.touches):
        for number, one in enumerate(live):
            match = next((other for other in left if is_one(one, other)), None)
            if number not in found and match is not None:
                found[number] = match
                left.remove(match)
    yield from (Pair(one, found.get(number)) for number, one in enumerate(live))
    yield from (Pair(None, other) for other in left)


def _is_same_breach(one: Opening, other: Opening) -> bool:
    return (one.since, one.period) == (other.since, other.period)


def _by_key(openings: Iterable[Opening]) -> dict[FindingKey, list[Opening]]:
    found: defaultdict[FindingKey, list[Opening]] = defaultdict(list)
    for one in sorted(openings, key=lambda opening: (Period.parse(opening.period), opening.opened_at)):
        found[one.key].append(one)
    return dict(found)


class Openings:
    """The alerts that findings open, decided as alerts decides, while the findings come; nobody is told."""

    def __init__(self) -> None:
        self._states: dict[FindingKey, KeyState] = {}
        self._lives: dict[str, _Life] = {}

    def take(self, reported: ReportedFinding, at: datetime) -> None:
        """Take up the next finding, told at this instant."""
        finding = reported.finding
        known = self._states.get(finding.key, KeyState())
        decision = reconcile(finding, known, at=Moment(at, day_in_china(at)))
        changes = decision.changes if isinstance(decision, Reconciled) else ()
        self._states[finding.key] = known.after(finding, changes)
        for one in changes:
            alert = one.alert
            life = self._lives.get(alert.alert_id, _Life(alert, alert, alert.severity))
            self._lives[alert.alert_id] = _Life(life.first, alert, worst_of((life.worst, alert.severity)))

    def opened(self, now: datetime) -> tuple[Opening, ...]:
        """Return every alert so far, as it stands at an instant: with the days suspensions end, and those of a plan begin."""
        return tuple(_opening(life, now) for life in self._lives.values())


class _Life(NamedTuple):
    first: Alert
    last: Alert
    worst: str


def of_plans(openings: Iterable[Opening], plan_ids: Collection[str]) -> list[Opening]:
    """Return the alerts of some plans; plans decide nothing of feeds."""
    return [one for one in openings if one.plan_id in plan_ids and one.key.kind is not FindingKind.FEED_OVERDUE]


def openings_of(told: Iterable[tuple[ReportedFinding, datetime]], now: datetime) -> tuple[Opening, ...]:
    """Return the alerts that findings open, as they stand at an instant."""
    openings = Openings()
    for reported, at in told:
        openings.take(reported, at)
    return openings.opened(now)


def worst_of(severities: Iterable[str]) -> str:
    """Return the worst of some lights."""
    return max(severities, key=lambda one: Severity(one).rank)


def _opening(life: _Life, now: datetime) -> Opening:
    alert, settled = life.first, settle(life.last, now=now)
    event = FindingChanged.model_validate_json(alert.finding.document)
    return Opening(
        alert_id=alert.alert_id,
        key=alert.key,
        plan_id=event.plan.id,
        city=alert.finding.city,
        name=event.name_zh,
        name_en=event.name_en,
        area_name=event.area_name,
        quote=event.clause.quote,
        since=alert.run.since,
        period=alert.opened_period,
        severity=alert.severity,
        worst=life.worst,
        opened_at=alert.opened_at,
        state=settled.alert.state if isinstance(settled, Changed) else life.last.state,
        simulated=life.last.simulated,
    )
