"""Who is calling: the API key of the Authorization header."""

from fastapi import Request

from services.ingest.application.manage_keys import secret_hash
from services.ingest.application.ports import KeyStore
from services.ingest.domain.feeds import FeedName
from services.ingest.domain.sender import Sender
from shared.adapters.problems import ProblemError

_LONGEST_KEY = 200


async def authenticate(request: Request, keys: KeyStore) -> Sender:
    """Return the sender the key is bound to; answer 401 otherwise."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise _unauthorized("请求头须带 Authorization: Bearer <密钥>。", "Send `Authorization: Bearer <key>`.")
    secret = secret.strip()
    sender = await keys.find(secret_hash(secret)) if len(secret) <= _LONGEST_KEY else None
    if sender is None:
        raise _unauthorized("密钥无效或已吊销。", "The key is unknown or revoked.")
    return sender


def authorize(sender: Sender, feed: FeedName) -> None:
    """Answer 403 when the key is not bound to the feed."""
    if feed not in sender.feeds:
        raise ProblemError(
            403,
            "feed-not-allowed",
            f"该密钥无权报送 {feed}。",
            f"This key may not push {feed}.",
            extra={"allowed_feeds": [str(allowed) for allowed in sender.feeds]},
        )


def _unauthorized(zh: str, en: str) -> ProblemError:
    return ProblemError(401, "unauthorized", zh, en, headers={"WWW-Authenticate": "Bearer"})
