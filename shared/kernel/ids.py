"""Deterministic identifiers: the same facts always give the same id, so a retry is recognised."""

import hashlib


def stable_id(prefix: str, *parts: str) -> str:
    """Return `<prefix>_<32 hex digits>`, a function of the parts alone (SHA-256, parts joined by U+001F)."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
    return f"{prefix}_{digest[:32]}"


def text_hash(text: str) -> str:
    """Return the SHA-256 of the UTF-8 text as 64 hex digits (quotes and documents are pinned by it)."""
    return hashlib.sha256(text.encode()).hexdigest()
