"""A submission, what became of its rows, and when a restatement needs a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.ingest.domain.envelope import Action, Envelope, Reason
from services.ingest.domain.errors import Flaw
from services.ingest.domain.feeds import FeedName
from services.ingest.domain.finding import Finding, Findings, finding_of
from services.ingest.domain.restatement import Hold
from services.ingest.domain.sender import Sender

_CHANGED = Flaw(
    "restatement.reason_missing",
    "已报送的数值发生变化，须填写修订原因（reason）。",
    "Known values change: a restatement needs a reason.",
)
_LEFT = Flaw(
    "restatement.reason_missing",
    "已报送的记录不在本次全量报送中，须填写修订原因（reason）。",
    "A known row is missing from this replacement: a restatement needs a reason.",
)


class State(StrEnum):
    """How far a submission is on its way to the log. A held one waits for a release, a withdrawn one never gets there."""

    ACCEPTED = "accepted"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    HELD = "held"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What a submission adds to: the rows of one source for one city, feed and period."""

    source: str
    city: str
    feed: FeedName
    period: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The submission's rows against the last known ones of its series.

    `changed` counts known rows with other content; `restated` those of them that are no news (a later stage is),
    `left` known rows that a replacement no longer holds.
    """

    new: int
    unchanged: int
    changed: int
    restated: int
    left: int

    @property
    def accepted(self) -> int:
        """Rows that bring something: they are published."""
        return self.new + self.changed

    @property
    def corrected(self) -> int:
        """Known rows that change or leave."""
        return self.restated + self.left

    @property
    def is_restatement(self) -> bool:
        """Whether something already known changes or leaves."""
        return self.corrected > 0


@dataclass(frozen=True, slots=True)
class RestatedRow:
    """A row that changes a known cell; `row` is None when the cell left."""

    row: int | None
    cell: str


def unexplained(rows: Sequence[RestatedRow], comparison: Comparison) -> Findings:
    """Return the findings of a restatement without a reason."""
    listed: list[Finding] = [
        finding_of(_LEFT if row.row is None else _CHANGED, row=row.row, column=None, value=row.cell) for row in rows
    ]
    return Findings(listed, comparison.corrected, comparison.restated)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptBody:
    """What is known of the bytes received: they are kept as they came (I12)."""

    content_type: str
    sha256: bytes
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """An accepted submission. `row_events` is how many row events it sends; with a `hold` it waits for a release."""

    submission_id: str
    sender: Sender
    series: Series
    action: Action
    reason: Reason | None
    reference: str | None
    area: str | None
    received: int
    comparison: Comparison
    warnings: Findings
    body: KeptBody
    recorded_at: datetime
    correlation_id: str
    hold: Hold | None = None

    @property
    def row_events(self) -> int:
        """How many row events will be published."""
        return self.comparison.accepted + self.comparison.left


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The answer to a push, and the report that stays readable. `rejected` is zero: strict mode takes all or nothing."""

    submission_id: str | None
    feed: FeedName
    period: str
    action: Action
    reason: Reason | None
    reference: str | None
    state: State | None
    received: int
    accepted: int
    unchanged: int
    restated: int
    removed: int
    warnings: Findings
    rejected: int = 0
    hold: Hold | None = None


def receipt_of(submission: Submission, *, is_dry_run: bool) -> Receipt:
    """Return the receipt; a dry run has neither id nor state, everything else is what a real run answers."""
    comparison = submission.comparison
    state = State.HELD if submission.hold is not None else State.ACCEPTED
    return Receipt(
        submission_id=None if is_dry_run else submission.submission_id,
        feed=submission.series.feed,
        period=submission.series.period,
        action=submission.action,
        reason=submission.reason,
        reference=submission.reference,
        state=None if is_dry_run else state,
        received=submission.received,
        accepted=comparison.accepted,
        unchanged=comparison.unchanged,
        restated=comparison.restated,
        removed=comparison.left,
        warnings=submission.warnings,
        hold=submission.hold,
    )


def series_of(sender: Sender, feed: FeedName, envelope: Envelope) -> Series:
    """Return the series a submission adds to."""
    return Series(source=sender.source, city=sender.city, feed=feed, period=str(envelope.period))
