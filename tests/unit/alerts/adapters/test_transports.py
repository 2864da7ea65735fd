"""What the transports make of messages and answers."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path

import httpx2
import pytest
from pydantic import SecretStr

from services.alerts.adapters import mail_transport
from services.alerts.adapters.channels import Channels, UnitChannels, WebhookChannel
from services.alerts.adapters.mail_transport import SmtpServer, SmtpTransport, message_of
from services.alerts.adapters.webhook_transport import WebhookTransport
from services.alerts.application.ports import ClaimedNotice
from services.alerts.domain.delivery import Accepted, Gone, Outcome, Refused, Rejected, Unavailable
from services.alerts.domain.notice import Channel, Content

T0 = datetime(2024, 7, 25, 2, tzinfo=UTC)
URL = "http://units.example/hook"
SECRET = SecretStr("whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
CHANNELS = Channels({"321300": {"市示例局": UnitChannels(webhook=WebhookChannel(url=URL, secret=SECRET))}})


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


def test_long_addresses_of_threads_are_not_folded_into_encoded_words() -> None:
    sender = Address("示例系统", addr_spec="alerts@planwatch.industry-office.example-city.example")
    head = message_of(notice(Channel.MAIL, recipient="lead@units.example"), sender=sender).as_bytes()

    assert f"References: <thread_1@{sender.domain}>\r\n".encode() in head


async def test_a_notice_no_mail_can_be_made_of_is_rejected_and_stops_nobody() -> None:
    broken = notice(Channel.MAIL, recipient="lead@units.example")
    transport = SmtpTransport(server_at(1))
    outcome = await transport.send(replace(broken, correlation_id="a\r\nBcc: b@units.example"))

    assert isinstance(outcome, Rejected)


def server_at(port: int, *, timeout: timedelta = timedelta(seconds=5)) -> SmtpServer:
    return SmtpServer(
        host="127.0.0.1",
        port=port,
        starttls=False,
        user=None,
        password=None,
        sender=Address("示例系统", addr_spec="alerts@planwatch.example"),
        timeout=timeout,
    )


@asynccontextmanager
async def scripted_mail_server(answers: Mapping[str, bytes], *, slow: float = 0) -> AsyncIterator[int]:
    """Answer each command as told (250 else); `slow` is how long the text takes; without an answer the line is kept open."""

    conversations: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        conversation = asyncio.current_task()
        assert conversation is not None
        conversations.add(conversation)
        try:
            await _converse(reader, writer, answers, slow=slow)
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        if conversations:
            await asyncio.wait(conversations, timeout=1)
        await server.wait_closed()


async def _converse(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answers: Mapping[str, bytes], *, slow: float
) -> None:
    writer.write(b"220 mail.example\r\n")
    while line := await reader.readline():
        verb = line[:4].decode().strip().upper()
        if verb == "DATA":
            writer.write(b"354 go on\r\n")
            await reader.readuntil(b"\r\n.\r\n")
            await asyncio.sleep(slow)
        writer.write(answers.get(verb, b"250 ok\r\n"))


async def mailed(
    answers: Mapping[str, bytes], *, slow: float = 0, patience: timedelta = timedelta(seconds=5)
) -> Outcome:
    async with scripted_mail_server(answers, slow=slow) as port:
        transport = SmtpTransport(server_at(port, timeout=patience))
        return await transport.send(notice(Channel.MAIL, recipient="lead@units.example"))


async def test_mail_is_accepted_once_the_text_is_whatever_becomes_of_quit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_transport, "_ANSWER_TO_QUIT", timedelta(milliseconds=50))

    assert await mailed({"QUIT": b""}) == Accepted()
    assert await mailed({"QUIT": b"451 not now\r\n"}) == Accepted()


async def test_a_server_that_takes_long_over_the_text_is_waited_for() -> None:
    assert await mailed({"QUIT": b"221 bye\r\n"}, slow=0.4, patience=timedelta(seconds=0.2)) == Accepted()


async def test_a_refusal_in_another_charset_is_kept_readable() -> None:
    outcome = await mailed({"RCPT": "550 用户不存在\0\r\n".encode("gbk"), "QUIT": b"221 bye\r\n"})

    assert isinstance(outcome, Rejected)
    assert outcome.reason.encode().startswith(b"SMTP 550 ")
    assert outcome.reason.isprintable()


async def test_receiver_of_a_webhook_may_take_as_long_as_the_setting_says() -> None:
    seen: list[dict[str, float]] = []

    def note(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.extensions["timeout"])
        return httpx2.Response(200)

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(note)) as client:
        webhook = WebhookTransport(client, CHANNELS, timeout=timedelta(seconds=120), clock=lambda: T0)
        await webhook.send(notice(Channel.WEBHOOK, recipient=URL))
    assert seen[0]["read"] == 120


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
