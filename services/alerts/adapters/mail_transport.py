"""Sends notices by SMTP. A notice counts as accepted when the server answered DATA with 250."""

import asyncio
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from email.headerregistry import Address, HeaderRegistry, MessageIDHeader
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import aiosmtplib

from services.alerts.application.ports import ClaimedNotice
from services.alerts.domain.delivery import Accepted, Outcome, Rejected, Unavailable
from shared.kernel.china_time import CHINA

_ANSWER_TO_DATA = timedelta(minutes=10)  # RFC 5321, 4.5.3.2.6: giving up earlier gives duplicates
_ANSWER_TO_QUIT = timedelta(seconds=5)
_HEADERS = HeaderRegistry()
# Else a long one is folded into encoded words. The stubs do not know that header classes are mixed in.
_HEADERS.map_to_type("references", MessageIDHeader)  # type: ignore[arg-type]
_POLICY = SMTP.clone(header_factory=_HEADERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """Where mail goes and who sends it. `timeout` bounds one try up to the text, whose acceptance may take longer."""

    host: str
    port: int
    starttls: bool
    user: str | None
    password: str | None
    sender: Address
    timeout: timedelta


class SmtpTransport:
    """A `Transport` for mail: one connection a message."""

    def __init__(self, server: SmtpServer, *, tls: ssl.SSLContext | None = None) -> None:
        self._server = server
        self._tls = tls

    async def send(self, notice: ClaimedNotice) -> Outcome:
        """Try once. Trouble with the server or our account is passing; a refused recipient or text is not."""
        try:
            content = message_of(notice, sender=self._server.sender).as_bytes()
        except ValueError as error:
            return Rejected(f"no mail can be made of the notice: {error}")
        client = aiosmtplib.SMTP(**self._connection())
        try:
            await self._transmit(client, notice.recipient, content)
        except (aiosmtplib.SMTPRecipientRefused, aiosmtplib.SMTPDataError) as error:
            return _refusal(error)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            return Unavailable(_reason(error))
        else:
            await _say_goodbye(client)
        finally:
            client.close()
        return Accepted()

    async def _transmit(self, client: aiosmtplib.SMTP, recipient: str, content: bytes) -> None:
        """Return when the server has answered 250 to the text."""
        async with asyncio.timeout(self._server.timeout.total_seconds()):
            await client.connect()
            await client.mail(self._server.sender.addr_spec)
            await client.rcpt(recipient)
        await client.data(content, timeout=_ANSWER_TO_DATA.total_seconds())

    async def probe(self) -> str | None:
        """Return None when the server greets us, else what is wrong."""
        client = aiosmtplib.SMTP(**self._connection())
        try:
            async with asyncio.timeout(self._server.timeout.total_seconds()):
                async with client:
                    await client.noop()
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            return _reason(error)
        return None

    def _connection(self) -> dict[str, Any]:
        server = self._server
        return {
            "hostname": server.host,
            "port": server.port,
            "start_tls": server.starttls,
            "tls_context": self._tls if server.starttls else None,
            "username": server.user,
            "password": server.password,
            "timeout": server.timeout.total_seconds(),
        }


def message_of(notice: ClaimedNotice, *, sender: Address) -> EmailMessage:
    """Return the mail. Every try gives the same bytes: date, id and boundary come from the notice."""
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = sender
    mail["To"] = notice.recipient
    mail["Subject"] = notice.content.subject
    mail["Date"] = notice.created_at.astimezone(CHINA)
    mail["Message-ID"] = notice.content.message_id
    mail["References"] = f"<{notice.thread}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = "zh-CN"
    mail["X-Planwatch-Correlation-ID"] = notice.correlation_id
    mail.set_content(notice.content.body_text, cte="base64")
    if notice.content.body_html is not None:
        mail.add_alternative(notice.content.body_html, subtype="html", cte="base64")
        mail.set_boundary(f"=_{notice.notice_id}")
    return mail


async def _say_goodbye(client: aiosmtplib.SMTP) -> None:
    """The mail is accepted: whatever becomes of QUIT changes nothing about that."""
    with suppress(aiosmtplib.SMTPException, OSError):
        await client.quit(timeout=_ANSWER_TO_QUIT.total_seconds())


def _refusal(error: aiosmtplib.SMTPResponseException) -> Outcome:
    return Rejected(_reason(error)) if error.code >= 500 else Unavailable(_reason(error))


def _reason(error: BaseException) -> str:
    """Return the error as a text PostgreSQL keeps: servers also answer in other charsets, and with control characters."""
    if isinstance(error, aiosmtplib.SMTPResponseException):
        words = f"SMTP {error.code} {error.message}"
    else:
        words = f"{type(error).__name__}: {error}"
    readable = words.encode(errors="replace").decode()
    return "".join(character if character.isprintable() else " " for character in readable)[:500]
