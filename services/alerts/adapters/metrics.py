"""Prometheus metrics of alerts."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge

from services.alerts.application.deliver_notice import Delivered
from services.alerts.domain.alert import Change
from services.alerts.domain.delivery import Unavailable
from services.alerts.domain.finding import Severity
from services.alerts.domain.notice import Channel, NoticeState
from shared.adapters.metrics import ConsumerMetrics, OutboxMetrics

SERVICE = "alerts"
_OUTCOMES = ("accepted", "unavailable", "refused", "rejected", "gone")


class AlertMetrics:
    """What is open, what waits, and what became of the tries (a `DeliveryObserver`)."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._open = Gauge("alerts_open", "Alerts that have not ended", ["severity"], registry=registry)
        self._notices = Gauge("alerts_notices", "Notices by delivery state", ["state", "channel"], registry=registry)
        self._attempts = Counter(
            "alerts_notice_attempts_total", "Tries to deliver a notice", ["channel", "outcome"], registry=registry
        )
        self._oldest = Gauge(
            "alerts_oldest_queued_notice_seconds", "Age of the oldest notice that waits for delivery", registry=registry
        )
        self._parked = Gauge("alerts_parked_messages", "Parked messages not yet sent again", registry=registry)
        self._degraded = Gauge(
            "alerts_channel_degraded",
            "1 while the latest try or probe found the channel unavailable",
            ["channel"],
            registry=registry,
        )
        self._disabled = Gauge(
            "alerts_disabled_endpoints", "Endpoints disabled because they answered 410 Gone", registry=registry
        )
        self._unreached = Gauge(
            "alerts_units_without_channel", "Responsible units of the plans that no channel reaches", registry=registry
        )
        self._stale = Gauge("alerts_stale", "Alerts that wait for figures behind their last breach", registry=registry)
        self._suspended = Gauge("alerts_suspended", "Alerts that rest until a day", registry=registry)
        self._changes = Counter("alerts_changes_total", "Changes of alerts", ["change"], registry=registry)
        self._start_at_zero()

    def _start_at_zero(self) -> None:
        for severity in Severity:
            self._open.labels(severity=severity)
        for channel in Channel:
            for state in NoticeState:
                self._notices.labels(state=state, channel=channel)
        for channel in (Channel.MAIL, Channel.WEBHOOK):
            self._degraded.labels(channel=channel)
            for outcome in _OUTCOMES:
                self._attempts.labels(channel=channel, outcome=outcome)
        for change in Change:
            self._changes.labels(change=change)

    def changed(self, change: Change) -> None:
        """An alert changed, committed."""
        self._changes.labels(change=change).inc()

    def tried(self, channel: Channel, delivered: Delivered) -> None:
        """One try was made and recorded."""
        self._attempts.labels(channel=channel, outcome=type(delivered.outcome).__name__.lower()).inc()
        self.degraded(channel, degraded=isinstance(delivered.outcome, Unavailable))

    def degraded(self, channel: Channel, *, degraded: bool) -> None:
        """The channel was found available or not."""
        self._degraded.labels(channel=channel).set(int(degraded))

    def counted_unreached(self, units: int) -> None:
        """So many units of the plans would be told and cannot be."""
        self._unreached.set(units)

    def counted_open(self, by_severity: Mapping[str, int]) -> None:
        """So many alerts have not ended."""
        for severity in Severity:
            self._open.labels(severity=severity).set(by_severity.get(severity, 0))

    def counted_resting(self, *, stale: int, suspended: int) -> None:
        """So many alerts wait for figures, and so many are suspended."""
        self._stale.set(stale)
        self._suspended.set(suspended)

    def counted_notices(self, by_state: Mapping[tuple[str, str], int], *, oldest_seconds: float) -> None:
        """So many notices are in each state on each channel; the oldest queued one waits for so long (0 when none)."""
        for channel in Channel:
            for state in NoticeState:
                self._notices.labels(state=state, channel=channel).set(by_state.get((state, channel), 0))
        self._oldest.set(oldest_seconds)

    def counted_troubles(self, *, parked: int, disabled: int) -> None:
        """So many messages are parked and endpoints disabled."""
        self._parked.set(parked)
        self._disabled.set(disabled)


class Metrics:
    """All metrics of the service."""

    def __init__(self, registry: CollectorRegistry, *, topics: tuple[str, ...]) -> None:
        self.alerts = AlertMetrics(registry)
        self.consumer = ConsumerMetrics(SERVICE, registry, topics=topics)
        self.outbox = OutboxMetrics(SERVICE, registry)


def create_metrics(registry: CollectorRegistry, *, topics: tuple[str, ...] = ()) -> Metrics:
    """Build every metric of the service; `topics` are those it consumes, by full name."""
    return Metrics(registry, topics=topics)
