"""A real SMTP server and a real webhook receiver on loopback, for the demo and the tests."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session
from fastapi import FastAPI, Request, Response
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from deploy.local.ports import LOOPBACK, choose_free_ports
from shared.adapters.serving import EmbeddedServer


@dataclass(slots=True)
class Mailbox:
    """Accepts every mail. With a folder it also keeps each as an .eml file a mail program opens."""

    folder: Path | None = None
    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[tuple[str, ...]] = field(default_factory=list)
    answer: Callable[[Envelope], str] = lambda _: "250 OK"
    """What to say after DATA; anything but 2xx refuses the mail."""

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  (aiosmtpd's name)
        """Take one mail, unless the answer refuses it."""
        answer = self.answer(envelope)
        if answer.startswith("2"):
            self._keep(envelope)
        return answer

    def _keep(self, envelope: Envelope) -> None:
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        mail = message_from_bytes(raw, policy=policy.default)
        if not isinstance(mail, EmailMessage):
            raise TypeError("the default policy makes EmailMessage")
        self.mails.append(mail)
        self.recipients.append(tuple(envelope.rcpt_tos))
        if self.folder is not None:
            (self.folder / f"{len(self.mails):04d}.eml").write_bytes(raw)


@asynccontextmanager
async def receiving_mail(folder: Path | None = None, *, port: int | None = None) -> AsyncIterator[Mailbox]:
    """Run an SMTP server on loopback; the same port may be asked for again to come back after an outage."""
    mailbox = Mailbox(folder, port or choose_free_ports(1)[0])
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(mailbox, hostname="mail.planwatch.example", loop=loop, enable_SMTPUTF8=True),
        LOOPBACK,
        mailbox.port,
    )
    try:
        yield mailbox
    finally:
        server.close()
        await server.wait_closed()


@dataclass(slots=True)
class WebhookInbox:
    """Verifies the Standard Webhooks signature of what arrives; a wrong one is answered 401 and counted."""

    secret: str
    url: str = ""
    payloads: list[dict[str, Any]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    refused: int = 0
    statuses: list[int] = field(default_factory=list)
    """Answers to give first, one a request; then 204."""

    def take(self, body: bytes, headers: dict[str, str]) -> int:
        """Return the HTTP status for one request."""
        try:
            Webhook(self.secret).verify(body, headers)
        except WebhookVerificationError:
            self.refused += 1
            return 401
        status = self.statuses.pop(0) if self.statuses else 204
        if status < 300:
            self.payloads.append(json.loads(body))
            self.ids.append(headers["webhook-id"])
        return status


@asynccontextmanager
async def receiving_webhooks(secret: str) -> AsyncIterator[WebhookInbox]:
    """Run an HTTP server on loopback that takes signed webhooks at `/hook`."""
    listening = socket.create_server((LOOPBACK, 0))
    port = listening.getsockname()[1]
    inbox = WebhookInbox(secret, f"http://{LOOPBACK}:{port}/hook")
    app = FastAPI()

    @app.post("/hook")
    async def hook(request: Request) -> Response:
        return Response(status_code=inbox.take(await request.body(), dict(request.headers)))

    server = EmbeddedServer(app, host=LOOPBACK, port=port)
    running = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield inbox
    finally:
        server.should_exit = True
        await running
