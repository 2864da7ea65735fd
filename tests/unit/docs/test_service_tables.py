"""The tables of settings and metrics say what the models and the registry say."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.registry import Collector
from pydantic import Field, SecretStr

from docs.service_tables import families_of, render_metrics, render_settings
from shared.adapters.settings import ServiceSettings


class ExampleSettings(ServiceSettings):
    """Settings with one of each kind."""

    example_token: SecretStr = Field(description="a token")
    example_seconds: float | None = Field(default=None, description="how long, seconds")


def collectors() -> list[Collector]:
    registry = CollectorRegistry()
    return [
        Counter("example_events_total", "Events", ["kind"], registry=registry),
        Gauge("example_open", "Open", registry=registry),
        Histogram("example_seconds", "Time", registry=registry),
    ]


def test_settings_name_variable_type_default_and_meaning() -> None:
    lines = render_settings(ExampleSettings).splitlines()
    assert "| `PLANWATCH_EXAMPLE_TOKEN` | secret | required | a token |" in lines
    assert "| `PLANWATCH_EXAMPLE_SECONDS` | number | none | how long, seconds |" in lines
    assert "| `PLANWATCH_LOG_LEVEL` | text | `INFO` | DEBUG, INFO, WARNING or ERROR |" in lines


def test_required_settings_come_first() -> None:
    defaults = [line.split(" | ")[2] for line in render_settings(ExampleSettings).splitlines()[2:]]
    assert defaults[:3] == ["required"] * 3
    assert "required" not in defaults[3:]


def test_metrics_name_kind_labels_and_meaning_even_without_a_series() -> None:
    lines = render_metrics(families_of(collectors())).splitlines()
    assert "| `example_events_total` | counter | `kind` | Events |" in lines
    assert "| `example_open` | gauge |  | Open |" in lines


def test_a_histogram_exposes_three_series() -> None:
    (histogram,) = [family for family in families_of(collectors()) if family.kind == "histogram"]
    assert histogram.sample_names() == ("example_seconds_bucket", "example_seconds_count", "example_seconds_sum")
