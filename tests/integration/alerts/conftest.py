"""A whole alerts service in a process of its own, between a real SMTP server, a real HTTP receiver and Kafka."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import pytest
import yaml
from aiokafka import AIOKafkaProducer
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from shared.adapters.cloudevents import headers_of
from shared.adapters.kafka import create_topics, started_producer
from shared.contracts.findings import FindingChanged
from shared.contracts.topics import ALERTS, FINDINGS
from shared.contracts.wire import EventMetadata
from tests.contracts.alerts_findings import JOINT, LEAD

PATIENCE_SECONDS = 30.0
START_SECONDS = 120.0
TOKEN = "test-action-token-0001"
SECRET = "whsec_" + "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


async def eventually(check: Callable[[], Any], *, seconds: float = PATIENCE_SECONDS) -> Any:
    """Wait until `check` returns something true, and return it."""
    deadline = time.monotonic() + seconds
    while True:
        result = check()
        if asyncio.iscoroutine(result):
            result = await result
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {check}")
        await asyncio.sleep(0.05)


@dataclass
class MailServer:
    """A real SMTP server on loopback. `answer` decides what DATA is answered; accepted mails are kept."""

    port: int
    mails: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    answer: Callable[[EmailMessage], str] = lambda _mail: "250 OK"
    recipient_answer: Callable[[str], str] = lambda _address: "250 OK"
    on_data: Callable[[EmailMessage], None] = lambda _mail: None
    _controller: Controller | None = None

    async def handle_RCPT(  # noqa: N802  (named and shaped by aiosmtpd)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.recipient_answer(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        answer = self.answer(mail)
        if answer.startswith("250"):
            self.mails.append(mail)
            self.raw.append(content)
        self.on_data(mail)
        return answer

    def start(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=10)
        self._controller.start()

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None


@dataclass
class HookServer:
    """A real HTTP receiver on loopback. `answers` are given in turn, the last one for ever."""

    url: str
    answers: list[int]
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answer_headers: dict[str, str] = field(default_factory=dict)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    server = MailServer(free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture
def hook_server() -> Iterator[HookServer]:
    hook = HookServer("", [200])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            hook.requests.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(hook.answers.pop(0) if len(hook.answers) > 1 else hook.answers[0])
            for name, value in hook.answer_headers.items():
                self.send_header(name, value)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        hook.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield hook
        server.shutdown()
        thread.join()


@dataclass
class Service:
    """One run of the service: started, killed, started again."""

    environment: dict[str, str]
    url: str
    log: Path
    process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        self.spawn()
        await eventually(self._is_ready, seconds=START_SECONDS)

    def spawn(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "services.alerts"], env=self.environment, stdout=log, stderr=log
            )

    async def _is_ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text()
        async with httpx2.AsyncClient(trust_env=False) as client:
            with suppress(httpx2.TransportError):
                return (await client.get(f"{self.url}/readyz")).status_code == 200
        return False

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def terminate(self) -> int:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(timeout=PATIENCE_SECONDS)

    async def metrics(self) -> str:
        async with httpx2.AsyncClient(trust_env=False) as client:
            return (await client.get(f"{self.url}/metrics")).text

    async def acknowledge(self, alert_id: str, body: dict[str, Any], *, token: str = TOKEN) -> httpx2.Response:
        return await self.act("acknowledge", alert_id, body, token=token)

    async def act(self, action: str, alert_id: str, body: dict[str, Any], *, token: str = TOKEN) -> httpx2.Response:
        async with httpx2.AsyncClient(trust_env=False) as client:
            return await client.post(
                f"{self.url}/v1/alerts/{alert_id}/{action}",
                json=body,
                headers={"authorization": f"Bearer {token}", "x-correlation-id": "test-correlation"},
            )


@pytest.fixture
def channels_file(tmp_path: Path, hook_server: HookServer) -> Path:
    """The lead unit has mail and webhook, the joint unit mail alone."""
    path = tmp_path / "channels.yaml"
    units = {
        LEAD: {"mail": ["lead@units.example"], "webhook": {"url": hook_server.url, "secret": SECRET}},
        JOINT: {"mail": ["joint@units.example"]},
    }
    path.write_text(yaml.safe_dump({"cities": {"321300": units}}, allow_unicode=True))
    return path


@pytest.fixture
def service(
    database_url: str, kafka_bootstrap: str, topic_prefix: str, mail_server: MailServer, channels_file: Path
) -> Iterator[Service]:
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PLANWATCH_")} | {
        "PLANWATCH_DATABASE_URL": database_url,
        "PLANWATCH_KAFKA_BOOTSTRAP_SERVERS": kafka_bootstrap,
        "PLANWATCH_TOPIC_PREFIX": topic_prefix,
        "PLANWATCH_HTTP_PORT": str(port),
        "PLANWATCH_ALERTS_CHANNELS_FILE": str(channels_file),
        "PLANWATCH_ALERTS_PAGE_URL": "http://planwatch.example/alerts",
        "PLANWATCH_ALERTS_ACTION_TOKEN": TOKEN,
        "PLANWATCH_ALERTS_MAIL_FROM": "alerts@planwatch.example",
        "PLANWATCH_ALERTS_SMTP_HOST": "127.0.0.1",
        "PLANWATCH_ALERTS_SMTP_PORT": str(mail_server.port),
        "PLANWATCH_ALERTS_SMTP_STARTTLS": "none",
        "PLANWATCH_ALERTS_SEND_TIMEOUT_SECONDS": "5",
        "PLANWATCH_ALERTS_RETRY_FIRST_SECONDS": "0.2",
        "PLANWATCH_ALERTS_RETRY_LONGEST_SECONDS": "1",
    }
    running = Service(environment, f"http://127.0.0.1:{port}", channels_file.parent / "alerts.log")
    yield running
    if running.process is not None:
        running.terminate()


@dataclass
class FindingLog:
    """Writes findings as rules does."""

    producer: AIOKafkaProducer
    prefix: str

    async def publish(self, event: FindingChanged, *, correlation_id: str = "correlation-1") -> None:
        now = datetime.now(UTC)
        metadata = EventMetadata(
            id=f"{event.target_id}|{event.area}|{event.kind}:{event.sequence}",
            source="/planwatch/rules",
            type=FINDINGS.event_type,
            time=now,
            recorded_at=now,
            sequence=event.sequence,
            partition_key=event.target_id,
            correlation_id=correlation_id,
        )
        await self.raw(event.model_dump_json().encode(), headers_of(metadata), key=event.target_id)

    async def raw(self, value: bytes, headers: list[tuple[str, bytes]], *, key: str = "key") -> None:
        await self.producer.send_and_wait(FINDINGS.full_name(self.prefix), value, key=key.encode(), headers=headers)


@pytest.fixture
async def finding_log(kafka_bootstrap: str, topic_prefix: str) -> AsyncIterator[FindingLog]:
    await create_topics(kafka_bootstrap, (FINDINGS, ALERTS), prefix=topic_prefix)
    async with started_producer(kafka_bootstrap) as producer:
        yield FindingLog(producer, topic_prefix)


@dataclass
class Tables:
    """Looks into the database as its owner."""

    connection: "asyncpg.Connection[asyncpg.Record]"

    async def rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        return [dict(row) for row in await self.connection.fetch(query, *values)]

    async def count(self, what: str) -> int:
        found: int = await self.connection.fetchval(f"SELECT count(*) FROM {what}")
        return found

    async def states(self) -> dict[str, int]:
        """Return the number of notices by state."""
        rows = await self.rows("SELECT state, count(*) AS n FROM alerts.notices GROUP BY state")
        return {row["state"]: row["n"] for row in rows}


@pytest.fixture
async def tables(database_url: str) -> AsyncIterator[Tables]:
    connection = await asyncpg.connect(database_url)
    yield Tables(connection)
    await connection.close()
