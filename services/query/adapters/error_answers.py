"""Answers every error: with a problem under `/v1`, with a page elsewhere."""

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from services.query.adapters.http_errors import (
    DATABASE_ERRORS,
    PAGE_PROBLEMS,
    UNEXPECTED,
    problem_of,
    problem_of_database,
)
from services.query.adapters.looking_back import headers_of, instant_of
from services.query.adapters.pages.renderer import Renderer
from services.query.adapters.security_headers import SECURITY_HEADERS
from services.query.domain.errors import QueryError
from shared.adapters.problems import ProblemError, language_of, problem_response

Handler = Callable[[Request, Exception], Response | Awaitable[Response]]


class ErrorAnswers:
    """The application's exception handlers. Under `/v1`, refusals of the framework keep the shared answer."""

    def __init__(self, app: FastAPI, renderer: Renderer) -> None:
        self._app = app
        self._renderer = renderer
        self._shared: dict[type[Exception], Handler] = {
            kind: app.exception_handlers[kind] for kind in (HTTPException, RequestValidationError)
        }

    def install(self) -> None:
        """Register the handlers."""
        for kind in self._shared:
            self._app.add_exception_handler(kind, self._on_framework_refusal)
        for kind in (ProblemError, QueryError, *DATABASE_ERRORS):
            self._app.add_exception_handler(kind, self._on_error)
        self._app.add_exception_handler(Exception, self._on_bug)

    async def _on_framework_refusal(self, request: Request, error: Exception) -> Response:
        is_http = isinstance(error, HTTPException)
        if _is_api(request):
            answer = self._shared[HTTPException if is_http else RequestValidationError](request, error)
            return answer if isinstance(answer, Response) else await answer
        status = error.status_code if isinstance(error, HTTPException) else 422
        return self._answer(request, PAGE_PROBLEMS.get(status, UNEXPECTED))

    async def _on_error(self, request: Request, error: Exception) -> Response:
        match error:
            case ProblemError():
                return self._answer(request, error)
            case QueryError():
                return self._answer(request, problem_of(error))
            case _:
                return self._answer(request, problem_of_database(error))

    async def _on_bug(self, request: Request, _error: Exception) -> Response:
        """Answer what nobody foresaw. It is raised again after this, outside of all middleware."""
        response = self._answer(request, UNEXPECTED)
        response.headers.update(SECURITY_HEADERS)
        return response

    def _answer(self, request: Request, problem: ProblemError) -> Response:
        if _is_api(request):
            response = problem_response(problem, language=language_of(request), instance=request.url.path)
            response.headers.update(headers_of(instant_of(request)))
            return response
        return self._renderer.problem(request, problem)


def _is_api(request: Request) -> bool:
    return request.url.path.startswith("/v1/")
