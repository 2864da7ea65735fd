"""The request body of a push for OpenAPI, generated from the declared tables."""

from typing import Any

from services.ingest.adapters.media_type import CSV, JSON
from services.ingest.domain.columns import Column, Kind
from services.ingest.domain.envelope import Action, Reason
from services.ingest.domain.feeds import FEED_TABLES, FeedTable

_JSON_TYPES: dict[Kind, dict[str, Any]] = {
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.INTEGER: {"type": "integer"},
    Kind.YEAR: {"type": "integer"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.MONEY: {"type": ["string", "number"]},
    Kind.NUMBER: {"type": ["string", "number"]},
}


def _column_schema(column: Column) -> dict[str, Any]:
    schema = dict(_JSON_TYPES.get(column.kind, {"type": "string"}))
    if column.choices:
        schema["enum"] = list(column.choices)
    schema["description"] = f"{column.zh}（{column.unit}）" if column.unit else column.zh
    return schema


def _row_schema(table: FeedTable) -> dict[str, Any]:
    return {
        "title": str(table.feed),
        "description": table.zh,
        "type": "object",
        "additionalProperties": False,
        "required": [column.name for column in table.columns if column.required],
        "properties": {column.name: _column_schema(column) for column in table.columns},
    }


_BODY_SCHEMA = {
    "type": "object",
    "required": ["period", "rows"],
    "properties": {
        "period": {"type": "string", "examples": ["2024-06", "2024-01/P2M"]},
        "action": {"type": "string", "enum": list(Action), "default": "merge"},
        "reason": {"type": "string", "enum": list(Reason), "description": "needed when known values change"},
        "reference": {"type": "string", "description": "the notice a restatement follows"},
        "mode": {"type": "string", "enum": ["strict"], "default": "strict"},
        "area": {"type": "string", "description": "what a replacement covers; without it the key's city"},
        "rows": {
            "type": "array",
            "items": {"anyOf": [_row_schema(table) for table in FEED_TABLES.values()]},
        },
    },
}
REQUEST_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        JSON: {"schema": _BODY_SCHEMA},
        CSV: {
            "schema": {
                "type": "string",
                "description": "Header row with column names (English or Chinese); UTF-8, with or without BOM, or "
                "GB18030. The envelope stands in the query: ?period=2024-06&action=merge",
            }
        },
    },
}
