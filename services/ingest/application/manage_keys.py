"""API keys: made once and shown once, known afterwards only by the SHA-256 of their secret."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from services.ingest.application.ports import KeyStore
from services.ingest.domain.feeds import FeedName
from services.ingest.domain.sender import Sender
from shared.kernel.clock import Clock

_MARK = "pwk_"
"""Keys start with it, so that one found in a file or a log is recognised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateKey:
    """A key to make."""

    source: str
    name: str
    city: str
    feeds: tuple[FeedName, ...]
    simulated: bool
    authority: str | None
    may_release: bool = False


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made; the secret is not kept anywhere."""

    sender: Sender
    secret: str


async def create_key(
    command: CreateKey, keys: KeyStore, *, clock: Clock, new_key_id: Callable[[], str], new_secret: Callable[[], str]
) -> NewKey:
    """Make a key and keep its hash."""
    sender = Sender(
        key_id=new_key_id(),
        source=command.source,
        name=command.name,
        simulated=command.simulated,
        authority=command.authority,
        city=command.city,
        feeds=command.feeds,
        created_at=clock(),
        may_release=command.may_release,
    )
    secret = f"{_MARK}{new_secret()}"
    await keys.add(sender, secret_hash(secret))
    return NewKey(sender, secret)


def secret_hash(secret: str) -> bytes:
    """Return what is kept of a secret. It is random and long, so a plain hash cannot be searched."""
    return hashlib.sha256(secret.encode()).digest()
