"""Renders templates: one environment a language, autoescaped, undefined names are errors."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from asgi_correlation_id import correlation_id
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from services.query.adapters.looking_back import headers_of, instant_of
from services.query.adapters.pages.formats import Formats
from services.query.adapters.pages.language import PARAMETER, page_language
from services.query.adapters.pages.texts import code_text, text
from shared.adapters.problems import Language, ProblemError
from shared.kernel.china_time import day_in_china
from shared.kernel.clock import Clock

_TEMPLATES = Path(__file__).parent / "templates"
_TITLED = {404, 422, 503}


class Renderer:
    """Makes pages of templates and what was read."""

    def __init__(self, units: Mapping[str, str], clock: Clock) -> None:
        """Take the English names of units of measure, and the clock that tells the last day one can look back to."""
        self._clock = clock
        self._environments: Mapping[Language, Environment] = {
            "zh": _environment("zh", units),
            "en": _environment("en", units),
        }

    def page(self, request: Request, template: str, *, status: int = 200, **context: object) -> HTMLResponse:
        """Render a page in the reader's language."""
        language = page_language(request)
        as_of = instant_of(request)
        html = (
            self._environments[language]
            .get_template(template)
            .render(
                path=request.url.path,
                switch_address=_address(request, **{PARAMETER: "en" if language == "zh" else "zh"}),
                address=partial(_address, request),
                to=partial(_link, request if as_of else None),
                as_of=as_of,
                today=day_in_china(self._clock()),
                as_of_given=request.query_params.get("as_of"),
                parameters_given=request.query_params.multi_items(),
                **context,
            )
        )
        headers = {"content-language": "zh-CN" if language == "zh" else "en", **headers_of(as_of)}
        return HTMLResponse(html, status_code=status, headers=headers)

    def problem(self, request: Request, problem: ProblemError) -> HTMLResponse:
        """Render what went wrong, with the number to give when reporting it."""
        sentence = problem.zh if page_language(request) == "zh" else problem.en
        response = self.page(
            request,
            "error.html",
            status=problem.status,
            title_key=f"error.{problem.status if problem.status in _TITLED else 'other'}",
            sentence=sentence,
            code=problem.code,
            reference=correlation_id.get(),
        )
        response.headers.update(problem.headers)
        return response


def _environment(language: Language, units: Mapping[str, str]) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(Formats(language, units).filters)
    environment.filters["local"] = partial(_local, language)
    environment.filters["path"] = partial(quote, safe="/@:")
    environment.globals.update(
        language=language, t=partial(text, language), code=partial(code_text, language), query=_query
    )
    return environment


def _local(language: Language, thing: object, name: str | None = None) -> str:
    """Return the text of a thing in this language: its attribute `<name>_<language>`, or `<language>` itself."""
    return str(getattr(thing, language if name is None else f"{name}_{language}"))


def _query(**parameters: Any) -> str:
    return urlencode({name: value for name, value in parameters.items() if value is not None})


def _link(looking_back: Request | None, href: str) -> str:
    """Return a link to another page that looks from the same instant as this one."""
    if looking_back is None:
        return href
    address, hash_sign, fragment = href.partition("#")
    instant = urlencode({"as_of": looking_back.query_params["as_of"]})
    return f"{address}{'&' if '?' in address else '?'}{instant}{hash_sign}{fragment}"


def _address(request: Request, **changes: object) -> str:
    """Return this page's address with other parameters; None takes one away."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in changes]
    pairs = [*kept, *((name, str(value)) for name, value in changes.items() if value is not None)]
    return quote(request.url.path, safe="/@:") + (f"?{urlencode(pairs)}" if pairs else "")
