"""The documents: every service's page has the fixed headings and names each setting, topic and metric."""

import ast
import re
from pathlib import Path

import pytest

from docs.generate import PROJECT_ROOT, contract_documents, service_documents
from docs.service_tables import service_metrics, service_settings, variable_name
from shared.adapters.settings import SERVICES
from shared.contracts import topics
from shared.contracts.topics import Topic

HEADINGS = ["Purpose", "Topics", "Tables", "Settings", "Metrics", "Run it"]
EACH_SERVICE = pytest.mark.parametrize("service", SERVICES)


def page_of(service: str) -> str:
    return (PROJECT_ROOT / "services" / service / "README.md").read_text(encoding="utf-8")


def topics_used_by(service: str) -> set[str]:
    """Return the topics whose declarations the service's code imports."""
    used: set[str] = set()
    for path in (PROJECT_ROOT / "services" / service).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == topics.__name__:
                used |= {name for alias in node.names for name in topics_in(getattr(topics, alias.name))}
    return used


def topics_in(declared: object) -> set[str]:
    """Return the names in a topic, or in a collection of topics."""
    if isinstance(declared, Topic):
        return {declared.name}
    if isinstance(declared, dict):
        return {topic.name for topic in declared.values()}
    return {topic.name for topic in declared if isinstance(topic, Topic)} if isinstance(declared, tuple) else set()


@EACH_SERVICE
def test_page_has_the_fixed_headings(service: str) -> None:
    text = re.sub(r"```.*?```", "", page_of(service), flags=re.DOTALL)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == HEADINGS
    assert text.startswith(f"# {service}\n")


@EACH_SERVICE
def test_page_names_every_topic(service: str) -> None:
    section = page_of(service).split("## Topics")[1].split("\n## ")[0]
    assert [name for name in sorted(topics_used_by(service)) if name not in section] == []


@EACH_SERVICE
def test_page_names_every_setting(service: str) -> None:
    page = page_of(service)
    names = [variable_name(field) for field in service_settings(service).model_fields]
    assert [name for name in names if f"`{name}`" not in page] == []


@EACH_SERVICE
def test_every_setting_is_described(service: str) -> None:
    fields = service_settings(service).model_fields
    assert [name for name, field in fields.items() if not field.description] == []


@EACH_SERVICE
def test_page_names_every_metric(service: str) -> None:
    page = page_of(service)
    assert [family.name for family in service_metrics(service) if f"`{family.name}`" not in page] == []


@EACH_SERVICE
def test_every_metric_is_named_for_its_service_and_explained(service: str) -> None:
    for family in service_metrics(service):
        assert family.name.startswith(f"{service}_"), family.name
        assert family.help_text, family.name


def test_generated_parts_of_the_services_pages_are_fresh() -> None:
    assert [str(path) for path, text in service_documents(PROJECT_ROOT) if read(path) != text] == []


def test_generated_contract_documents_are_fresh() -> None:
    assert [str(path) for path, text in contract_documents() if read(path) != text] == []


def read(path: Path) -> str:
    return (PROJECT_ROOT / path).read_text(encoding="utf-8")
