"""Judges what touched submissions of a city may have changed: load, decide, save, in the caller's transaction.

A touch leads to the targets and periods that depend on it, and only these are looked at: what it costs grows with what is
touched, not with how much was ever judged.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.rules.application.catalogue import CityCatalogue
from services.rules.application.foresee_targets import foresee_targets
from services.rules.application.gather_facts import gather_facts
from services.rules.application.ports import Stores
from services.rules.application.watch_feeds import Watched, watch_feeds
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
from services.rules.domain.finding import Finding, FindingHead, FindingKey, Trigger, next_sequence
from services.rules.domain.judged import Judged, VerdictHead, head_of, judged_of
from services.rules.domain.lagging import Outcome, Review, key_of, lagging_finding, outcome_of
from services.rules.domain.ledger import Ledger, Submission
from services.rules.domain.rating_finding import rating_findings
from services.rules.domain.signal import SignalKind, SignalRule, signal_changes, signal_questions, signals_of
from services.rules.domain.target import Target
from services.rules.domain.verdict import Verdict, judge
from shared.kernel.period import Period

Heads = dict[str, dict[Period, VerdictHead]]
Told = dict[FindingKey, FindingHead]


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
    reviewed = {verdict.target.id for verdict in verdicts} | _fed(city, watched)
    before = whole or await stores.verdicts.heads(evaluation.city, reviewed)
    await stores.verdicts.append(verdicts, now=evaluation.now, correlation_id=evaluation.correlation_id)
    told = await stores.findings.heads(evaluation.city, {*before, *(rule.id for rule in rules)})
    known = _Known(before, told, ledger, watched)
    reviews = list(_reviews(city, verdicts, known, evaluation))
    forecasts = await foresee_targets(stores, city, evaluation.city, reviews)
    await stores.forecasts.append(forecasts, now=evaluation.now, correlation_id=evaluation.correlation_id)
    findings = await _lagging(stores, reviews, verdicts, evaluation)
    for rule in rules:
        findings += await _signal(stores, rule, facts, ledger, told=told, evaluation=evaluation)
    await _tell(stores, findings, told, evaluation, news=watched.news)
    return tuple(verdicts)


# ---- verdicts -------------------------------------------------------------------------------------------------------


async def _heads_of(stores: Stores, name: str, due: Iterable[Due]) -> Heads:
    """Return the current verdicts of what is due, for the periods that are due."""
    ids, periods = {target.id for target, _ in due}, {period for _, period in due}
    return await stores.verdicts.heads(name, ids, periods=periods) if ids else {}


def _fed(city: CityCatalogue, watched: Watched) -> set[str]:
    """Return the targets that depend on a feed of which something is told."""
    return {one.id for one in city.targets if not watched.changed.isdisjoint(one.indicator.derivation.feeds)}


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


@dataclass(frozen=True, slots=True)
class _Known:
    """What a review compares with: verdicts and findings of before, what came, and what did not."""

    before: Heads
    told: Told
    ledger: Ledger
    watched: Watched


def _reviews(
    city: CityCatalogue, verdicts: Sequence[Verdict], known: _Known, evaluation: Evaluation
) -> Iterator[Review]:
    """Yield a review of every target with a new verdict, and of every breach told whose feed fell silent or came back.

    When plans changed it is every target there is.
    """
    before, told = known.before, known.told
    new: Heads = {}
    for verdict in verdicts:
        new.setdefault(verdict.target.id, {})[verdict.period] = head_of(verdict)
    fed = {
        target_id
        for target_id in _fed(city, known.watched)
        if (head := told.get(key_of(city.histories[target_id].latest))) is not None and head.is_breach
    }
    for target_id in sorted(before if evaluation.whole else fed.union(new)):
        history = city.histories[target_id]
        feeds = history.latest.indicator.derivation.feeds
        yield Review(
            history=history,
            heads={**before[target_id], **new.get(target_id, {})},
            before=before[target_id],
            told=told.get(key_of(history.latest)),
            is_waiting=known.ledger.waits_for(feeds),
            missing=known.watched.missing_of(feeds),
        )


async def _lagging(
    stores: Stores, reviews: Iterable[Review], verdicts: Sequence[Verdict], evaluation: Evaluation
) -> list[Finding]:
    """Return the finding of every target reviewed of which there is something to tell."""
    outcomes = [outcome for outcome in map(outcome_of, reviews) if outcome is not None]
    judged = await _judged(stores, outcomes, verdicts)
    found = (lagging_finding(outcome, judged, triggers=evaluation.triggers) for outcome in outcomes)
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
