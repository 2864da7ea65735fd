"""The actions on alerts. Reading is query's part."""

import hmac
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from asgi_correlation_id import correlation_id
from fastapi import APIRouter, Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from services.alerts.adapters.http_errors import problem_of, unauthorized, unavailable
from services.alerts.adapters.http_schemas import AcknowledgeRequest, AlertState, ResumeRequest, SuspendRequest
from services.alerts.application.acknowledge_alert import AcknowledgeAlert
from services.alerts.application.resume_alert import ResumeAlert
from services.alerts.application.suspend_alert import SuspendAlert
from services.alerts.domain.alert import Alert
from services.alerts.domain.errors import AlertNotFoundError, AlertsError
from shared.adapters.postgres import is_passing

_ALERT_ID = re.compile(r"alert_[0-9a-f]{32}")
_REFUSALS: dict[int | str, dict[str, Any]] = {401: {}, 404: {}, 409: {}, 422: {}, 503: {}}
_bearer = HTTPBearer(auto_error=False, description="PLANWATCH_ALERTS_ACTION_TOKEN")


@dataclass(frozen=True, slots=True, kw_only=True)
class Actions:
    """What people can do with an alert; each returns the alert after it."""

    acknowledge: Callable[[AcknowledgeAlert], Awaitable[Alert]]
    suspend: Callable[[SuspendAlert], Awaitable[Alert]]
    resume: Callable[[ResumeAlert], Awaitable[Alert]]


def action_routes(actions: Actions, *, token: str) -> APIRouter:
    """Return the router; every route needs the token."""

    def check_token(given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> None:
        if given is None or not hmac.compare_digest(given.credentials.encode(), token.encode()):
            raise unauthorized()

    router = APIRouter(prefix="/v1/alerts", tags=["alerts"], dependencies=[Depends(check_token)])

    @router.post(
        "/{alert_id}/acknowledge",
        summary="Acknowledge an alert (签收); the same acknowledgement again changes nothing",
        responses=_REFUSALS,
    )
    async def acknowledge_alert(alert_id: str, request: AcknowledgeRequest) -> AlertState:
        command = AcknowledgeAlert(
            alert_id=_known_form(alert_id),
            acknowledgement=request.statement(),
            correlation_id=_correlation(alert_id),
            seen=request.seen,
        )
        return await _answer(actions.acknowledge(command))

    @router.post(
        "/{alert_id}/suspend",
        summary="Suspend an alert (暂缓) until a day, with a reason and an approver; other values replace the earlier ones",
        responses=_REFUSALS,
    )
    async def suspend_alert(alert_id: str, request: SuspendRequest) -> AlertState:
        command = SuspendAlert(
            alert_id=_known_form(alert_id), suspension=request.suspension(), correlation_id=_correlation(alert_id)
        )
        return await _answer(actions.suspend(command))

    @router.post(
        "/{alert_id}/resume",
        summary="End a suspension before its last day; an alert that is not suspended stays as it is",
        responses=_REFUSALS,
    )
    async def resume_alert(alert_id: str, request: ResumeRequest) -> AlertState:
        command = ResumeAlert(
            alert_id=_known_form(alert_id), statement=request.statement(), correlation_id=_correlation(alert_id)
        )
        return await _answer(actions.resume(command))

    return router


def _known_form(alert_id: str) -> str:
    if not _ALERT_ID.fullmatch(alert_id):
        raise problem_of(AlertNotFoundError(alert_id))
    return alert_id


def _correlation(alert_id: str) -> str:
    return correlation_id.get() or alert_id


async def _answer(action: Awaitable[Alert]) -> AlertState:
    """Wait for the action; a refusal becomes a problem, a database that is away a 503."""
    try:
        return AlertState.of(await action)
    except AlertsError as error:
        raise problem_of(error) from error
    except Exception as error:
        if is_passing(error):
            raise unavailable() from error
        raise
