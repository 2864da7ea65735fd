"""Posts notices to webhooks, signed as Standard Webhooks says. A notice counts as accepted when the answer is 2xx."""

import asyncio
from datetime import timedelta

import httpx2

from services.alerts.adapters.channels import Channels
from services.alerts.application.ports import ClaimedNotice
from services.alerts.domain.delivery import Accepted, Gone, Outcome, Refused, Rejected, Unavailable
from shared.kernel.clock import Clock

_RETRIED = frozenset({408, 425, 429})
USER_AGENT = "planwatch-alerts/1"


class WebhookTransport:
    """A `Transport` for webhooks. `timeout` bounds one try as a whole."""

    def __init__(self, client: httpx2.AsyncClient, channels: Channels, *, timeout: timedelta, clock: Clock) -> None:
        self._client = client
        self._channels = channels
        self._timeout = timeout
        self._clock = clock

    async def send(self, notice: ClaimedNotice) -> Outcome:
        """Try once. The body and the id never change; the timestamp, and so the signature, are those of the try."""
        signer = self._channels.signer(notice.unit, notice.recipient)
        if signer is None:
            return Rejected("the channels file no longer has this webhook")
        now = self._clock()
        body = notice.content.body_text
        headers = {
            "content-type": "application/json",
            "user-agent": USER_AGENT,
            "webhook-id": notice.content.message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signer.sign(msg_id=notice.content.message_id, timestamp=now, data=body),
            "x-correlation-id": notice.correlation_id,
        }
        try:
            async with (
                asyncio.timeout(self._timeout.total_seconds()),
                self._client.stream(
                    "POST",
                    notice.recipient,
                    content=body.encode(),
                    headers=headers,
                    timeout=self._timeout.total_seconds(),
                ) as response,
            ):
                return _outcome(response.status_code, response.headers.get("retry-after", ""))
        except (httpx2.TransportError, TimeoutError) as error:
            return Unavailable(f"{type(error).__name__}: {error}"[:500])


def _outcome(status: int, retry_after: str) -> Outcome:
    reason = f"HTTP {status}"
    if 200 <= status < 300:
        return Accepted()
    if status == 410:
        return Gone(reason)
    if status >= 500 or status in _RETRIED:
        seconds = int(retry_after) if retry_after.isascii() and retry_after.isdigit() else 0
        return Unavailable(reason, timedelta(seconds=min(seconds, 86_400)))
    return Refused(reason)
