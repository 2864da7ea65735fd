"""Which submissions are complete, and so which periods of which feeds are known."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.rules.domain.feed import Feed
from shared.kernel.period import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What ingest says of a submission when all its row events are on the log: `events` counts them."""

    submission_id: str
    source: str
    simulated: bool
    city: str
    feed: Feed
    period: Period
    action: str
    reason: str | None
    reference: str | None
    sequence: int
    events: int
    recorded_at: datetime
    correlation_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A complete submission: every row event arrived, or is parked and counted in `parked`."""

    submission_id: str
    feed: Feed
    city: str
    period: Period
    sequence: int
    simulated: bool
    parked: int
    recorded_at: datetime
    correlation_id: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """The complete submissions of one city, by sequence, and the ids of those from a simulated source."""

    submissions: tuple[Submission, ...]
    simulated_ids: frozenset[str] = frozenset()

    @classmethod
    def of(cls, submissions: Iterable[Submission]) -> "Ledger":
        """Build from submissions in any order."""
        ordered = tuple(sorted(submissions, key=lambda submission: submission.sequence))
        return cls(ordered, frozenset(one.submission_id for one in ordered if one.simulated))

    def first(self, feed: Feed, period: Period) -> Submission | None:
        """Return the submission by which the feed's period became known, None while it is not."""
        return next((one for one in self.submissions if one.feed is feed and one.period == period), None)

    def reports(self) -> frozenset[Period]:
        """Return every known period of any feed."""
        return frozenset(submission.period for submission in self.submissions)

    def latest_report(self, feed: Feed) -> Period | None:
        """Return the newest monthly report known of the feed."""
        known = [one.period for one in self.submissions if one.feed is feed and one.period.is_monthly_report]
        return max(known, default=None)

    def parked(self, feed: Feed, first: Period, last: Period) -> int:
        """Count parked rows of the feed's submissions whose period ends between the ends of `first` and `last`."""
        return sum(
            one.parked for one in self.submissions if one.feed is feed and first.end <= one.period.end <= last.end
        )

    def waits_for(self, feeds: Iterable[Feed]) -> bool:
        """Whether rows of one of the feeds are parked, to be sent again."""
        wanted = set(feeds)
        return any(one.parked > 0 and one.feed in wanted for one in self.submissions)

    def simulated(self, submission_ids: Iterable[str]) -> bool:
        """Whether one of the submissions comes from a simulated source."""
        return not self.simulated_ids.isdisjoint(submission_ids)
