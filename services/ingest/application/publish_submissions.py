"""Brings accepted submissions to the log: rounds of small shares, so that a short submission overtakes a long one."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.ingest.application.ports import (
    EventLog,
    PendingSubmission,
    Progress,
    PublishableRow,
    PublishObserver,
    PublishQueue,
    PublishRound,
)
from shared.kernel.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundLimits:
    """How much one round takes: so many submissions, so many rows of them together."""

    submissions: int = 20
    rows: int = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    """What publishing needs."""

    queue: PublishQueue
    log: EventLog
    observer: PublishObserver
    clock: Clock
    limits: RoundLimits


async def publish_round(publishing: Publishing) -> bool:
    """Publish the next share of every waiting submission; return whether more waits.

    Progress is noted after the log's acknowledgement: a crash between the two publishes the same events again,
    with the same ids.
    """
    async with publishing.queue.begin_round() as turn:
        if turn is None:
            return False
        pending = await turn.list_pending(publishing.limits.submissions)
        publishing.observer.waits(await turn.backlog(), publishing.clock())
        if not pending:
            return False
        progress = await _publish_shares(turn, pending, publishing)
        await turn.mark(progress, publishing.clock())
    for step in progress:
        publishing.observer.published(step.events)
        if step.is_complete:
            publishing.observer.completed(step.submission)
    return True


async def _publish_shares(
    turn: PublishRound, pending: Sequence[PendingSubmission], publishing: Publishing
) -> list[Progress]:
    share = max(1, publishing.limits.rows // len(pending))
    batches: list[tuple[PendingSubmission, Sequence[PublishableRow], bool]] = []
    progress: list[Progress] = []
    for submission in pending:
        rows = await turn.read_rows(submission, share)
        is_complete = len(rows) < share
        batches.append((submission, rows, is_complete))
        progress.append(
            Progress(submission, rows[-1].row if rows else submission.published_row, len(rows), is_complete)
        )
    await publishing.log.publish(batches)
    return progress
