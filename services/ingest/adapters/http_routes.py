"""The HTTP API of ingest: push a submission, read its report, get its file back."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response, StreamingResponse

from services.ingest.adapters.http_auth import authenticate
from services.ingest.adapters.http_errors import not_found, problem_of
from services.ingest.adapters.http_push import Push, push
from services.ingest.adapters.http_schemas import (
    ReceiptView,
    SubmissionPage,
    SubmissionReport,
    SubmissionSummary,
    finding_views,
    submission_values,
)
from services.ingest.adapters.openapi_body import REQUEST_BODY
from services.ingest.adapters.postgres_submissions import PostgresSubmissions
from services.ingest.adapters.receipt_json import findings_of_documents
from services.ingest.domain.errors import IngestError
from services.ingest.domain.feeds import FeedName
from shared.adapters.problems import PROBLEM_JSON, language_of

_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": text, "content": {PROBLEM_JSON: {}}}
    for status, text in {
        400: "The body cannot be read; says where",
        401: "No key, or an unknown or revoked one",
        403: "The key may not push this feed",
        409: "A request with the same Idempotency-Key is still being processed",
        413: "The body is too large",
        415: "Neither JSON nor CSV",
        422: "Rejected: every finding with row, column, code and message; nothing was taken",
        503: "The database is away; nothing was taken",
    }.items()
}
_READ_PROBLEMS: dict[int | str, dict[str, Any]] = {status: _PROBLEMS[status] for status in (401, 503)}
Authorization = Annotated[str | None, Header(description="`Bearer <key>`")]


def create_router(needs: Push, submissions: PostgresSubmissions) -> APIRouter:
    """Return the routes, bound to what they need."""
    router = APIRouter(prefix="/v1", tags=["submissions"])

    @router.post(
        "/feeds/{feed}/submissions",
        status_code=202,
        response_model=ReceiptView,
        responses={**_PROBLEMS, 200: {"model": ReceiptView, "description": "Dry run: nothing was written"}},
        openapi_extra={"requestBody": REQUEST_BODY},
        summary="Push a submission",
    )
    async def push_submission(
        request: Request,
        feed: FeedName,
        authorization: Authorization = None,  # noqa: ARG001  documented here, read in http_auth
        idempotency_key: Annotated[str | None, Header()] = None,  # noqa: ARG001
        dry_run: Annotated[str | None, Query(description="true: answer the same report, write nothing")] = None,  # noqa: ARG001
    ) -> Response:
        return await push(request, feed, needs)

    @router.get("/submissions", responses=_READ_PROBLEMS, summary="List own submissions, newest first")
    async def list_submissions(
        request: Request,
        feed: FeedName | None = None,
        state: Annotated[Literal["held"] | None, Query(description="held: those that wait for a release")] = None,
        cursor: Annotated[str | None, Query(pattern=r"^[0-9]{1,18}$")] = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 50,
    ) -> SubmissionPage:
        try:
            sender = await authenticate(request, needs.keys)
            before = int(cursor) if cursor is not None else None
            page = await submissions.list_page(sender, feed=feed, only_held=state == "held", before=before, limit=limit)
        except IngestError as error:
            raise problem_of(error) from error
        language = language_of(request)
        items = [SubmissionSummary.model_validate(submission_values(row, language)) for row in page.items]
        return SubmissionPage(items=items, next=str(page.next) if page.next is not None else None)

    @router.get("/submissions/{submission_id}", responses=_READ_PROBLEMS, summary="Report of a submission")
    async def get_submission(request: Request, submission_id: str) -> SubmissionReport:
        row = await _own_submission(request, submission_id, needs, submissions)
        warnings = findings_of_documents(row["warnings"], row["warnings_total"])
        language = language_of(request)
        views = [view.model_dump() for view in finding_views(warnings, language)]
        return SubmissionReport.model_validate({**submission_values(row, language), "warnings": views})

    @router.get(
        "/submissions/{submission_id}/file",
        response_class=StreamingResponse,
        responses=_READ_PROBLEMS,
        summary="The bytes as they were pushed",
    )
    async def get_file(request: Request, submission_id: str) -> StreamingResponse:
        row = await _own_submission(request, submission_id, needs, submissions)
        return StreamingResponse(
            submissions.read_file(submission_id),
            headers={
                "Content-Type": row["content_type"],
                "Content-Length": str(row["body_bytes"]),
                "ETag": f'"{row["body_sha256"]}"',
                "Content-Disposition": "attachment",
                "X-Content-Type-Options": "nosniff",
            },
        )

    return router


async def _own_submission(
    request: Request, submission_id: str, needs: Push, submissions: PostgresSubmissions
) -> dict[str, Any]:
    """Return a submission the sender may see; another's is not found, not forbidden."""
    try:
        sender = await authenticate(request, needs.keys)
        row = await submissions.find(submission_id, sender)
    except IngestError as error:
        raise problem_of(error) from error
    if row is None:
        raise not_found()
    return dict(row)
