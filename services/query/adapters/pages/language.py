"""The language of a page: `?lang=` chooses and is remembered in a cookie; without a choice it is Chinese."""

from http.cookies import SimpleCookie
from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.adapters.problems import Language

COOKIE: Final = "planwatch_language"
PARAMETER: Final = "lang"
_YEAR_SECONDS = 31_536_000


class LanguageChoice:
    """ASGI middleware: takes `lang` out of the query, keeps the language for the page, and remembers a choice."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Leave the API alone: there `Accept-Language` decides."""
        if scope["type"] != "http" or scope["path"].startswith("/v1/"):
            await self._app(scope, receive, send)
            return
        pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        chosen = next((_known(value) for name, value in pairs if name == PARAMETER), None)
        language = chosen or _known(HTTPConnection(scope).cookies.get(COOKIE, "")) or "zh"
        rest = urlencode([(name, value) for name, value in pairs if name != PARAMETER])
        scope = {
            **scope,
            "query_string": rest.encode("latin-1"),
            "state": {**scope.get("state", {}), "language": language},
        }
        await self._app(scope, receive, send if chosen is None else _remembering(send, chosen))


def page_language(request: Request) -> Language:
    """Return the language the middleware found."""
    language: Language = getattr(request.state, "language", "zh")
    return language


def _known(text: str) -> Language | None:
    match text:
        case "zh" | "en":
            return text
        case _:
            return None


def _remembering(send: Send, language: Language) -> Send:
    cookie = SimpleCookie({COOKIE: language})
    cookie[COOKIE].update({"path": "/", "max-age": str(_YEAR_SECONDS), "samesite": "Lax"})
    cookie[COOKIE]["httponly"] = True

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(raw=message["headers"]).append("set-cookie", cookie[COOKIE].OutputString())
        await send(message)

    return sending
