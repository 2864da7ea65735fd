"""Signals (事件): what an entity did that a rule of a plan names.

The signals of a rule are a function of all complete reports: an entity that no longer meets the rule after a
correction has its signal ended, by a new version.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import assert_never

from services.rules.domain.facts import (
    Facts,
    ProjectsQuestion,
    Question,
    RatingsQuestion,
)
from services.rules.domain.feed import Feed
from services.rules.domain.firm_facts import (
    CandidatesQuestion,
    RegisterQuestion,
)
from services.rules.domain.ledger import Ledger
from services.rules.domain.net_evidence import has_entered
from services.rules.domain.project_evidence import is_counted
from services.rules.domain.quantity import Line, ProjectChoice, ProjectEvent
from services.rules.domain.rows import statistical_year
from services.rules.domain.target import Clause, Place, Plan, Unit
from services.rules.domain.wording import Text
from shared.kernel.ids import stable_id, text_hash
from shared.kernel.period import Period


class SignalKind(StrEnum):
    """What happened."""

    ABOVE_SCALE_ENTRY = "above_scale_entry"
    ABOVE_SCALE_CANDIDATE = "above_scale_candidate"
    CLASS_D_FINAL = "class_d_final"
    PROJECT_START = "project_start"


_FEEDS = {
    SignalKind.ABOVE_SCALE_ENTRY: (Feed.ENTERPRISES,),
    SignalKind.ABOVE_SCALE_CANDIDATE: (Feed.ENTERPRISES,),
    SignalKind.CLASS_D_FINAL: (Feed.RATINGS, Feed.ENTERPRISES),  # the names come from the enterprise reports
    SignalKind.PROJECT_START: (Feed.PROJECTS,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalRule:
    """One signal rule of a plan. `line_yuan` is the line of revenue or planned total, `tiers_yuan` all of the plan."""

    id: str
    kind: SignalKind
    plan: Plan
    clause: Clause
    units: tuple[Unit, ...]
    name: Text
    place: Place
    first_year: int
    last_year: int
    line_yuan: int
    tiers_yuan: tuple[int, ...]
    alert: bool

    def depends_on(self, feed: Feed) -> bool:
        """Whether rows of the feed can change the rule's signals."""
        return feed in _FEEDS[self.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One entity that meets a rule. `occasion` tells apart what may happen to an entity more than once."""

    rule: SignalRule
    occasion: str
    area: str
    period: Period
    entity: str
    entity_name: str
    occurred_on: date | None
    detail: Mapping[str, object] = field(hash=False)
    simulated: bool

    @property
    def signal_id(self) -> str:
        """The identity: rule, entity, occasion."""
        return stable_id("signal", self.rule.id, self.entity, self.occasion)

    @property
    def fingerprint(self) -> str:
        """A hash of everything said; a new version is written when it changes."""
        content = [self.area, str(self.period), self.entity_name, str(self.occurred_on), self.detail, self.simulated]
        return text_hash(json.dumps(content, ensure_ascii=False, sort_keys=True))


@dataclass(frozen=True, slots=True)
class SignalChanges:
    """What must be written: signals that began or changed, ids of those that ended."""

    begun: tuple[Signal, ...]
    ended: tuple[str, ...]


def signal_changes(active: Mapping[str, str], wanted: Iterable[Signal]) -> SignalChanges:
    """Compare the active signals (id → fingerprint) with those that should be."""
    by_id = {signal.signal_id: signal for signal in wanted}
    begun = tuple(by_id[key] for key in sorted(by_id) if active.get(key) != by_id[key].fingerprint)
    return SignalChanges(begun, tuple(sorted(set(active) - set(by_id))))


def signal_questions(rule: SignalRule, ledger: Ledger) -> tuple[Question, ...]:
    """Return what the store must answer to find the rule's signals; nothing while no report is known."""
    city = rule.place.city
    match rule.kind:
        case SignalKind.CLASS_D_FINAL:
            return (RatingsQuestion(city),)
        case SignalKind.PROJECT_START:
            latest = ledger.latest_report(Feed.PROJECTS)
            return () if latest is None else (_starts(rule, latest),)
        case SignalKind.ABOVE_SCALE_ENTRY:
            latest = ledger.latest_report(Feed.ENTERPRISES)
            return () if latest is None else _registers(rule, latest)
        case SignalKind.ABOVE_SCALE_CANDIDATE:
            latest = ledger.latest_report(Feed.ENTERPRISES)
            return () if latest is None else (CandidatesQuestion(city, latest, rule.line_yuan),)
        case unreachable:
            assert_never(unreachable)


def signals_of(rule: SignalRule, facts: Facts, ledger: Ledger) -> tuple[Signal, ...]:
    """Return the signals of the rule as known now."""
    match rule.kind:
        case SignalKind.CLASS_D_FINAL:
            return _class_d(rule, facts, ledger)
        case SignalKind.PROJECT_START:
            return _project_starts(rule, facts, ledger)
        case SignalKind.ABOVE_SCALE_ENTRY:
            return _entries(rule, facts, ledger)
        case SignalKind.ABOVE_SCALE_CANDIDATE:
            return _candidates(rule, facts, ledger)
        case unreachable:
            assert_never(unreachable)


def _starts(rule: SignalRule, latest: Period) -> ProjectsQuestion:
    since = date(rule.first_year, 1, 1)
    return ProjectsQuestion(rule.place.city, ProjectEvent.STARTED, since=since, until=latest.end, known_by=latest.end)


def _registers(rule: SignalRule, latest: Period) -> tuple[RegisterQuestion, ...]:
    years = range(rule.first_year, min(rule.last_year, statistical_year(latest.end)) + 1)
    return tuple(RegisterQuestion(rule.place.city, year, latest.end) for year in years)


def _class_d(rule: SignalRule, facts: Facts, ledger: Ledger) -> tuple[Signal, ...]:
    return tuple(
        Signal(
            rule=rule,
            occasion=str(rating.year),
            area=rating.area,
            period=Period.whole_year(rating.year),
            entity=rating.uscc,
            entity_name=rating.name,
            occurred_on=rating.published_on,
            detail={"round": rating.year, "score": None if rating.score is None else format(rating.score, "f")},
            simulated=ledger.simulated((rating.submission_id,)),
        )
        for rating in facts.ratings[RatingsQuestion(rule.place.city)].newest
    )


def _project_starts(rule: SignalRule, facts: Facts, ledger: Ledger) -> tuple[Signal, ...]:
    latest = ledger.latest_report(Feed.PROJECTS)
    if latest is None:
        return ()
    question = _starts(rule, latest)
    until = min(question.until, date(rule.last_year, 12, 31))
    choice = ProjectChoice(event=ProjectEvent.STARTED, total=Line(rule.line_yuan, inclusive=True))
    return tuple(
        Signal(
            rule=rule,
            occasion="",
            area=project.area,
            period=Period.month(project.occurred_on.year, project.occurred_on.month),
            entity=project.version.key,
            entity_name=project.name,
            occurred_on=project.occurred_on,
            detail={
                "planned_total_yuan": project.planned_total_yuan,
                "tiers_yuan": [tier for tier in rule.tiers_yuan if project.planned_total_yuan >= tier],
            },
            simulated=ledger.simulated((project.version.submission_id,)),
        )
        for project in facts.projects[question]
        if project.occurred_on is not None and is_counted(project, choice, since=question.since, until=until)
    )


def _entries(rule: SignalRule, facts: Facts, ledger: Ledger) -> tuple[Signal, ...]:
    latest = ledger.latest_report(Feed.ENTERPRISES)
    if latest is None:
        return ()
    return tuple(
        Signal(
            rule=rule,
            occasion=str(question.year),
            area=firm.area,
            period=Period.month(firm.entered_on.year, firm.entered_on.month),
            entity=firm.version.key,
            entity_name=firm.name,
            occurred_on=firm.entered_on,
            detail={"entry_kind": firm.entry_kind, "statistical_year": question.year},
            simulated=ledger.simulated((firm.version.submission_id,)),
        )
        for question in _registers(rule, latest)
        for firm in facts.moves[question]
        if firm.entered_on is not None and has_entered(firm, question)
    )


def _candidates(rule: SignalRule, facts: Facts, ledger: Ledger) -> tuple[Signal, ...]:
    latest = ledger.latest_report(Feed.ENTERPRISES)
    if latest is None:
        return ()
    answer = facts.candidates[CandidatesQuestion(rule.place.city, latest, rule.line_yuan)]
    return tuple(
        Signal(
            rule=rule,
            occasion="",
            area=firm.area,
            period=latest,
            entity=firm.uscc,
            entity_name=firm.name,
            occurred_on=None,
            detail={"revenue_of_12_months_yuan": firm.revenue_yuan, "line_yuan": rule.line_yuan},
            simulated=ledger.simulated((firm.submission_id,)),
        )
        for firm in answer.candidates
    )
