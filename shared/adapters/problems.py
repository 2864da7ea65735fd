"""RFC 9457 problem details, in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

PROBLEM_JSON = "application/problem+json"
TYPE_BASE = "urn:planwatch:problem:"
Language = Literal["zh", "en"]


@dataclass(eq=False)
class ProblemError(Exception):
    """An answer that is not a success. `code` ends the stable `type`; the sentences exist in both languages."""

    status: int
    code: str
    zh: str
    en: str
    errors: Sequence[Mapping[str, Any]] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.status} {self.code}: {self.en}"


def language_of(request: Request) -> Language:
    """Return the language of the answer: English when `Accept-Language` prefers it, else Chinese (the default)."""
    preferred = request.headers.get("accept-language", "zh-CN").split(",")[0].strip().lower()
    return "en" if preferred.startswith("en") else "zh"


def problem_response(problem: ProblemError, *, language: Language, instance: str) -> JSONResponse:
    """Render a problem as `application/problem+json`."""
    titles = {"zh": problem.zh, "en": problem.en}
    body: dict[str, Any] = {
        "type": f"{TYPE_BASE}{problem.code}",
        "title": titles[language],
        "status": problem.status,
        "detail": titles[language],
        "instance": instance,
        **problem.extra,
    }
    if problem.errors:
        body["errors"] = list(problem.errors)
    return JSONResponse(body, status_code=problem.status, media_type=PROBLEM_JSON, headers=dict(problem.headers))


def add_problem_handlers(app: FastAPI) -> None:
    """Answer every refused or failed request with a problem, FastAPI's own refusals too."""

    async def on_problem(request: Request, error: Exception) -> JSONResponse:
        if not isinstance(error, ProblemError):
            raise error
        return problem_response(error, language=language_of(request), instance=request.url.path)

    async def on_http(request: Request, error: Exception) -> JSONResponse:
        if not isinstance(error, HTTPException):
            raise error
        problem = _of_http(error)
        return problem_response(problem, language=language_of(request), instance=request.url.path)

    async def on_validation(request: Request, error: Exception) -> JSONResponse:
        if not isinstance(error, RequestValidationError):
            raise error
        errors = [{"location": [str(part) for part in item["loc"]], "message": item["msg"]} for item in error.errors()]
        problem = ProblemError(422, "request-invalid", "请求参数不符合要求。", "The request is not valid.", errors)
        return problem_response(problem, language=language_of(request), instance=request.url.path)

    async def on_failure(request: Request, _error: Exception) -> JSONResponse:
        problem = ProblemError(
            500, "internal-error", "服务内部错误，请稍后重试。", "The service failed; try again later."
        )
        return problem_response(problem, language=language_of(request), instance=request.url.path)

    app.add_exception_handler(Exception, on_failure)
    app.add_exception_handler(ProblemError, on_problem)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(RequestValidationError, on_validation)


def _of_http(error: HTTPException) -> ProblemError:
    sentences = {
        404: ("not-found", "没有这个地址或对象。", "There is no such resource."),
        405: ("method-not-allowed", "该地址不支持此方法。", "The method is not allowed here."),
    }
    code, zh, en = sentences.get(error.status_code, ("http-error", str(error.detail), str(error.detail)))
    return ProblemError(error.status_code, code, zh, en, headers=dict(error.headers or {}))
