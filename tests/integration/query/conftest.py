"""The simulated city in a database of its own, and query's application over it."""

import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
import httpx2
import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy.ext.asyncio import AsyncEngine

from services.query.adapters.http_app import create_query_app
from services.query.adapters.metrics import create_metrics
from services.query.adapters.reading.names import Names, load_names
from services.query.adapters.reading.reader import Readers
from services.query.bootstrap import ROLE
from shared.adapters.clock import system_clock
from shared.adapters.health import Health
from shared.adapters.postgres import connected_engine, is_reachable
from tests.conftest import fresh_database, run_apart
from tests.fakes.query import write_city
from tests.fakes.query_alert_actions import RecordingAlertActions
from tests.fakes.query_alerts import CLOSED_ALERT
from tests.fakes.query_base import ROOT


@dataclass(frozen=True, slots=True)
class Query:
    """A client of query's application, what it passed on to alerts, and the owner's connection to its database."""

    client: httpx2.AsyncClient
    actions: RecordingAlertActions
    owner: "asyncpg.Connection[asyncpg.Record]"

    async def get(self, path: str, **headers: str) -> httpx2.Response:
        return await self.client.get(path, headers=headers)

    async def items(self, path: str) -> list[dict[str, object]]:
        """Every item of a list, page by page."""
        found: list[dict[str, object]] = []
        cursor = None
        while True:
            mark = "&" if "?" in path else "?"
            answer = await self.client.get(path if cursor is None else f"{path}{mark}cursor={cursor}")
            assert answer.status_code == 200, answer.text
            page = answer.json()
            found += page["items"]
            cursor = page["next"]
            if cursor is None:
                return found


@pytest.fixture(scope="session")
def names() -> Names:
    return load_names(data_dir=ROOT / "data", plans_dir=ROOT / "plans")


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    async with connected_engine(database_url, role=ROLE) as engine:
        yield engine


@pytest.fixture
async def owner(database_url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@pytest.fixture
async def empty(engine: AsyncEngine, owner: "asyncpg.Connection[asyncpg.Record]", names: Names) -> AsyncIterator[Query]:
    """query over a database without a single row."""
    async with _serving(engine, owner, names) as query:
        yield query


@pytest.fixture
async def query(city_url: str, names: Names) -> AsyncIterator[Query]:
    """query over the simulated city."""
    owner = await asyncpg.connect(city_url)
    async with connected_engine(city_url, role=ROLE) as engine, _serving(engine, owner, names) as query:
        yield query
    await owner.close()


@pytest.fixture(scope="session")
def _city_template(postgres_admin_url: str, migrated_template: str) -> Iterator[str]:
    """The city is written once; every test has a copy of its own."""
    with fresh_database(postgres_admin_url, f"test_city_{secrets.token_hex(4)}", template=migrated_template) as url:
        run_apart(_write(url))
        yield url.rpartition("/")[2]


@pytest.fixture
def city_url(postgres_admin_url: str, _city_template: str) -> Iterator[str]:
    """The superuser's address of a copy of the simulated city."""
    with fresh_database(postgres_admin_url, f"test_{secrets.token_hex(6)}", template=_city_template) as url:
        yield url


async def _write(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await write_city(connection)
        await connection.execute("ANALYZE")
    finally:
        await connection.close()


@asynccontextmanager
async def _serving(
    engine: AsyncEngine, owner: "asyncpg.Connection[asyncpg.Record]", names: Names
) -> AsyncIterator[Query]:
    registry = CollectorRegistry()
    health = Health()
    health.readiness["postgresql"] = lambda: is_reachable(engine)
    actions = RecordingAlertActions(frozenset({CLOSED_ALERT}))
    app = create_query_app(
        readers=Readers(engine, names, system_clock),
        alert_actions=actions,
        health=health,
        registry=registry,
        metrics=create_metrics(registry),
    )
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://query.example") as client:
        yield Query(client, actions, owner)
