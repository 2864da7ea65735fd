"""`POST /v1/feeds/{feed}/submissions`: receives the body as a stream and answers with the outcome."""

import asyncio
import hashlib
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import orjson
from asgi_correlation_id import correlation_id
from fastapi import Request
from fastapi.responses import JSONResponse, Response
from starlette.requests import ClientDisconnect

from services.ingest.adapters.http_auth import authenticate, authorize
from services.ingest.adapters.http_errors import problem_of, rejection
from services.ingest.adapters.http_schemas import receipt_view
from services.ingest.adapters.media_type import CSV, JSON, BodyFormat, format_of
from services.ingest.adapters.metrics import IngestMetrics, SubmissionOutcome
from services.ingest.adapters.spool import SpooledBody, received_body
from services.ingest.application.accept_submission import (
    Accepted,
    AcceptSubmission,
    Checked,
    Intake,
    Outcome,
    Rejected,
    Replayed,
    accept_submission,
)
from services.ingest.application.ports import IdempotencyClaim, KeyStore
from services.ingest.domain.errors import BodyTooLargeError, IngestError
from services.ingest.domain.feeds import FEED_TABLES, FeedName
from services.ingest.domain.sender import Sender
from shared.adapters.logging import get_logger
from shared.adapters.problems import Language, ProblemError, language_of
from shared.kernel.china_time import day_in_china

log = get_logger(__name__)
_LONGEST_IDEMPOTENCY_KEY = 255
_LARGE_BYTES = 2 * 1024 * 1024
_SAME_SERIES = 2
"""One works, one more may be told that its Idempotency-Key is in use; the others wait without a connection."""
_TRUTH = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class PushLimits:
    """How large a body may be, how many large ones are checked at the same time, and how many of one source,
    city and feed: they wait for each other, and must not do so with every connection of the service.
    """

    body_bytes: int
    large_slots: asyncio.Semaphore
    series_slots: defaultdict[tuple[str, str, str], asyncio.Semaphore] = field(
        default_factory=lambda: defaultdict(lambda: asyncio.Semaphore(_SAME_SERIES))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """What pushing needs. `wake_publisher` is called after every commit."""

    intake: Intake
    keys: KeyStore
    metrics: IngestMetrics
    limits: PushLimits
    wake_publisher: Callable[[], None]


@dataclass(frozen=True, slots=True)
class _Timed:
    feed: FeedName
    started: float = field(default_factory=lambda: asyncio.get_running_loop().time())

    def seconds(self) -> float:
        return asyncio.get_running_loop().time() - self.started


async def push(request: Request, feed: FeedName, needs: Push) -> Response:
    """Answer one push."""
    timed = _Timed(feed)
    try:
        sender = await authenticate(request, needs.keys)
        authorize(sender, feed)
        form = _format(request)
        is_dry_run = _is_dry_run(request)
        _refuse_query(request, form)
        _refuse_long(request, needs.limits.body_bytes)
        async with received_body(
            _body(request),
            form,
            table=FEED_TABLES[feed],
            query=dict(request.query_params),
            limit_bytes=needs.limits.body_bytes,
        ) as body:
            command = AcceptSubmission(
                sender=sender,
                feed=feed,
                body=body,
                claim=_claim(request, sender, body),
                is_dry_run=is_dry_run,
                today=day_in_china(needs.intake.clock()),
                correlation_id=correlation_id.get() or needs.intake.new_id(),
            )
            outcome = await _accept(command, body, needs)
    except IngestError as error:
        raise problem_of(error) from error
    return _answer(outcome, command, timed, needs, language_of(request))


async def _accept(command: AcceptSubmission, body: SpooledBody, needs: Push) -> Outcome:
    """Accept; large bodies wait for a slot, so that small ones always find a connection."""
    series = needs.limits.series_slots[command.sender.source, command.sender.city, command.feed]
    if body.kept.size_bytes < _LARGE_BYTES:
        async with series:
            return await accept_submission(command, needs.intake)
    async with needs.limits.large_slots, series:
        return await accept_submission(command, needs.intake)


def _answer(outcome: Outcome, command: AcceptSubmission, timed: _Timed, needs: Push, language: Language) -> Response:
    match outcome:
        case Rejected():
            _count_rejected(outcome, command, timed, needs)
            raise rejection(outcome, language)
        case Accepted(receipt):
            needs.wake_publisher()
            taken: Literal["accepted", "held"] = "held" if receipt.hold is not None else "accepted"
            needs.metrics.rows(command.feed, taken, receipt.accepted)
            needs.metrics.rows(command.feed, "unchanged", receipt.unchanged)
            name: SubmissionOutcome = taken
            status, headers = 202, {"Location": f"/v1/submissions/{receipt.submission_id}"}
        case Replayed(receipt):
            name = "replayed"
            status = 202
            headers = {"Location": f"/v1/submissions/{receipt.submission_id}", "Idempotency-Replayed": "true"}
        case Checked(receipt):
            name, status, headers = "dry_run", 200, {}
    needs.metrics.submitted(command.feed, name, timed.seconds())
    log.info(
        "submission_answered",
        outcome=name,
        submission_id=receipt.submission_id,
        feed=receipt.feed,
        period=receipt.period,
        source=command.sender.source,
        city=command.sender.city,
        accepted=receipt.accepted,
        unchanged=receipt.unchanged,
        removed=receipt.removed,
        seconds=round(timed.seconds(), 3),
    )
    return JSONResponse(receipt_view(receipt, language).model_dump(mode="json"), status_code=status, headers=headers)


def _count_rejected(rejected: Rejected, command: AcceptSubmission, timed: _Timed, needs: Push) -> None:
    name: SubmissionOutcome = "dry_run" if command.is_dry_run else "rejected"
    needs.metrics.submitted(command.feed, name, timed.seconds())
    needs.metrics.rows(command.feed, "rejected", rejected.received)
    needs.metrics.foreign(command.feed, rejected.foreign)
    log.info(
        "submission_rejected",
        feed=command.feed,
        source=command.sender.source,
        city=command.sender.city,
        findings=rejected.errors.total,
        received=rejected.received,
        foreign=rejected.foreign,
        codes=sorted({finding.code for finding in rejected.errors.listed}),
    )


async def _body(request: Request) -> AsyncIterator[bytes]:
    try:
        async for piece in request.stream():
            yield piece
    except ClientDisconnect as error:
        raise ProblemError(
            400, "body-incomplete", "连接中断，请求体不完整。", "The connection ended before the body did."
        ) from error


def _format(request: Request) -> BodyFormat:
    form = format_of(request.headers.get("content-type"))
    if form is None or request.headers.get("content-encoding", "identity") != "identity":
        raise ProblemError(
            415,
            "media-type-unsupported",
            f"请求体应为未压缩的 {JSON} 或 {CSV}。",
            f"The body must be {JSON} or {CSV}, not compressed.",
            headers={"Accept": f"{JSON}, {CSV}"},
        )
    return form


def _is_dry_run(request: Request) -> bool:
    given = request.query_params.get("dry_run", "false").lower()
    if given not in _TRUTH:
        raise ProblemError(422, "dry-run-invalid", "dry_run 应为 true 或 false。", "dry_run must be true or false.")
    return _TRUTH[given]


def _refuse_query(request: Request, form: BodyFormat) -> None:
    """Refuse an envelope in the query beside the one in the body: ignored, a `replace` would silently be a `merge`."""
    unread = [] if form.is_csv else sorted(set(request.query_params) - {"dry_run"})
    counted = Counter(name for name, _ in request.query_params.multi_items())
    twice = sorted(name for name, count in counted.items() if count > 1)
    if unread or twice:
        raise ProblemError(
            422,
            "query-invalid",
            f"查询参数有误：{'、'.join([*unread, *twice])}（JSON 的期别等写在请求体中；每个参数只能出现一次）。",
            f"Query not understood: {', '.join([*unread, *twice])} (JSON carries its envelope in the body; once each).",
        )


def _refuse_long(request: Request, limit: int) -> None:
    length = request.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length) > limit:
        raise BodyTooLargeError(limit)


def _claim(request: Request, sender: Sender, body: SpooledBody) -> IdempotencyClaim | None:
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not 0 < len(key.strip()) <= _LONGEST_IDEMPOTENCY_KEY:
        raise ProblemError(
            400,
            "idempotency-key-invalid",
            f"Idempotency-Key 应为1至{_LONGEST_IDEMPOTENCY_KEY}个字符。",
            f"The Idempotency-Key must have 1 to {_LONGEST_IDEMPOTENCY_KEY} characters.",
        )
    return IdempotencyClaim(key_id=sender.key_id, key=key.strip(), fingerprint=_fingerprint(request, body))


def _fingerprint(request: Request, body: SpooledBody) -> bytes:
    """Return what tells two requests apart: address, query and bytes."""
    query: Mapping[str, str] = dict(sorted(request.query_params.items()))
    parts = [request.url.path, query, body.kept.content_type, body.kept.sha256.hex()]
    return hashlib.sha256(orjson.dumps(parts)).digest()
