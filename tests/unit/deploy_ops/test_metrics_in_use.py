"""Alert rules and dashboard ask only for metrics, labels and label values that the services really export."""

import json
from collections.abc import Iterator
from functools import cache
from importlib import import_module

import pytest
from prometheus_client import CollectorRegistry

from docs.service_tables import MetricFamily, service_metrics
from shared.adapters.settings import SERVICES
from tests.unit.deploy_ops.project import DASHBOARD, alert_rules
from tests.unit.deploy_ops.promql import read_expression

TARGET_LABELS = {"job", "instance", "service", "server", "le"}
FOREIGN_METRICS = {
    "up": set(),
    "probe_success": set(),
    "alertmanager_notifications_failed_total": {"integration"},
}


def expressions() -> Iterator[tuple[str, str]]:
    for rule in alert_rules():
        yield rule["alert"], rule["expr"]
    for panel in json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]:
        for target in panel.get("targets", ()):
            yield panel["title"], target["expr"]


EACH_EXPRESSION = pytest.mark.parametrize(("owner", "text"), list(expressions()))


@cache
def families() -> dict[str, MetricFamily]:
    return {
        name: family for service in SERVICES for family in service_metrics(service) for name in family.sample_names()
    }


@cache
def values_at_start() -> dict[tuple[str, str], set[str]]:
    """Return the label values of every series that exists before anything has happened."""
    found: dict[tuple[str, str], set[str]] = {}
    for service in SERVICES:
        registry = CollectorRegistry()
        import_module(f"services.{service}.adapters.metrics").create_metrics(registry)
        for family in registry.collect():
            for sample in family.samples:
                for label, value in sample.labels.items():
                    found.setdefault((sample.name, label), set()).add(value)
    return found


@EACH_EXPRESSION
def test_metrics_exist(owner: str, text: str) -> None:
    assert read_expression(text).metrics - set(families()) - set(FOREIGN_METRICS) == set(), owner


@EACH_EXPRESSION
def test_labels_exist(owner: str, text: str) -> None:
    expression = read_expression(text)
    known = {label for name in expression.metrics & set(families()) for label in families()[name].labels}
    foreign = {label for name in expression.metrics & set(FOREIGN_METRICS) for label in FOREIGN_METRICS[name]}
    assert expression.labels - known - foreign - TARGET_LABELS == set(), owner


@EACH_EXPRESSION
def test_label_values_exist(owner: str, text: str) -> None:
    for metric, label, value in read_expression(text).values:
        if metric in families() and label not in TARGET_LABELS:
            assert value in values_at_start().get((metric, label), set()), f"{owner}: {metric}{{{label}={value}}}"


def test_an_expression_is_read() -> None:
    text = (
        'sum by (le, city) (rate(a_bucket{x="1",y=~"5.*"}[5m])) / on (city) b_total offset 1d > 0.05 and time() - c > 2'
    )
    expression = read_expression(text)
    assert expression.metrics == {"a_bucket", "b_total", "c"}
    assert expression.labels == {"le", "city", "x", "y"}
    assert expression.values == {("a_bucket", "x", "1")}
