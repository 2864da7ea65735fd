"""The tables of one service: its settings from the settings model, its metrics from the registry."""

from dataclasses import dataclass
from importlib import import_module
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from prometheus_client import CollectorRegistry
from prometheus_client.registry import Collector
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from docs.markdown import render_table
from shared.adapters.settings import PREFIX, ServiceSettings

_TYPE_NAMES: dict[Any, str] = {str: "text", int: "whole number", float: "number", bool: "true/false"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricFamily:
    """One metric as Prometheus sees it. `name` is what a query uses; a histogram's has suffixes besides."""

    name: str
    kind: str
    labels: tuple[str, ...]
    help_text: str

    def sample_names(self) -> tuple[str, ...]:
        """Return the names of the series it exposes."""
        if self.kind in ("histogram", "summary"):
            return tuple(f"{self.name}_{part}" for part in ("bucket", "count", "sum"))
        return (self.name,)


class _RecordingRegistry(CollectorRegistry):
    """Remembers its collectors, because a labelled metric without series yet exposes nothing to ask."""

    def __init__(self) -> None:
        super().__init__()
        self.collectors: list[Collector] = []

    def register(self, collector: Collector) -> None:
        super().register(collector)
        self.collectors.append(collector)


def service_settings(service: str) -> type[ServiceSettings]:
    """Return the settings model of a service: the one its module defines."""
    module = import_module(f"services.{service}.settings")
    (settings,) = (
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, ServiceSettings) and value.__module__ == module.__name__
    )
    return settings


def service_metrics(service: str) -> list[MetricFamily]:
    """Return all metrics of a service, by name."""
    registry = _RecordingRegistry()
    import_module(f"services.{service}.adapters.metrics").create_metrics(registry)
    return sorted(families_of(registry.collectors), key=lambda family: family.name)


def families_of(collectors: list[Collector]) -> list[MetricFamily]:
    """Return the metric families the collectors expose."""
    return [
        MetricFamily(
            name=f"{family.name}_total" if family.type == "counter" else family.name,
            kind=family.type,
            labels=tuple(getattr(collector, "_labelnames", ())),  # the client offers no public way
            help_text=family.documentation,
        )
        for collector in collectors
        for family in (collector.describe() if hasattr(collector, "describe") else collector.collect())
    ]


def render_metrics(families: list[MetricFamily]) -> str:
    """Return the table of metrics."""
    rows = [
        (f"`{family.name}`", family.kind, ", ".join(f"`{label}`" for label in family.labels), family.help_text)
        for family in families
    ]
    return render_table(("Metric", "Kind", "Labels", "Meaning"), rows)


def variable_name(field: str) -> str:
    """Return the environment variable that sets a field."""
    return f"{PREFIX}{field.upper()}"


def render_settings(model: type[ServiceSettings]) -> str:
    """Return the table of settings: required ones first, then by name."""
    fields = sorted(model.model_fields.items(), key=lambda item: (not item[1].is_required(), item[0]))
    rows = [
        (f"`{variable_name(name)}`", _type_name(field.annotation), _default(field), field.description or "")
        for name, field in fields
    ]
    return render_table(("Variable", "Type", "Default", "Meaning"), rows)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is None:
        return "none"
    return "set, not shown" if isinstance(value, SecretStr) else f"`{value}`"


def _type_name(annotation: Any) -> str:
    if get_origin(annotation) in (UnionType, Union):
        return " or ".join(_type_name(part) for part in get_args(annotation) if part is not NoneType)
    if annotation is SecretStr:
        return "secret"
    return _TYPE_NAMES.get(annotation, getattr(annotation, "__name__", str(annotation)).lower())
