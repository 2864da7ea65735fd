"""Releases or withdraws a held submission: a second person's decision, and what it makes known, in one transaction."""

from dataclasses import dataclass

from services.ingest.application.ports import HoldStore, HoldTransaction
from services.ingest.domain.areas import Areas, coverage_of
from services.ingest.domain.envelope import Action
from services.ingest.domain.errors import SubmissionNotFoundError
from services.ingest.domain.hold_decision import Decision, HeldSubmission, Verb, decision_before
from services.ingest.domain.sender import Sender
from shared.kernel.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideHold:
    """What is to be decided about which submission, by whom (a person's name) with which key, and why."""

    submission_id: str
    verb: Verb
    sender: Sender
    by: str
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """What deciding needs besides the command."""

    holds: HoldStore
    areas: Areas
    clock: Clock


async def decide_hold(command: DecideHold, needs: Deciding) -> Decision:
    """Decide and return the decision, the stored one when it was taken before. When this returns, it is durable."""
    async with needs.holds.begin() as turn:
        submission = await turn.find(command.submission_id, city=command.sender.city)
        if submission is None:
            raise SubmissionNotFoundError("the city has no such submission")
        before = decision_before(submission, command.verb, command.sender)
        if before is not None:
            return before
        decision = Decision(
            verb=command.verb,
            by=command.by,
            comment=command.comment,
            key_id=command.sender.key_id,
            events=await _release(submission, turn, needs.areas) if command.verb is Verb.RELEASED else 0,
            decided_at=needs.clock(),
        )
        await turn.decide(submission, decision)
        await turn.commit()
        return decision


async def _release(submission: HeldSubmission, turn: HoldTransaction, areas: Areas) -> int:
    """Make known what the submission says, except where a later one has spoken; return how many events that is."""
    since = [coverage_of(area, areas) for area in await turn.list_replaced_since(submission)]
    replaces = coverage_of(submission.area, areas) if submission.action is Action.REPLACE else None
    comparison = await turn.apply(
        submission, replaces=replaces, spoken_of=lambda area: any(covers(area) for covers in since)
    )
    return comparison.accepted + comparison.left
