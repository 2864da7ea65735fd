"""Prometheus metrics that services share: their consumers and outboxes. Built from a registry in `bootstrap`."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class ConsumerMetrics:
    """What a consumer loop does (a `ConsumerObserver`)."""

    def __init__(self, service: str, registry: CollectorRegistry, *, topics: tuple[str, ...]) -> None:
        self._received = Counter(
            f"{service}_consumer_messages_received_total", "Messages polled from Kafka", registry=registry
        )
        self._processed = Counter(
            f"{service}_consumer_messages_processed_total", "Messages handled and committed", registry=registry
        )
        self._parked = Counter(
            f"{service}_consumer_messages_parked_total",
            "Messages that could not be processed and were parked",
            ["topic"],
            registry=registry,
        )
        self._duration = Histogram(
            f"{service}_consumer_batch_seconds", "Time to handle and commit one batch", registry=registry
        )
        self._lag = Gauge(
            f"{service}_consumer_lag_messages",
            "Messages on the log not yet processed",
            ["topic", "partition"],
            registry=registry,
        )
        self._last_success = Gauge(
            f"{service}_consumer_last_success_timestamp_seconds",
            "When a batch was last committed (Unix time)",
            registry=registry,
        )
        for topic in topics:
            self._parked.labels(topic=topic)

    def received(self, count: int) -> None:
        """`count` messages were polled."""
        self._received.inc(count)

    def processed(self, count: int, seconds: float) -> None:
        """A batch of `count` was handled and committed in `seconds`."""
        self._processed.inc(count)
        self._duration.observe(seconds)
        self._last_success.set_to_current_time()

    def parked(self, topic: str) -> None:
        """One message was parked."""
        self._parked.labels(topic=topic).inc()

    def lag(self, topic: str, partition: int, messages: int) -> None:
        """So many messages of the partition are not yet processed."""
        self._lag.labels(topic=topic, partition=str(partition)).set(messages)


class OutboxMetrics:
    """What an outbox publisher does (an `OutboxObserver`)."""

    def __init__(self, service: str, registry: CollectorRegistry) -> None:
        self._published = Counter(
            f"{service}_outbox_events_published_total", "Events acknowledged by Kafka", registry=registry
        )
        self._backlog = Gauge(f"{service}_outbox_backlog_events", "Events that wait to be published", registry=registry)
        self._oldest = Gauge(
            f"{service}_outbox_oldest_seconds", "Age of the oldest event that waits", registry=registry
        )

    def published(self, count: int) -> None:
        """`count` events were acknowledged by Kafka."""
        self._published.inc(count)

    def backlog(self, count: int, oldest_seconds: float) -> None:
        """So many events wait; the oldest for so long (0 when none)."""
        self._backlog.set(count)
        self._oldest.set(oldest_seconds)
