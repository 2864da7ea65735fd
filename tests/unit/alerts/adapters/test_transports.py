"""What the transports make of messages and answers."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path

import httpx2
import pytest
from pydantic import SecretStr

from services.alerts.adapters.channels import Channels, UnitChannels, WebhookChannel
from services.alerts.adapters.mail_transport import message_of
from services.alerts.adapters.webhook_transport import WebhookTransport
from services.alerts.application.ports import ClaimedNotice
from services.alerts.domain.delivery import Accepted, Gone, Outcome, Refused, Rejected, Unavailable
from services.alerts.domain.notice import Channel, Content

T0 = datetime(2024, 7, 25, 2, tzinfo=UTC)
URL = "http://units.example/hook"
SECRET = SecretStr("whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
CHANNELS = Channels({"市示例局": UnitChannels(webhook=WebhookChannel(url=URL, secret=SECRET))})


def notice(channel: Channel, *, recipient: str) -> ClaimedNotice:
    return ClaimedNotice(
        notice_id="notice_1",
        channel=channel,
        unit="市示例局",
        recipient=recipient,
        thread="thread_1",
        content=Content(
            message_id="<notice_1@planwatch.example>",
            subject="【预警·黄】示例",
            body_text="正文",
            body_html="<p>正文</p>",
        ),
        created_at=T0,
        queued_at=T0,
        number=1,
        claimed_until=T0,
        correlation_id="correlation-1",
    )


def test_mail_is_the_same_bytes_on_every_try() -> None:
    sender = Address("示例系统", addr_spec="alerts@planwatch.example")
    to_lead = notice(Channel.MAIL, recipient="lead@units.example")
    first, second = (message_of(to_lead, sender=sender).as_bytes() for _ in range(2))

    assert first == second
    mail = message_from_bytes(first, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    assert (mail["Subject"], mail["Message-ID"]) == ("【预警·黄】示例", "<notice_1@planwatch.example>")
    assert mail["Date"].datetime == T0
    assert mail["References"] == "<thread_1@planwatch.example>"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert max(len(line) for line in first.splitlines()) <= 998


async def answer(status: int, **headers: str) -> Outcome:
    transport = httpx2.MockTransport(lambda _request: httpx2.Response(status, headers=headers))
    async with httpx2.AsyncClient(transport=transport) as client:
        webhook = WebhookTransport(client, CHANNELS, timeout=timedelta(seconds=1), clock=lambda: T0)
        return await webhook.send(notice(Channel.WEBHOOK, recipient=URL))


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Accepted()),
        (204, Accepted()),
        (301, Refused("HTTP 301")),
        (400, Refused("HTTP 400")),
        (408, Unavailable("HTTP 408", timedelta(0))),
        (410, Gone("HTTP 410")),
        (429, Unavailable("HTTP 429", timedelta(0))),
        (503, Unavailable("HTTP 503", timedelta(0))),
    ],
)
async def test_every_status_has_its_outcome(status: int, outcome: Outcome) -> None:
    assert await answer(status) == outcome


async def test_receiver_may_ask_for_time() -> None:
    assert await answer(429, **{"retry-after": "120"}) == Unavailable("HTTP 429", timedelta(seconds=120))


async def test_webhook_taken_out_of_the_file_is_rejected() -> None:
    async with httpx2.AsyncClient() as client:
        webhook = WebhookTransport(client, CHANNELS, timeout=timedelta(seconds=1), clock=lambda: T0)
        outcome = await webhook.send(notice(Channel.WEBHOOK, recipient="http://units.example/other"))

    assert isinstance(outcome, Rejected)


def test_templates_stand_beside_the_writer() -> None:
    folder = Path(__file__).parents[4] / "services/alerts/adapters/templates"

    assert sorted(path.name for path in folder.iterdir()) == ["notice.html.j2", "notice.txt.j2"]
