"""Strong ETags on every read, and 304 when the reader has the same already."""

import hashlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_READS = frozenset({"GET", "HEAD"})
_UNTAGGED = ("/metrics", "/healthz", "/readyz", "/static/")


class ConditionalReads:
    """ASGI middleware: tags each successful GET with the hash of its body; a matching `If-None-Match` gets 304.

    HEAD is answered as GET, without the body.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass other requests on untouched."""
        if scope["type"] != "http" or scope["method"] not in _READS or scope["path"].startswith(_UNTAGGED):
            await self._app(scope, receive, send)
            return
        if scope["method"] == "HEAD":
            scope, send = {**scope, "method": "GET"}, _without_body(send)
        known = Headers(scope=scope).get("if-none-match", "")
        await self._app(scope, receive, _TaggingSend(send, known))


def _without_body(send: Send) -> Send:
    async def sending(message: Message) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return sending


class _TaggingSend:
    """Holds the answer back until its body is whole."""

    def __init__(self, send: Send, known: str) -> None:
        self._send = send
        self._known = known
        self._start: Message | None = None
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            self._start = message
            return
        if self._start is None or message["type"] != "http.response.body":
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if not message.get("more_body", False):
            await self._finish(self._start)

    async def _finish(self, start: Message) -> None:
        body = bytes(self._body)
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = MutableHeaders(raw=start["headers"])
        headers["etag"] = tag
        headers["cache-control"] = "private, no-cache"
        headers.add_vary_header("Accept-Language")
        headers.add_vary_header("Cookie")
        if tag in {part.strip().removeprefix("W/") for part in self._known.split(",")} or self._known.strip() == "*":
            del headers["content-length"]
            await self._send({**start, "status": 304})
            await self._send({"type": "http.response.body", "body": b""})
            return
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})
