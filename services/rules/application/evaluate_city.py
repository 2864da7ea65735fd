"""Judges what touched submissions of a city may have changed: load, decide, save, in the caller's transaction."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.rules.application.gather_facts import gather_facts
from services.rules.application.ports import Catalogue, Stores
from services.rules.domain.agenda import (
    Known,
    Occasion,
    Touch,
    VerdictHead,
    concerns_rule,
    due_occasions,
    must_judge,
)
from services.rules.domain.derivation import evidence_of, questions_of
from services.rules.domain.facts import (
    Facts,
    Question,
)
from services.rules.domain.finding import (
    Finding,
    FindingHead,
    FindingKey,
    FindingKind,
    Standing,
    next_sequence,
    rating_findings,
    standing_of,
    target_finding,
    withdrawn_standing,
)
from services.rules.domain.ledger import Ledger
from services.rules.domain.signal import (
    Signal,
    SignalKind,
    SignalRule,
    signal_changes,
    signal_questions,
    signals_of,
)
from services.rules.domain.target import Target
from services.rules.domain.target_history import TargetHistory, histories
from services.rules.domain.verdict import Verdict, judge
from shared.kernel.period import Period

Judged = dict[Occasion, VerdictHead]
Due = tuple[Target, Period]
Told = dict[FindingKey, FindingHead]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """One evaluation of one city: why, as of when, and for whose request."""

    city: str
    touches: tuple[Touch, ...]
    now: datetime
    correlation_id: str


async def evaluate_city(stores: Stores, catalogue: Catalogue, evaluation: Evaluation) -> tuple[Verdict, ...]:
    """Bring verdicts, signals and findings of the city up to date; return the new verdicts.

    The city must be locked. Nothing depends on which submission came first: everything is computed from the rows of
    all complete submissions.
    """
    ledger = await stores.facts.ledger(evaluation.city)
    judged = await stores.verdicts.heads(evaluation.city)
    told = await stores.findings.heads(evaluation.city)
    targets = [target for target in catalogue.targets if target.place.city == evaluation.city]
    due = await _due(stores, targets, evaluation, ledger=ledger, judged=judged)
    rules = _touched_rules(catalogue, evaluation, ledger)
    facts = await gather_facts(stores.facts, _questions(due, rules, ledger))
    verdicts = [verdict for verdict in _judge(due, facts, ledger) if _is_new(verdict, judged)]
    await stores.verdicts.append(verdicts, now=evaluation.now, correlation_id=evaluation.correlation_id)
    judged.update(_heads(verdicts))
    findings = await _lagging(stores, histories(targets), verdicts, judged=judged, told=told, ledger=ledger)
    for rule in rules:
        findings += await _signal(stores, rule, signals_of(rule, facts, ledger), told, now=evaluation.now)
    await _tell(stores, findings, told, evaluation)
    return tuple(verdicts)


# ---- verdicts -------------------------------------------------------------------------------------------------------


async def _due(
    stores: Stores, targets: Sequence[Target], evaluation: Evaluation, *, ledger: Ledger, judged: Judged
) -> list[Due]:
    known = Known.of(ledger, await stores.facts.known_cells({target.indicator.id for target in targets}))
    return [
        (target, period)
        for target in targets
        for period in due_occasions(target, known)
        if must_judge(target, period, judged=judged, touches=evaluation.touches)
    ]


def _touched_rules(catalogue: Catalogue, evaluation: Evaluation, ledger: Ledger) -> list[SignalRule]:
    return [
        rule
        for rule in catalogue.rules
        if rule.place.city == evaluation.city
        and any(concerns_rule(rule, touch, ledger) for touch in evaluation.touches)
    ]


def _questions(due: Sequence[Due], rules: Sequence[SignalRule], ledger: Ledger) -> list[Question]:
    of_targets = [question for target, period in due for question in questions_of(target, period, ledger)]
    return of_targets + [question for rule in rules for question in signal_questions(rule, ledger)]


def _judge(due: Iterable[Due], facts: Facts, ledger: Ledger) -> Iterator[Verdict]:
    for target, period in due:
        yield judge(target, evidence_of(target, period, facts, ledger), period=period)


def _is_new(verdict: Verdict, judged: Judged) -> bool:
    head = judged.get((verdict.target.id, verdict.period))
    return head is None or head.verdict_id != verdict.verdict_id


def _heads(verdicts: Iterable[Verdict]) -> Judged:
    return {
        (verdict.target.id, verdict.period): VerdictHead(verdict.verdict_id, verdict.target.version, verdict.status)
        for verdict in verdicts
    }


# ---- findings -------------------------------------------------------------------------------------------------------


async def _lagging(
    stores: Stores,
    targets: Mapping[str, TargetHistory],
    verdicts: Sequence[Verdict],
    *,
    judged: Judged,
    told: Told,
    ledger: Ledger,
) -> list[Finding]:
    """Return the finding of every target with a new verdict, from the verdict that governs it now, and of every target
    that its plan dropped.
    """
    new = {(verdict.target.id, verdict.period): verdict for verdict in verdicts}
    touched = {target_id for target_id, _ in new} | {key for key, history in targets.items() if history.is_withdrawn}
    heads = _by_target(judged, touched)
    findings: list[Finding] = []
    for target_id in sorted(touched):
        history = targets[target_id]
        standing = _standing(history, heads[target_id], told.get(_key(history.latest)), ledger)
        if standing is None:
            continue
        governing = new.get((target_id, standing.period))
        if governing is None:  # an older period changed: say again what the governing verdict says
            target = history.at(standing.period) or history.latest
            governing = await _judge_again(stores, (target, standing.period), ledger)
        findings.append(target_finding(history, governing, standing))
    return findings


def _by_target(judged: Judged, wanted: Collection[str]) -> dict[str, dict[Period, VerdictHead]]:
    heads: dict[str, dict[Period, VerdictHead]] = {target_id: {} for target_id in wanted}
    for (target_id, period), head in judged.items():
        if target_id in heads:
            heads[target_id][period] = head
    return heads


def _standing(
    history: TargetHistory, heads: Mapping[Period, VerdictHead], told: FindingHead | None, ledger: Ledger
) -> Standing | None:
    """Return which verdict governs a target: of one that its plan dropped the one that was told, while it must be ended."""
    statuses = {
        period: head.status for period, head in heads.items() if history.is_current(period, head.target_version)
    }
    if history.is_withdrawn:
        return withdrawn_standing(statuses, told, is_waiting=False)
    is_waiting = ledger.waits_for(history.latest.indicator.derivation.feeds)
    return standing_of(statuses) or withdrawn_standing(statuses, told, is_waiting=is_waiting)


async def _judge_again(stores: Stores, due: Due, ledger: Ledger) -> Verdict:
    facts = await gather_facts(stores.facts, _questions([due], [], ledger))
    return next(_judge([due], facts, ledger))


def _key(target: Target) -> FindingKey:
    return FindingKey(target.id, target.place.id, FindingKind.LAGGING)


async def _tell(stores: Stores, findings: Iterable[Finding], told: Told, evaluation: Evaluation) -> None:
    numbered = [(next_sequence(told.get(finding.key), finding), finding) for finding in findings]
    new = [(sequence, finding) for sequence, finding in numbered if sequence is not None]
    await stores.findings.tell(new, now=evaluation.now, correlation_id=evaluation.correlation_id)


# ---- signals --------------------------------------------------------------------------------------------------------


async def _signal(
    stores: Stores,
    rule: SignalRule,
    signals: Sequence[Signal],
    told: Told,
    *,
    now: datetime,
) -> tuple[Finding, ...]:
    """Write what changed of the rule's signals; return its findings if someone must act on it."""
    changes = signal_changes(await stores.signals.active(rule), signals)
    await stores.signals.append(changes, now=now)
    if rule.alert and rule.kind is SignalKind.CLASS_D_FINAL:
        return rating_findings(rule, signals, told)
    return ()
