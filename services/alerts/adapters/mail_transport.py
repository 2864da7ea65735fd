"""Sends notices by SMTP. A notice counts as accepted when the server answered DATA with 250."""

import asyncio
import ssl
from dataclasses import dataclass
from datetime import timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import aiosmtplib

from services.alerts.adapters.occasion import CHINA
from services.alerts.application.ports import ClaimedNotice
from services.alerts.domain.delivery import Accepted, Outcome, Rejected, Unavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """Where mail goes and who sends it. `timeout` bounds one try as a whole."""

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
            async with asyncio.timeout(self._server.timeout.total_seconds()):
                await aiosmtplib.send(
                    message_of(notice, sender=self._server.sender),
                    sender=self._server.sender.addr_spec,
                    recipients=[notice.recipient],
                    **self._connection(),
                )
        except aiosmtplib.SMTPRecipientsRefused as error:
            return _refusal(error.recipients[0])
        except (aiosmtplib.SMTPRecipientRefused, aiosmtplib.SMTPDataError) as error:
            return _refusal(error)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            return Unavailable(_reason(error))
        return Accepted()

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
    mail = EmailMessage(policy=SMTP)
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


def _refusal(error: aiosmtplib.SMTPResponseException) -> Outcome:
    return Rejected(_reason(error)) if error.code >= 500 else Unavailable(_reason(error))


def _reason(error: BaseException) -> str:
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"SMTP {error.code} {error.message}"[:500]
    return f"{type(error).__name__}: {error}"[:500]
