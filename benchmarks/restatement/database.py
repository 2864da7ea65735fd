"""A real PostgreSQL with a fresh migrated database, and the unit of work of rules over it, whose statements are counted."""

import asyncio
import gc
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from deploy.local.servers import DATABASE_VARIABLE, KAFKA_VARIABLE, LocalServers
from deploy.migrations import migrate
from services.rules.adapters.postgres_uow import PostgresDatabase
from shared.adapters.postgres import connected_engine, session_factory
from shared.reference.areas import Areas
from shared.reference.units_of_measure import UnitsOfMeasure

ROLE = "planwatch_rules"


@dataclass(slots=True)
class Statements:
    """How many statements the connections have run: a bulk one counts once, COPY not at all."""

    count: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    def watch(self, engine: AsyncEngine) -> None:
        """Count what every connection of the engine runs."""

        @event.listens_for(engine.sync_engine, "connect")
        def _connected(connection: Any, _record: Any) -> None:
            connection.driver_connection.add_query_logger(self._ran)

    def _ran(self, record: Any) -> None:
        self.count += 1
        self.seconds[record.query] = self.seconds.get(record.query, 0.0) + record.elapsed


@dataclass(frozen=True, slots=True)
class Server:
    """Where PostgreSQL answers its owner."""

    url: str

    @asynccontextmanager
    async def database(self, data_dir: Path) -> AsyncIterator["Opened"]:
        """Yield rules on a fresh migrated database, which is dropped at the end."""
        name = f"benchmark_{secrets.token_hex(4)}"
        await self._execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        try:
            url = f"{self.url.rpartition('/')[0]}/{name}"
            await asyncio.to_thread(migrate, url)
            async with connected_engine(url, role=ROLE, pool_size=1) as engine:
                statements = Statements()
                statements.watch(engine)
                database = PostgresDatabase(
                    session_factory(engine),
                    areas=Areas.load(data_dir / "areas.csv"),
                    units=UnitsOfMeasure.load(data_dir / "units_of_measure.csv"),
                    topic_prefix="benchmark.",
                )
                yield Opened(url, database, statements)
        finally:
            await self._execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    async def _execute(self, statement: str) -> None:
        await _execute(self.url, statement)


@dataclass(frozen=True, slots=True)
class Opened:
    """Rules on its database."""

    url: str
    database: PostgresDatabase
    statements: Statements

    async def settle(self) -> None:
        """Do at once what autovacuum would have done long ago, so that no measurement meets it.

        What the benchmark itself keeps of all it sent is no garbage for the collector to look through while it is measured.
        """
        await _execute(self.url, "VACUUM (ANALYZE)")
        gc.collect()
        gc.freeze()

    async def fetch(self, query: str) -> list[tuple[Any, ...]]:
        """Return the records of a query, as the owner."""
        connection = await asyncpg.connect(self.url)
        try:
            return [tuple(record) for record in await connection.fetch(query)]
        finally:
            await connection.close()


@asynccontextmanager
async def running_server(folder: Path, environment: Mapping[str, str]) -> AsyncIterator[Server]:
    """Yield the PostgreSQL that the environment names, or an own one with its data in the folder; Kafka is not needed."""
    without_kafka = {**environment, KAFKA_VARIABLE: environment.get(KAFKA_VARIABLE, "not needed")}
    async with LocalServers(folder, environment=without_kafka) as servers:
        yield Server(servers.addresses.as_environment()[DATABASE_VARIABLE])


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
