"""A database with one sender, and the service as it is composed, run inside the test."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.ingest.adapters.postgres_keys import PostgresKeyStore
from services.ingest.application.manage_keys import CreateKey, create_key, secret_hash
from services.ingest.bootstrap import ROLE, composed
from services.ingest.domain.feeds import FeedName
from services.ingest.settings import Settings
from shared.adapters.clock import system_clock
from shared.adapters.postgres import SessionFactory, connected_engine, session_factory
from tests.contracts.ingest_submissions import sender

NOBODY = "127.0.0.1:9"
"""An address at which no Kafka listens."""


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    async with connected_engine(database_url, role=ROLE) as engine:
        yield engine


@pytest.fixture
async def sessions(engine: AsyncEngine) -> SessionFactory:
    """Sessions as the service's role, with the key of the tests' sender."""
    factory = session_factory(engine)
    await PostgresKeyStore(factory).add(sender(), secret_hash("pwk_test"))
    return factory


@dataclass(frozen=True, slots=True)
class Service:
    """The running service: its HTTP interface as one sender sees it."""

    http: httpx.AsyncClient
    key: str

    async def push(self, feed: str, body: Any, **given: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.key}", **given.pop("headers", {})}
        return await self.http.post(f"/v1/feeds/{feed}/submissions", json=body, headers=headers, **given)

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.http.get(path, headers={"Authorization": f"Bearer {self.key}", **headers})

    async def wait_until_published(self, submission_id: str) -> dict[str, Any]:
        async with asyncio.timeout(20):
            while (report := (await self.get(f"/v1/submissions/{submission_id}")).json())["state"] != "published":  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        return dict(report)


async def make_key(database_url: str, **changes: Any) -> str:
    """Make a key as `planwatch keys create` does, and return its secret."""
    values: dict[str, Any] = {
        "source": "example-bureau",
        "name": "示例统计局",
        "city": "321300",
        "feeds": tuple(FeedName),
        "simulated": True,
        "authority": "示例统计局",
    }
    async with connected_engine(database_url, role=ROLE, pool_size=1) as engine:
        made = await create_key(
            CreateKey(**(values | changes)),
            PostgresKeyStore(session_factory(engine)),
            clock=system_clock,
            new_key_id=lambda: f"key_{secrets.token_hex(4)}",
            new_secret=lambda: secrets.token_urlsafe(32),
        )
    return made.secret


@asynccontextmanager
async def running(database_url: str, kafka: str, prefix: str, **settings: Any) -> AsyncIterator[Service]:
    """Run the whole service against these servers; requests go to its application directly."""
    values = Settings(
        database_url=database_url, http_port=1, kafka_bootstrap_servers=kafka, topic_prefix=prefix, **settings
    )
    key = await make_key(database_url)
    stop = asyncio.Event()
    async with composed(values) as (app, loops), asyncio.TaskGroup() as group:
        for loop in loops:
            group.create_task(loop.run(stop))
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://ingest", timeout=60) as http:
            try:
                yield Service(http, key)
            finally:
                stop.set()


@pytest.fixture
async def service(database_url: str, topic_prefix: str) -> AsyncIterator[Service]:
    """The service with PostgreSQL and without Kafka."""
    async with running(database_url, NOBODY, topic_prefix) as service:
        yield service
