"""`POST /v1/submissions/{id}/release | withdraw`: a second person decides about a large restatement."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from services.ingest.adapters.http_auth import authenticate
from services.ingest.adapters.http_errors import problem_of_decision
from services.ingest.application.decide_hold import DecideHold, Deciding, decide_hold
from services.ingest.application.ports import KeyStore
from services.ingest.domain.errors import IngestError
from services.ingest.domain.hold_decision import Verb
from shared.adapters.logging import get_logger
from shared.adapters.problems import PROBLEM_JSON

log = get_logger(__name__)


def _without_control(text: str) -> str:
    if not text.isprintable():
        raise ValueError("control characters are not allowed")
    return text


def _said(longest: int) -> Any:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=longest)


class DecisionRequest(BaseModel):
    """Who decides, and why."""

    model_config = ConfigDict(extra="forbid")

    by: Annotated[str, _said(100), AfterValidator(_without_control)] = Field(description="name of the person")
    comment: Annotated[str, _said(1000), AfterValidator(_without_control)] = Field(description="why")


class DecisionAnswer(BaseModel):
    """The decision; asked for again, the same answer."""

    id: str
    decision: Verb
    by: str
    comment: str
    at: datetime
    events: int = Field(description="row events it sends; fewer than it had rows where later submissions have spoken")


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldDesk:
    """What deciding over HTTP needs. `wake_publisher` is called after a decision.

    Decisions wait for pushes of their series with a connection in hand: one at a time leaves the others to pushes.
    """

    deciding: Deciding
    keys: KeyStore
    wake_publisher: Callable[[], None]
    turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))


_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": text, "content": {PROBLEM_JSON: {}}}
    for status, text in {
        401: "No key, or an unknown or revoked one",
        403: "The key may not release, or it is the one that pushed the submission",
        404: "The key's city has no such submission",
        409: "The submission does not wait for a release",
        422: "No name or no comment",
        503: "The database is away; nothing was decided",
    }.items()
}
Authorization = Annotated[str | None, Header(description="`Bearer <key>`")]


def create_hold_router(desk: HoldDesk) -> APIRouter:
    """Return the routes, bound to what they need."""
    router = APIRouter(prefix="/v1/submissions", tags=["submissions"], responses=_PROBLEMS)

    @router.post("/{submission_id}/release", summary="Release a held submission: it is published from now on")
    async def release(
        request: Request,
        submission_id: str,
        body: DecisionRequest,
        authorization: Authorization = None,  # noqa: ARG001  documented here, read in http_auth
    ) -> DecisionAnswer:
        return await _decide(request, submission_id, body, verb=Verb.RELEASED, desk=desk)

    @router.post("/{submission_id}/withdraw", summary="Withdraw a held submission: it is never published")
    async def withdraw(
        request: Request,
        submission_id: str,
        body: DecisionRequest,
        authorization: Authorization = None,  # noqa: ARG001
    ) -> DecisionAnswer:
        return await _decide(request, submission_id, body, verb=Verb.WITHDRAWN, desk=desk)

    return router


async def _decide(
    request: Request, submission_id: str, body: DecisionRequest, *, verb: Verb, desk: HoldDesk
) -> DecisionAnswer:
    try:
        sender = await authenticate(request, desk.keys)
        command = DecideHold(submission_id=submission_id, verb=verb, sender=sender, by=body.by, comment=body.comment)
        async with desk.turn:
            decision = await decide_hold(command, desk.deciding)
    except IngestError as error:
        raise problem_of_decision(error) from error
    desk.wake_publisher()
    log.info("hold_decided", submission_id=submission_id, verb=verb, key_id=decision.key_id, events=decision.events)
    return DecisionAnswer(
        id=submission_id,
        decision=decision.verb,
        by=decision.by,
        comment=decision.comment,
        at=decision.decided_at,
        events=decision.events,
    )
