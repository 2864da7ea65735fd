"""Every series exists at zero from the start."""

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from services.alerts.adapters.metrics import create_metrics
from services.alerts.application.deliver_notice import Delivered
from services.alerts.domain.delivery import Accepted, Failed, Rejected, RetryAt, Sent, Unavailable
from services.alerts.domain.notice import Channel
from tests.contracts.alerts_store import T0


def value(registry: CollectorRegistry, name: str, **labels: str) -> float | None:
    return registry.get_sample_value(name, labels)


@pytest.mark.parametrize(
    "series",
    [
        'alerts_open{severity="red"} 0.0',
        'alerts_notices{channel="none",state="unreachable"} 0.0',
        'alerts_notice_attempts_total{channel="mail",outcome="rejected"} 0.0',
        "alerts_oldest_queued_notice_seconds 0.0",
        "alerts_parked_messages 0.0",
        "alerts_stale 0.0",
        "alerts_suspended 0.0",
        'alerts_changes_total{change="retracted"} 0.0',
        'alerts_consumer_messages_parked_total{topic="planwatch.findings.v1"} 0.0',
        "alerts_outbox_backlog_events 0.0",
    ],
)
def test_series_start_at_zero(series: str) -> None:
    registry = CollectorRegistry()
    create_metrics(registry, topics=("planwatch.findings.v1",))

    assert series in generate_latest(registry).decode().splitlines()


def test_a_channel_is_degraded_while_it_is_unavailable_not_when_it_refuses() -> None:
    registry = CollectorRegistry()
    metrics = create_metrics(registry).alerts
    seen = []
    for delivered in (
        Delivered(Unavailable("busy"), RetryAt(T0, "busy")),
        Delivered(Rejected("SMTP 550"), Failed("SMTP 550")),
        Delivered(Accepted(), Sent()),
    ):
        metrics.tried(Channel.MAIL, delivered)
        seen.append(value(registry, "alerts_channel_degraded", channel="mail"))

    assert seen == [1.0, 0.0, 0.0]
    assert value(registry, "alerts_notice_attempts_total", channel="mail", outcome="rejected") == 1.0
