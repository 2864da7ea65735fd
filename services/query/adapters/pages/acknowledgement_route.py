"""The alert's page and its form: the acknowledgement goes through query's own server to alerts."""

import re
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import parse_qs, quote, urlsplit

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from services.query.adapters.dependencies import (
    AlertActionsDependency,
    ReaderDependency,
    ReadersDependency,
    RendererDependency,
)
from services.query.adapters.http_errors import FOREIGN_ORIGIN, FORM_TOO_LARGE, problem_of
from services.query.adapters.pages.language import page_language
from services.query.adapters.pages.renderer import Renderer
from services.query.adapters.pages.routes import AlertResult
from services.query.adapters.reading.alerts import AlertDetail, read_alert
from services.query.application.acknowledge_alert import Entered, acknowledge_alert
from services.query.domain.errors import QueryError
from shared.adapters.problems import ProblemError

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
_MAX_FORM_BYTES = 20_000
_ENTRY_ID = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of the form; nothing yet when it is shown first."""

    done: bool = False
    problem: ProblemError | None = None
    form: Entered = field(default_factory=Entered)


@router.get("/alerts/{alert_id}")
async def alert(
    request: Request,
    reader: ReaderDependency,
    renderer: RendererDependency,
    alert_id: str,
    result: Annotated[AlertResult, Query()],
) -> HTMLResponse:
    """One alert."""
    return _page(request, renderer, await read_alert(reader, alert_id), Outcome(done=result.done is not None))


@router.post("/alerts/{alert_id}/acknowledge")
async def acknowledge(
    request: Request,
    readers: ReadersDependency,
    renderer: RendererDependency,
    actions: AlertActionsDependency,
    alert_id: str,
) -> Response:
    """Pass the form on; on success go back to the page, else show the form again with what is wrong."""
    if not _is_own_form(request):
        raise FOREIGN_ORIGIN
    form = await _form(request)
    try:
        await acknowledge_alert(actions, alert_id, form, language=page_language(request))
    except QueryError as error:
        problem = problem_of(error)
        async with readers.open() as reader:
            shown = await read_alert(reader, alert_id)
        return _page(request, renderer, shown, Outcome(problem=problem, form=form))
    return RedirectResponse(f"/alerts/{quote(alert_id)}?done=acknowledged#acknowledge", status_code=303)


def _page(request: Request, renderer: Renderer, shown: AlertDetail, outcome: Outcome) -> HTMLResponse:
    return renderer.page(
        request,
        "alert.html",
        status=outcome.problem.status if outcome.problem else 200,
        alert=shown,
        simulated=shown.simulated,
        done=outcome.done,
        problem=outcome.problem,
        form=outcome.form,
    )


def _is_own_form(request: Request) -> bool:
    """Whether the browser says the form was on one of our pages (against cross-site request forgery)."""
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == request.headers.get("host")


async def _form(request: Request) -> Entered:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_FORM_BYTES:
            raise FORM_TOO_LARGE
    fields = parse_qs(body.decode("utf-8", errors="replace"), keep_blank_values=True, max_num_fields=10)
    first = {name: values[0] for name, values in fields.items()}
    seen = first.get("seen", "")
    return Entered(
        first.get("actor", ""),
        first.get("unit", ""),
        first.get("comment", ""),
        int(seen) if _ENTRY_ID.fullmatch(seen) else None,
    )
