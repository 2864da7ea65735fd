"""Which submissions are complete, and so which periods of which feeds are known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from services.rules.domain.feed import Feed
from shared.kernel.period import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What ingest says of a submission when all its row events are on the log: `events` counts them.

    `authority` is whose rows they are, None when the sender named none.
    """

    submission_id: str
    source: str
    authority: str | None = None
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
    source: str
    feed: Feed
    city: str
    period: Period
    action: str
    reason: str | None
    reference: str | None
    sequence: int
    simulated: bool
    parked: int
    recorded_at: datetime
    correlation_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A feed's period as it is known: the submission by which it became known, and what there is of it by now.

    `arrived_at` is when ingest recorded its first submission, whatever the order in which they reached this service;
    `sources` are all that sent some of it.
    """

    feed: Feed
    period: Period
    submission_id: str
    parked: int
    arrived_at: datetime
    sources: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Ledger:
    """The reports of one city, and the ids of its submissions that come from a simulated source."""

    reports: tuple[Report, ...]
    simulated_ids: frozenset[str] = frozenset()

    @classmethod
    def of(cls, submissions: Iterable[Submission]) -> "Ledger":
        """Build from complete submissions in any order."""
        grouped: dict[tuple[Feed, Period], list[Submission]] = {}
        ordered = sorted(submissions, key=lambda submission: submission.sequence)
        for one in ordered:
            grouped.setdefault((one.feed, one.period), []).append(one)
        reports = tuple(
            Report(
                feed=feed,
                period=period,
                submission_id=group[0].submission_id,
                parked=sum(one.parked for one in group),
                arrived_at=min(one.recorded_at for one in group),
                sources=frozenset(one.source for one in group),
            )
            for (feed, period), group in grouped.items()
        )
        return cls(reports, frozenset(one.submission_id for one in ordered if one.simulated))

    @cached_property
    def _by_place(self) -> Mapping[tuple[Feed, Period], Report]:
        return {(report.feed, report.period): report for report in self.reports}

    def first(self, feed: Feed, period: Period) -> Report | None:
        """Return the report by which the feed's period is known, None while it is not."""
        return self._by_place.get((feed, period))

    def arrivals(self, feed: Feed) -> dict[Period, datetime]:
        """Return when each report of the feed arrived."""
        return {one.period: one.arrived_at for one in self.reports if one.feed is feed}

    @cached_property
    def periods(self) -> frozenset[Period]:
        """Every known period of any feed."""
        return frozenset(report.period for report in self.reports)

    def latest_report(self, feed: Feed) -> Period | None:
        """Return the newest monthly report known of the feed."""
        known = [one.period for one in self.reports if one.feed is feed and one.period.is_monthly_report]
        return max(known, default=None)

    @cached_property
    def _parked(self) -> tuple[Report, ...]:
        return tuple(report for report in self.reports if report.parked > 0)

    def parked(self, feed: Feed, first: Period, last: Period) -> int:
        """Count parked rows of the feed's reports whose period ends between the ends of `first` and `last`."""
        return sum(one.parked for one in self._parked if one.feed is feed and first.end <= one.period.end <= last.end)

    def waits_for(self, feeds: Iterable[Feed]) -> bool:
        """Whether rows of one of the feeds are parked, to be sent again."""
        wanted = set(feeds)
        return any(one.feed in wanted for one in self._parked)

    def of_several_sources(self) -> tuple[Report, ...]:
        """Return the reports of every feed that several sources send: the ranks of their authorities matter."""
        sources = {
            feed: {source for one in self.reports if one.feed is feed for source in one.sources} for feed in Feed
        }
        return tuple(one for one in self.reports if len(sources[one.feed]) > 1)

    def sends_simulated(self, feed: Feed) -> bool:
        """Whether a report of the feed became known by a submission of a simulated source."""
        return self.simulated(one.submission_id for one in self.reports if one.feed is feed)

    def simulated(self, submission_ids: Iterable[str]) -> bool:
        """Whether one of the submissions comes from a simulated source."""
        return not self.simulated_ids.isdisjoint(submission_ids)
