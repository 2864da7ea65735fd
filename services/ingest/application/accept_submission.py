"""Takes a submission: check every row, compare with what is known, keep it all in one transaction, answer."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import date

from services.ingest.application.ports import (
    Acceptance,
    AcceptanceStore,
    IdempotencyClaim,
    ReceivedBody,
)
from services.ingest.domain.areas import coverage_of
from services.ingest.domain.envelope import Action, Envelope, EnvelopeRules, read_envelope
from services.ingest.domain.feeds import FEED_TABLES, FeedName
from services.ingest.domain.finding import MAX_LISTED, Findings
from services.ingest.domain.restatement import Hold, HoldLimits, hold_of
from services.ingest.domain.row_check import CheckedRow, ReferenceData, RowCheck
from services.ingest.domain.sender import Sender
from services.ingest.domain.submission import Comparison, Receipt, Submission, receipt_of, series_of, unexplained
from shared.kernel.clock import Clock

ROWS_A_SLICE = 50
"""After so many rows other requests get their turn: about two milliseconds of checking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptSubmission:
    """A received body and who pushed it. `today` is the day in China on which it came."""

    sender: Sender
    feed: FeedName
    body: ReceivedBody
    claim: IdempotencyClaim | None
    is_dry_run: bool
    today: date
    correlation_id: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """Committed."""

    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Checked:
    """A dry run that would have been accepted; nothing was written."""

    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Replayed:
    """The answer given before under the same Idempotency-Key; nothing was written."""

    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Rejected:
    """Nothing was taken. `foreign` counts rows of other cities (I11)."""

    errors: Findings
    received: int
    foreign: int = 0


Outcome = Accepted | Checked | Replayed | Rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What accepting needs besides the command."""

    store: AcceptanceStore
    reference: ReferenceData
    clock: Clock
    new_id: Callable[[], str]
    limits: HoldLimits


async def accept_submission(command: AcceptSubmission, intake: Intake) -> Outcome:
    """Take the submission or say why not. When this returns Accepted, it is durable."""
    async with intake.store.begin() as acceptance:
        if command.claim is not None and not command.is_dry_run:
            stored = await acceptance.claim(command.claim)
            if stored is not None:
                return Replayed(stored)
        rules = EnvelopeRules(
            feed=command.feed, sender=command.sender, areas=intake.reference.areas, today=command.today
        )
        envelope = read_envelope(await asyncio.to_thread(command.body.envelope), rules)
        if isinstance(envelope, list):
            return Rejected(Findings(envelope, len(envelope)), received=0)
        return await _take(command, envelope, intake, acceptance)


async def _take(
    command: AcceptSubmission, envelope: Envelope, intake: Intake, acceptance: Acceptance
) -> Accepted | Checked | Rejected:
    check = RowCheck(
        FEED_TABLES[command.feed], envelope, command.sender, reference=intake.reference, today=command.today
    )
    await _stage(command.body, check, acceptance)
    if check.errors.total:
        return Rejected(Findings.of(check.errors), check.received, check.foreign)
    series = series_of(command.sender, command.feed, envelope)
    replaces = coverage_of(envelope.area, intake.reference.areas) if envelope.action is Action.REPLACE else None
    comparison = await acceptance.compare(series, replaces=replaces)
    if comparison.is_restatement and envelope.reason is None:
        rows = await acceptance.list_restated(MAX_LISTED)
        return Rejected(unexplained(rows, comparison), check.received)
    submission = Submission(
        submission_id=intake.new_id(),
        sender=command.sender,
        series=series,
        action=envelope.action,
        reason=envelope.reason,
        reference=envelope.reference,
        area=envelope.area,
        received=check.received,
        comparison=comparison,
        warnings=Findings.of(check.warnings),
        body=command.body.kept,
        recorded_at=intake.clock(),
        correlation_id=command.correlation_id,
        hold=await _hold(comparison, command.feed, acceptance, intake.limits),
    )
    return await _keep(submission, command, acceptance)


async def _hold(comparison: Comparison, feed: FeedName, acceptance: Acceptance, limits: HoldLimits) -> Hold | None:
    """Return why a restatement waits for a second person, None when it takes effect at once."""
    if not (comparison.is_restatement and limits.may_hold):
        return None
    return hold_of(await acceptance.measure(FEED_TABLES[feed].main_amount), limits)


async def _keep(submission: Submission, command: AcceptSubmission, acceptance: Acceptance) -> Accepted | Checked:
    receipt = receipt_of(submission, is_dry_run=command.is_dry_run)
    if command.is_dry_run:
        return Checked(receipt)
    await acceptance.record(submission, command.body.chunks())
    if command.claim is not None:
        await acceptance.store_answer(command.claim, receipt)
    await acceptance.commit()
    return Accepted(receipt)


async def _stage(body: ReceivedBody, check: RowCheck, acceptance: Acceptance) -> None:
    header = await asyncio.to_thread(body.header)
    if header is not None:
        check.check_header(header)
    await acceptance.stage(_checked_rows(body, check))


async def _checked_rows(body: ReceivedBody, check: RowCheck) -> AsyncIterator[CheckedRow]:
    """Check row by row; after the first error the rest is only checked, so that all errors are listed."""
    for raw in body.rows():
        checked = check.check(raw)
        if checked is not None and not check.errors.total:
            yield checked
        if check.received % ROWS_A_SLICE == 0:
            await asyncio.sleep(0)
