"""How a row's content is written for storage and comparison: JSON without spaces, and a hash of it."""

import hashlib
from typing import Any

import orjson

HASH_BYTES = 16


def encode_content(content: dict[str, Any]) -> tuple[str, bytes]:
    """Return the content as JSON, members in the order of the feed's table, and the hash that identifies it."""
    text = orjson.dumps(content)
    return text.decode(), hashlib.sha256(text).digest()[:HASH_BYTES]
