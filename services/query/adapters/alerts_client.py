"""The client of alerts: passes acknowledgements on."""

from urllib.parse import quote

import httpx2
from asgi_correlation_id import correlation_id

from services.query.domain.acknowledgement import Acknowledgement
from services.query.domain.errors import AcknowledgementRefusedError, AlertsUnavailableError
from shared.adapters.logging import CORRELATION_HEADER, get_logger

log = get_logger(__name__)
_NO_ACCESS = {401, 403}


class HttpAlertActions:
    """AlertActions over HTTP. The client carries the base address, the token and the time limit."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self._client = client

    async def acknowledge(self, acknowledgement: Acknowledgement) -> None:
        """POST it; a refusal keeps alerts' own sentence."""
        path = f"/v1/alerts/{quote(acknowledgement.alert_id, safe='')}/acknowledge"
        body = {
            "by": acknowledgement.actor,
            "unit": acknowledgement.unit or None,
            "comment": acknowledgement.comment,
            "seen": acknowledgement.seen,
        }
        try:
            response = await self._client.post(path, json=body, headers=_headers(acknowledgement.language))
        except httpx2.TransportError as error:
            log.warning("alerts_unreachable", error=type(error).__name__)
            raise AlertsUnavailableError("alerts could not be reached") from error
        if response.is_success:
            return
        if response.status_code >= 500 or response.status_code in _NO_ACCESS:
            log.error("alerts_failed", status=response.status_code)
            raise AlertsUnavailableError(f"alerts answered {response.status_code}")
        raise AcknowledgementRefusedError(response.status_code, _reason(response))


def _headers(language: str) -> dict[str, str]:
    identifier = correlation_id.get()
    correlation = {} if identifier is None else {CORRELATION_HEADER: identifier}
    return {"Accept-Language": language, **correlation}


def _reason(response: httpx2.Response) -> str:
    try:
        problem = response.json()
    except ValueError:
        return response.reason_phrase
    detail = problem.get("detail") if isinstance(problem, dict) else None
    return str(detail or response.reason_phrase)
