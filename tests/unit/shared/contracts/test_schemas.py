"""The wire contract: schemas are fresh, and every message ever recorded is still read by models and schemas."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from docs.contract_pages import render_schema
from shared.adapters.cloudevents import headers_of, metadata_of
from shared.contracts.topics import TOPICS, Topic

CONTRACTS = Path(__file__).resolve().parents[4] / "shared" / "contracts"
Json = dict[str, Any]


def goldens(topic: Topic) -> list[Json]:
    """Return the recorded messages of a topic."""
    loaded: list[Json] = json.loads((CONTRACTS / "golden" / f"{topic.name}.json").read_text(encoding="utf-8"))
    return loaded


def committed_schema(topic: Topic) -> Json:
    """Return the schema as committed."""
    loaded: Json = json.loads((CONTRACTS / "schemas" / f"{topic.name}.json").read_text(encoding="utf-8"))
    return loaded


GOLDENS = [
    pytest.param(topic, golden, id=f"{topic.name}: {golden['name']}") for topic in TOPICS for golden in goldens(topic)
]
EACH_TOPIC = pytest.mark.parametrize("topic", TOPICS, ids=[topic.name for topic in TOPICS])
EACH_GOLDEN = pytest.mark.parametrize(("topic", "golden"), GOLDENS)


@EACH_TOPIC
def test_committed_schema_is_what_the_model_gives(topic: Topic) -> None:
    text = (CONTRACTS / "schemas" / f"{topic.name}.json").read_text(encoding="utf-8")
    assert text == render_schema(topic), "stale: run `python -m docs.generate`"


def test_no_schema_or_golden_is_left_of_a_topic_that_is_gone() -> None:
    expected = {f"{topic.name}.json" for topic in TOPICS}
    assert {path.name for path in (CONTRACTS / "schemas").iterdir()} == expected
    assert {path.name for path in (CONTRACTS / "golden").iterdir()} == expected


@EACH_GOLDEN
def test_golden_headers_are_read_and_written_alike(topic: Topic, golden: Json) -> None:
    headers = [(name, value.encode()) for name, value in golden["headers"].items()]
    metadata = metadata_of(headers)
    assert metadata.type == topic.event_type
    assert headers_of(metadata) == headers


@EACH_GOLDEN
def test_golden_body_survives_the_model(topic: Topic, golden: Json) -> None:
    event = topic.event.model_validate_json(json.dumps(golden["body"]))
    written = json.loads(event.model_dump_json())
    assert lost_values(golden["body"], written) == []
    assert topic.event.model_validate_json(event.model_dump_json()) == event


@EACH_GOLDEN
def test_golden_body_meets_the_schema(topic: Topic, golden: Json) -> None:
    validator = jsonschema_rs.validator_for(committed_schema(topic), validate_formats=True)
    assert [error.message for error in validator.iter_errors(golden["body"])] == []


@EACH_GOLDEN
def test_what_the_model_writes_meets_the_schema(topic: Topic, golden: Json) -> None:
    event = topic.event.model_validate_json(json.dumps(golden["body"]))
    jsonschema_rs.validator_for(committed_schema(topic)).validate(json.loads(event.model_dump_json()))


@EACH_TOPIC
def test_schema_has_lost_no_field_a_golden_uses(topic: Topic) -> None:
    used = {path for golden in goldens(topic) for path in value_paths(golden["body"])}
    assert used - set(schema_paths(committed_schema(topic))) == set()


@EACH_TOPIC
def test_every_field_of_the_schema_is_used_by_a_golden(topic: Topic) -> None:
    """Only then can a lost field be noticed: a new field comes with a new golden message."""
    used = {path for golden in goldens(topic) for path in value_paths(golden["body"])}
    assert set(schema_paths(committed_schema(topic))) - used == set()


def test_a_lost_field_would_be_noticed() -> None:
    assert lost_values({"firm": {"name": "a", "land_mu": "1"}}, {"firm": {"name": "a"}}) == ["firm.land_mu"]


def test_a_new_required_field_would_be_noticed() -> None:
    topic = TOPICS[0]
    schema = committed_schema(topic)
    schema["properties"]["invented"] = {"type": "string"}
    schema["required"].append("invented")
    assert not jsonschema_rs.validator_for(schema).is_valid(goldens(topic)[0]["body"])


def lost_values(golden: Any, written: Any, path: str = "") -> list[str]:
    """Return the paths whose golden value the written message no longer has."""
    if isinstance(golden, dict) and isinstance(written, dict):
        return [lost for key, value in golden.items() for lost in lost_values(value, written.get(key), join(path, key))]
    if isinstance(golden, list) and isinstance(written, list) and len(golden) == len(written):
        pairs = zip(golden, written, strict=True)
        return [lost for one, other in pairs for lost in lost_values(one, other, f"{path}[]")]
    return [] if golden == written else [path]


def value_paths(value: Any, path: str = "") -> Iterator[str]:
    """Yield the path of every field of a message."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield join(path, key)
            yield from value_paths(inner, join(path, key))
    elif isinstance(value, list):
        for inner in value:
            yield from value_paths(inner, f"{path}[]")


def schema_paths(schema: Json) -> Iterator[str]:
    """Yield the path of every field a schema names."""
    yield from _paths(schema, schema.get("$defs", {}), "")


def _paths(part: Json, definitions: Json, path: str) -> Iterator[str]:
    if "$ref" in part:
        part = definitions[part["$ref"].rpartition("/")[2]]
    for choice in part.get("anyOf", ()):
        yield from _paths(choice, definitions, path)
    if "items" in part:
        yield from _paths(part["items"], definitions, f"{path}[]")
    for name, inner in part.get("properties", {}).items():
        yield join(path, name)
        yield from _paths(inner, definitions, join(path, name))


def join(path: str, key: str) -> str:
    """Return the path of a field."""
    return f"{path}.{key}" if path else key
