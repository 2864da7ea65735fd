"""Metrics of ingest."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from services.ingest.application.ports import Backlog, PendingSubmission
from services.ingest.domain.feed_age import FeedAge
from services.ingest.domain.feeds import FeedName
from shared.adapters.logging import get_logger

log = get_logger(__name__)

SubmissionOutcome = Literal["accepted", "held", "rejected", "replayed", "dry_run"]
RowOutcome = Literal["accepted", "held", "unchanged", "rejected"]
_SUBMISSION_OUTCOMES: tuple[SubmissionOutcome, ...] = ("accepted", "held", "rejected", "replayed", "dry_run")
_ROW_OUTCOMES: tuple[RowOutcome, ...] = ("accepted", "held", "unchanged", "rejected")
_ACCEPT_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class IngestMetrics:
    """What ingest takes, publishes and waits for (also a `PublishObserver`)."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._submissions = Counter(
            "ingest_submissions_total", "Submissions by outcome", ["feed", "outcome"], registry=registry
        )
        self._rows = Counter(
            "ingest_rows_total", "Rows of submissions by outcome", ["feed", "outcome"], registry=registry
        )
        self._foreign = Counter(
            "ingest_foreign_rows_total", "Rows of an area outside the key's city", ["feed"], registry=registry
        )
        self._accept = Histogram(
            "ingest_accept_seconds",
            "Time from the first byte of a submission to its answer",
            ["feed"],
            buckets=_ACCEPT_BUCKETS,
            registry=registry,
        )
        self._published = Counter(
            "ingest_published_events_total", "Row events acknowledged by Kafka", registry=registry
        )
        self._completed = Counter(
            "ingest_published_submissions_total", "Submissions wholly acknowledged by Kafka", registry=registry
        )
        self._backlog = Gauge(
            "ingest_publish_backlog_events", "Row events accepted and not yet acknowledged by Kafka", registry=registry
        )
        self._oldest = Gauge(
            "ingest_publish_oldest_seconds",
            "Age of the oldest submission not yet wholly published (0 when none)",
            registry=registry,
        )
        self._held = Gauge(
            "ingest_held_submissions", "Large restatements that wait for a second person's release", registry=registry
        )
        self._held_oldest = Gauge(
            "ingest_held_oldest_seconds", "Age of the oldest submission that is held (0 when none)", registry=registry
        )
        self._age = Gauge(
            "ingest_feed_age_days", "Days since the newest reported period ended", ["city", "feed"], registry=registry
        )
        self._overdue = Gauge(
            "ingest_feed_overdue_days",
            "Days the next report is late by the feed calendar (0 when not late)",
            ["city", "feed"],
            registry=registry,
        )
        for feed in FeedName:
            self._foreign.labels(feed=feed)
            self._accept.labels(feed=feed)
            for outcome in _SUBMISSION_OUTCOMES:
                self._submissions.labels(feed=feed, outcome=outcome)
            for row_outcome in _ROW_OUTCOMES:
                self._rows.labels(feed=feed, outcome=row_outcome)

    def submitted(self, feed: FeedName, outcome: SubmissionOutcome, seconds: float) -> None:
        """A submission was answered."""
        self._submissions.labels(feed=feed, outcome=outcome).inc()
        self._accept.labels(feed=feed).observe(seconds)

    def rows(self, feed: FeedName, outcome: RowOutcome, count: int) -> None:
        """So many rows had this outcome."""
        self._rows.labels(feed=feed, outcome=outcome).inc(count)

    def foreign(self, feed: FeedName, count: int) -> None:
        """So many rows were of another city."""
        self._foreign.labels(feed=feed).inc(count)

    def published(self, events: int) -> None:
        """So many row events were acknowledged."""
        self._published.inc(events)

    def completed(self, submission: PendingSubmission) -> None:
        """A submission is wholly on the log."""
        self._completed.inc()
        log.info(
            "submission_published",
            submission_id=submission.submission_id,
            events=submission.row_events,
            sequence=submission.sequence,
            correlation_id=submission.correlation_id,
        )

    def waits(self, backlog: Backlog, now: datetime) -> None:
        """So much waits."""
        self._backlog.set(backlog.events)
        self._oldest.set(_seconds_since(backlog.oldest_at, now))
        self._held.set(backlog.held)
        self._held_oldest.set(_seconds_since(backlog.held_since, now))

    def aged(self, ages: Sequence[tuple[str, str, FeedAge]]) -> None:
        """The age of every expected feed; feeds no longer expected disappear."""
        self._age.clear()
        self._overdue.clear()
        for city, feed, age in ages:
            self._age.labels(city=city, feed=feed).set(age.age_days)
            self._overdue.labels(city=city, feed=feed).set(age.overdue_days)


def _seconds_since(instant: datetime | None, now: datetime) -> float:
    return (now - instant).total_seconds() if instant is not None else 0


def create_metrics(registry: CollectorRegistry) -> IngestMetrics:
    """Build all metrics of the service."""
    return IngestMetrics(registry)
