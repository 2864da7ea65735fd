"""The wire contract as documents: a JSON Schema for each topic's event, and the page that lists the topics."""

import json
from datetime import timedelta

from docs.markdown import render_table
from shared.contracts.topics import DEFAULT_PREFIX, FOREVER, TOPICS, Topic

SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"

_ATTRIBUTES = (
    ("`ce_specversion`", "`1.0`"),
    ("`ce_id`, `ce_source`", "together identify a duplicate; deterministic, so that a retry sends the same event"),
    ("`ce_type`", "event type, see above"),
    ("`ce_time`", "business instant, RFC 3339: the end of the period, 00:00 of the next day in Asia/Shanghai"),
    ("`ce_recordedtime`", "when it became known, RFC 3339"),
    ("`ce_sequence`", "order of corrections, 20 digits; the highest of a cell wins, whenever it arrives"),
    ("`ce_partitionkey`", "the message's key"),
    ("`ce_correlationid`", "one id from the submission to the notice"),
    ("`content-type`", "`application/json`"),
)

_PAGE = """\
# Topics · 主题

Generated from `shared/contracts/topics.py` by `python -m docs.generate`; do not edit. `planwatch migrate` creates
what is missing. The prefix `{prefix}` is set by `PLANWATCH_TOPIC_PREFIX`.

{topics}

## Headers

Every message is a CloudEvents 1.0 event in binary mode: attributes are headers, the body is JSON.

{headers}

## Events

Readers ignore fields they do not know. A field is never removed and never becomes required: the messages in
`shared/contracts/golden/` are only ever added to, and every later version must read all of them. A change that
breaks them is a new topic version.

{events}
"""


def render_schema(topic: Topic) -> str:
    """Return the JSON Schema of a topic's event as written on the wire."""
    schema = topic.event.model_json_schema(mode="serialization", by_alias=True)
    head = {
        "$schema": SCHEMA_DIALECT,
        "$id": f"urn:planwatch:{topic.name}",
        "x-event-type": topic.event_type,
        "x-key": topic.key,
    }
    return json.dumps(head | schema, ensure_ascii=False, indent=2) + "\n"


def render_topics_page() -> str:
    """Return the page of all topics."""
    topics = render_table(
        ("Topic", "Key", "Partitions", "Retention", "min.insync.replicas", "Event type"),
        (_topic_row(topic) for topic in TOPICS),
    )
    return _PAGE.format(
        prefix=DEFAULT_PREFIX,
        topics=topics,
        headers=render_table(("Header", "Meaning"), _ATTRIBUTES),
        events="\n".join(_event_section(topic) for topic in TOPICS).rstrip(),
    )


def _topic_row(topic: Topic) -> tuple[str, ...]:
    return (
        f"`{topic.full_name()}`",
        topic.key,
        str(topic.partitions),
        _retention(topic.retention),
        str(topic.min_insync_replicas),
        f"`{topic.event_type}`",
    )


def _retention(retention: timedelta) -> str:
    return "forever (for replays)" if retention == FOREVER else f"{retention.days} days"


def _event_section(topic: Topic) -> str:
    summary = (topic.event.__doc__ or "").strip().splitlines()[0]
    schema, golden = (f"../shared/contracts/{folder}/{topic.name}.json" for folder in ("schemas", "golden"))
    return f"- **{topic.event.__name__}** (`{topic.name}`): {summary} [Schema]({schema}), [messages]({golden})."
