"""The whole system on real servers, with a real mailbox and a real webhook receiver; one for each test module."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import asyncpg
import httpx2
import pytest
import pytest_asyncio

from deploy.local.demo.channels import WEBHOOK_SECRET, write_channels
from deploy.local.demo.client import Client, create_key
from deploy.local.demo.story import Source
from deploy.local.layout import PROJECT_ROOT, STATE_DIRECTORY
from deploy.local.receivers import Mailbox, WebhookInbox, receiving_mail, receiving_webhooks
from deploy.local.stack import LocalStack
from shared.plans.loader import load_directories

FEEDS = Source(
    id="e2e",
    name="端到端测试(模拟)",
    area="321300",
    feeds=("enterprises", "projects", "ratings", "recognitions", "indicators"),
    simulated=True,
)
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class System:
    """Everything a test can reach."""

    stack: LocalStack
    client: Client
    mailbox: Mailbox
    inbox: WebhookInbox

    @property
    def key(self) -> str:
        """The API key of the source."""
        return self.client.keys[FEEDS.id]

    async def of(self, source: Source) -> Client:
        """Return a client with the key of one more source."""
        key = await asyncio.to_thread(
            create_key, source, {**own_environment(), **self.stack.addresses.as_environment()}
        )
        return replace(self.client, keys={source.id: key})

    async def database(self, query: str, *arguments: object) -> list[asyncpg.Record]:
        """Look into the tables, to prove what is neither lost nor doubled."""
        connection = await asyncpg.connect(self.stack.addresses.database_url)
        try:
            return await connection.fetch(query, *arguments)
        finally:
            await connection.close()


def own_environment() -> dict[str, str]:
    """The environment without what is set for another system."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PLANWATCH_")}


async def eventually(look: Callable[[], Awaitable[Found | None]], *, seconds: float = 60) -> Found:
    """Look until there is something to see; fail after so long."""
    async with asyncio.timeout(seconds):
        while True:
            found = await look()
            if found:
                return found
            await asyncio.sleep(0.05)


@asynccontextmanager
async def running_system(folder: Path, **variables: str) -> AsyncIterator[System]:
    """Start everything on fresh data; `variables` are set beside those every test has."""
    directories = load_directories(PROJECT_ROOT / "plans")
    environment = own_environment()
    async with receiving_mail() as mailbox, receiving_webhooks(WEBHOOK_SECRET) as inbox:
        write_channels(folder / "channels.yaml", directories, webhook_url=inbox.url)
        extra = {
            "PLANWATCH_ALERTS_CHANNELS_FILE": str(folder / "channels.yaml"),
            "PLANWATCH_ALERTS_SMTP_PORT": str(mailbox.port),
            "PLANWATCH_ALERTS_RETRY_FIRST_SECONDS": "0.2",
            **variables,
        }
        stack = LocalStack(data_dir=folder, extra_env=extra, environment=environment)
        async with stack, httpx2.AsyncClient(timeout=60, trust_env=False) as http:
            key = await asyncio.to_thread(create_key, FEEDS, {**environment, **stack.addresses.as_environment()})
            client = Client(http, stack.url("ingest"), stack.url("query"), {FEEDS.id: key})
            yield System(stack, client, mailbox, inbox)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A fresh directory that PostgreSQL's own account can reach too."""
    parent = STATE_DIRECTORY / "test"
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=parent))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def system(folder: Path) -> AsyncIterator[System]:
    """The system of this test module."""
    async with running_system(folder) as running:
        yield running
