"""Judges what touched submissions of a city may have changed: load, decide, save, in the caller's transaction.

A touch leads to the targets and periods that depend on it, and only these are looked at: what it costs grows with what is
touched, not with how much was ever judged.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.rules.application.catalogue import CityCatalogue
from services.rules.application.foresee_targets import (
    attainment_outcomes,
    foresee_targets,
    foreseen_from,
    prospects_of,
)
from services.rules.application.gather_facts import gather_facts
from services.rules.application.ports import Stores
from services.rules.application.review_targets import Basis, Heads, Told, fed_by, reviews_of
from services.rules.application.watch_feeds import watch_feeds
from services.rules.domain.agenda import (
    Due,
    Known,
    Touch,
    concerns_rule,
    due_occasions,
    is_touched,
    published_places,
)
from services.rules.domain.derivation import evidence_of, questions_of
from services.rules.domain.facts import Facts, Question, RatingsQuestion
from services.rules.domain.finding import Finding, Trigger, next_sequence
from services.rules.domain.judged import Judged, VerdictHead, judged_of
from services.rules.domain.lagging import lagging_outcome
from services.rules.domain.ledger import Ledger, Submission
from services.rules.domain.rating_finding import rating_findings
from services.rules.domain.review import Outcome, finding_of
from services.rules.domain.signal import SignalKind, SignalRule, signal_changes, signal_questions, signals_of
from services.rules.domain.target import Target
from services.rules.domain.verdict import Verdict, judge


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """One evaluation of one city: why, as of when, and for whose request. `whole`: look at every target and period.

    `day`: the day in China of a tick, on which it looks what is overdue.
    """

    city: str
    touches: tuple[Touch, ...]
    now: datetime
    correlation_id: str
    triggers: tuple[Trigger, ...] = ()
    whole: bool = False
    day: date | None = None


async def evaluate_city(stores: Stores, city: CityCatalogue, evaluation: Evaluation) -> tuple[Verdict, ...]:
    """Bring verdicts, forecasts, signals and findings of the city up to date; return the new verdicts.

    The city must be locked. Nothing depends on which submission came first: everything is computed from the rows of
    all complete submissions.
    """
    ledger = await stores.facts.ledger(evaluation.city)
    watched = await watch_feeds(stores, evaluation.city, ledger, day=evaluation.day, triggers=evaluation.triggers)
    whole = await stores.verdicts.heads(evaluation.city, list(city.histories)) if evaluation.whole else {}
    due = await _due(stores, city, evaluation, ledger=ledger, heads=whole)
    rules = [rule for rule in city.rules if any(concerns_rule(rule, touch, ledger) for touch in evaluation.touches)]
    facts = await gather_facts(stores.facts, _questions(due, rules, ledger))
    current = whole or await _heads_of(stores, evaluation.city, due)
    verdicts = [verdict for verdict in _judge(due, facts, ledger) if _is_new(verdict, current)]
    reviewed = {verdict.target.id for verdict in verdicts} | fed_by(city, watched)
    before = whole or await stores.verdicts.heads(evaluation.city, reviewed)
    await stores.verdicts.append(verdicts, now=evaluation.now, correlation_id=evaluation.correlation_id)
    asked = {*before, *foreseen_from(city, before), *(rule.id for rule in rules)}
    told = await stores.findings.heads(evaluation.city, asked)
    basis = Basis(before, told, ledger, watched)
    findings = await _found(stores, city, verdicts, basis, evaluation)
    for rule in rules:
        findings += await _signal(stores, rule, facts, ledger, told=told, evaluation=evaluation)
    await _tell(stores, findings, told, evaluation, news=watched.news)
    return tuple(verdicts)


# ---- verdicts -------------------------------------------------------------------------------------------------------


async def _heads_of(stores: Stores, name: str, due: Iterable[Due]) -> Heads:
    """Return the current verdicts of what is due, for the periods that are due."""
    ids, periods = {target.id for target, _ in due}, {period for _, period in due}
    return await stores.verdicts.heads(name, ids, periods=periods) if ids else {}


async def _due(
    stores: Stores, city: CityCatalogue, evaluation: Evaluation, *, ledger: Ledger, heads: Heads
) -> list[Due]:
    targets = city.targets if evaluation.whole else city.agenda.touched(evaluation.touches)
    places = {place for target in targets for place in published_places(target)}
    known = Known.of(ledger, await stores.facts.known_cells(places) if places else ())
    if not evaluation.whole:
        known = known.concerned(evaluation.touches)
    return [
        (target, period)
        for target in targets
        for period in due_occasions(target, known)
        if is_touched(target, period, evaluation.touches)
        or (evaluation.whole and not _is_judged(target, heads[target.id].get(period)))
    ]


def _is_judged(target: Target, head: VerdictHead | None) -> bool:
    return head is not None and head.target_version == target.version


def _questions(due: Sequence[Due], rules: Sequence[SignalRule], ledger: Ledger) -> list[Question]:
    of_targets = [question for target, period in due for question in questions_of(target, period, ledger)]
    return of_targets + [question for rule in rules for question in signal_questions(rule, ledger)]


def _judge(due: Iterable[Due], facts: Facts, ledger: Ledger) -> Iterator[Verdict]:
    for target, period in due:
        yield judge(target, evidence_of(target, period, facts, ledger), period=period)


def _is_new(verdict: Verdict, heads: Heads) -> bool:
    head = heads[verdict.target.id].get(verdict.period)
    return head is None or head.verdict_id != verdict.verdict_id


# ---- findings -------------------------------------------------------------------------------------------------------


async def _found(
    stores: Stores, city: CityCatalogue, verdicts: Sequence[Verdict], basis: Basis, evaluation: Evaluation
) -> list[Finding]:
    """State forecasts anew; return the finding of every target reviewed of which there is something to tell."""
    reviews = list(reviews_of(city, verdicts, basis, whole=evaluation.whole))
    prospects = await prospects_of(stores, city, evaluation.city, reviews)
    forecasts = await foresee_targets(stores, evaluation.city, prospects)
    await stores.forecasts.append(forecasts, now=evaluation.now, correlation_id=evaluation.correlation_id)
    outcomes = [*filter(None, map(lagging_outcome, reviews)), *attainment_outcomes(prospects, basis)]
    judged = await _judged(stores, outcomes, verdicts)
    found = (finding_of(outcome, judged, triggers=evaluation.triggers) for outcome in outcomes)
    return [finding for finding in found if finding is not None]


async def _judged(stores: Stores, outcomes: Iterable[Outcome], verdicts: Sequence[Verdict]) -> Mapping[str, Judged]:
    """Return the verdicts that are told: those just made, and from the store those made before."""
    new = {verdict.verdict_id: judged_of(verdict) for verdict in verdicts}
    kept = {verdict_id for outcome in outcomes for verdict_id in outcome.verdict_ids} - set(new)
    return {**(await stores.verdicts.read(kept) if kept else {}), **new}


async def _tell(
    stores: Stores,
    findings: Iterable[Finding],
    told: Told,
    evaluation: Evaluation,
    *,
    news: tuple[tuple[int, Finding], ...],
) -> None:
    """Tell what is new: of feeds first, whose silence explains what follows."""
    numbered = [(next_sequence(told.get(finding.key), finding), finding) for finding in findings]
    new = [(sequence, finding) for sequence, finding in numbered if sequence is not None]
    await stores.findings.tell((*news, *new), now=evaluation.now, correlation_id=evaluation.correlation_id)


def trigger_of(submission: Submission) -> Trigger:
    """Return a submission as what led to findings."""
    return Trigger(
        submission_id=submission.submission_id,
        source=submission.source,
        feed=submission.feed,
        period=submission.period,
        action=submission.action,
        reason=submission.reason,
        reference=submission.reference,
        recorded_at=submission.recorded_at,
    )


# ---- signals --------------------------------------------------------------------------------------------------------


async def _signal(
    stores: Stores, rule: SignalRule, facts: Facts, ledger: Ledger, *, told: Told, evaluation: Evaluation
) -> tuple[Finding, ...]:
    """Write what changed of the rule's signals; return its findings if someone must act on it."""
    changes = signal_changes(await stores.signals.active(rule), signals_of(rule, facts, ledger))
    await stores.signals.append(changes, now=evaluation.now)
    if not rule.alert or rule.kind is not SignalKind.CLASS_D_FINAL:
        return ()
    ratings = facts.ratings[RatingsQuestion(rule.place.city)]
    return rating_findings(rule, ratings, told, ledger=ledger, triggers=evaluation.triggers)
