"""Talks to ingest over HTTP as a sender does: pushes a file as a stream, asks what is held, decides about it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import httpx2

from services.ingest.domain.errors import IngestError

_PIECE_BYTES = 256 * 1024
_TIMEOUT_SECONDS = 600


class UnreachableError(IngestError):
    """Ingest does not answer at this address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PushRequest:
    """One push: where to, with which key, what."""

    url: str
    key: str
    feed: str
    content_type: str
    query: Mapping[str, str]
    idempotency_key: str | None = None
    language: str = "zh-CN"


@dataclass(frozen=True, slots=True)
class PushAnswer:
    """Status and JSON body of an answer."""

    status: int
    body: Mapping[str, Any]

    @property
    def is_taken(self) -> bool:
        """Whether the submission was accepted, or a dry run found nothing wrong."""
        return self.status in {200, 202}


def push_file(request: PushRequest, file: BinaryIO, *, sent: Callable[[int], None]) -> PushAnswer:
    """Push what the file holds from its position on; `sent` is told each number of bytes."""
    headers = {
        "Authorization": f"Bearer {request.key}",
        "Content-Type": request.content_type,
        "Accept-Language": request.language,
    }
    if request.idempotency_key is not None:
        headers["Idempotency-Key"] = request.idempotency_key
    address = f"/v1/feeds/{request.feed}/submissions"
    content = _pieces(file, sent)
    return _send(request.url, "POST", address, headers=headers, params=dict(request.query), content=content)


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestDoor:
    """Where ingest is, and the key to use."""

    url: str
    key: str

    def get(self, path: str, **query: str) -> PushAnswer:
        """Read."""
        return _send(self.url, "GET", path, headers=self._headers(), params=query)

    def post(self, path: str, body: Mapping[str, str]) -> PushAnswer:
        """Send a small JSON body."""
        return _send(self.url, "POST", path, headers=self._headers(), json=dict(body))

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}", "Accept-Language": "zh-CN"}


def _send(url: str, method: str, path: str, **request: Any) -> PushAnswer:
    """Send one request; raise UnreachableError when nothing answers."""
    address = f"{url.rstrip('/')}{path}"
    try:
        response = httpx2.request(method, address, timeout=_TIMEOUT_SECONDS, trust_env=False, **request)
    except (httpx2.TransportError, httpx2.InvalidURL, httpx2.UnsupportedProtocol) as error:
        raise UnreachableError(f"{url} does not answer: {type(error).__name__}") from error
    return PushAnswer(response.status_code, response.json())


def _pieces(file: BinaryIO, sent: Callable[[int], None]) -> Iterator[bytes]:
    while piece := file.read(_PIECE_BYTES):
        yield piece
        sent(len(piece))
