"""What OpenAPI says of every read: the tag, the 304, and the problems."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from services.query.adapters.looking_back import AS_OF_HEADER


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str = Field(description="stable URN, `urn:planwatch:problem:<code>`")
    title: str
    status: int
    detail: str
    instance: str
    errors: list[dict[str, Any]] = []


_TAG = {"ETag": {"description": "hash of the body; send it back as If-None-Match", "schema": {"type": "string"}}}
_AS_OF = {
    AS_OF_HEADER: {
        "description": "the instant whose knowledge this is; absent: now",
        "schema": {"type": "string", "format": "date-time"},
    }
}
_PROBLEM = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}


def answers(*problems: Literal[404]) -> dict[int | str, dict[str, Any]]:
    """Return the documented answers of a read."""
    return {
        200: {"headers": _TAG | _AS_OF},
        304: {"description": "Not modified since the tag in If-None-Match"},
        422: {"model": Problem, "description": "A parameter, cursor or instant is not acceptable", **_PROBLEM},
        503: {"model": Problem, "description": "The database is away", **_PROBLEM},
        **{status: {"model": Problem, "description": "No such thing", **_PROBLEM} for status in problems},
    }
