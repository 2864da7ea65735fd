"""Prometheus metrics of rules."""

from datetime import timedelta

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from services.rules.domain.status import Status
from shared.adapters.metrics import ConsumerMetrics, OutboxMetrics

SERVICE = "rules"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class RulesMetrics:
    """What was judged, how fast, and what waits."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._evaluation = Histogram(
            "rules_evaluation_seconds",
            "Time of a transaction that completed a submission: its last rows stored, what they touch judged",
            buckets=_SECONDS,
            registry=registry,
        )
        self._lag = Histogram(
            "rules_evaluation_lag_seconds",
            "Time from recording a submission to committing its verdicts",
            buckets=(*_SECONDS, 300, 1800, 7200),
            registry=registry,
        )
        self._verdicts = Counter("rules_verdicts_total", "New verdicts by status", ["status"], registry=registry)
        self._parked = Gauge("rules_parked_messages", "Parked messages not yet sent again", registry=registry)
        self._incomplete = Gauge(
            "rules_incomplete_submissions", "Submissions of which row events are missing", registry=registry
        )
        self._oldest = Gauge(
            "rules_oldest_incomplete_submission_seconds",
            "Age of the oldest submission of which row events are missing (0 when none)",
            registry=registry,
        )
        for status in Status:
            self._verdicts.labels(status=status.value)

    def evaluated(self, duration: timedelta) -> None:
        """An evaluation took so long."""
        self._evaluation.observe(duration.total_seconds())

    def lagged(self, lag: timedelta) -> None:
        """The verdicts of a submission were committed so long after it was recorded."""
        self._lag.observe(lag.total_seconds())

    def judged(self, status: Status) -> None:
        """A new verdict was kept."""
        self._verdicts.labels(status=status.value).inc()

    def waiting(self, *, parked: int, incomplete: int, oldest_seconds: float) -> None:
        """So many messages are parked and submissions incomplete; the oldest for so long."""
        self._parked.set(parked)
        self._incomplete.set(incomplete)
        self._oldest.set(oldest_seconds)


class ServiceMetrics:
    """All metrics of the service."""

    def __init__(self, registry: CollectorRegistry, *, topics: tuple[str, ...]) -> None:
        self.rules = RulesMetrics(registry)
        self.consumer = ConsumerMetrics(SERVICE, registry, topics=topics)
        self.outbox = OutboxMetrics(SERVICE, registry)


def create_metrics(registry: CollectorRegistry, *, topics: tuple[str, ...] = ()) -> ServiceMetrics:
    """Build every metric of the service on a registry."""
    return ServiceMetrics(registry, topics=topics)
