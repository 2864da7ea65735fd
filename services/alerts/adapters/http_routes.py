"""The actions on alerts. Reading is query's part."""

import hmac
import re
from collections.abc import Awaitable, Callable
from typing import Annotated

from asgi_correlation_id import correlation_id
from fastapi import APIRouter, Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from services.alerts.adapters.http_errors import problem_of, unauthorized, unavailable
from services.alerts.adapters.http_schemas import AcknowledgeRequest, AlertState
from services.alerts.application.acknowledge_alert import AcknowledgeAlert
from services.alerts.domain.alert import Alert
from services.alerts.domain.errors import AlertNotFoundError, AlertsError
from shared.adapters.postgres import is_passing

Acknowledge = Callable[[AcknowledgeAlert], Awaitable[Alert]]
_ALERT_ID = re.compile(r"alert_[0-9a-f]{32}")
_bearer = HTTPBearer(auto_error=False, description="PLANWATCH_ALERTS_ACTION_TOKEN")


def action_routes(acknowledge: Acknowledge, *, token: str) -> APIRouter:
    """Return the router; every route needs the token."""

    def check_token(given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> None:
        if given is None or not hmac.compare_digest(given.credentials.encode(), token.encode()):
            raise unauthorized()

    router = APIRouter(prefix="/v1/alerts", tags=["alerts"], dependencies=[Depends(check_token)])

    @router.post(
        "/{alert_id}/acknowledge",
        summary="Acknowledge an alert (签收); the same acknowledgement again changes nothing",
        responses={401: {}, 404: {}, 409: {}, 422: {}, 503: {}},
    )
    async def acknowledge_alert(alert_id: str, request: AcknowledgeRequest) -> AlertState:
        if not _ALERT_ID.fullmatch(alert_id):
            raise problem_of(AlertNotFoundError(alert_id))
        command = AcknowledgeAlert(
            alert_id=alert_id,
            acknowledgement=request.acknowledgement(),
            correlation_id=correlation_id.get() or alert_id,
            seen=request.seen,
        )
        try:
            return AlertState.of(await acknowledge(command))
        except AlertsError as error:
            raise problem_of(error) from error
        except Exception as error:
            if is_passing(error):
                raise unavailable() from error
            raise

    return router
