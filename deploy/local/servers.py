"""Kafka and PostgreSQL together: own ones, or those the environment names."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.local.kafka import LocalKafka
from deploy.local.layout import KAFKA_LIBRARIES
from deploy.local.postgres import LocalPostgres
from deploy.local.postgres_config import PostgresSettings

KAFKA_VARIABLE = "PLANWATCH_KAFKA_BOOTSTRAP_SERVERS"
DATABASE_VARIABLE = "PLANWATCH_DATABASE_URL"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the two servers answer."""

    kafka_bootstrap_servers: str
    database_url: str

    def as_environment(self) -> dict[str, str]:
        """Return the variables that tell a program of planwatch these addresses."""
        return {KAFKA_VARIABLE: self.kafka_bootstrap_servers, DATABASE_VARIABLE: self.database_url}


class LocalServers:
    """Starts what the environment does not name, both at the same time, and stops what it started."""

    def __init__(
        self, directory: Path, *, environment: Mapping[str, str], settings: PostgresSettings | None = None
    ) -> None:
        self._named_kafka = environment.get(KAFKA_VARIABLE)
        self._named_database = environment.get(DATABASE_VARIABLE)
        own = {key: value for key, value in environment.items() if not key.startswith("PLANWATCH_")}
        self.kafka = (
            None if self._named_kafka else LocalKafka(directory / "kafka", libraries=KAFKA_LIBRARIES, environment=own)
        )
        self.postgres = (
            None
            if self._named_database
            else LocalPostgres(directory / "postgresql", environment=own, settings=settings)
        )

    @property
    def addresses(self) -> Addresses:
        """Where the servers answer; known once started."""
        kafka = self._named_kafka if self.kafka is None else self.kafka.bootstrap_servers
        database = self._named_database if self.postgres is None else self.postgres.url
        return Addresses(kafka or "", database or "")

    async def start(self) -> None:
        """Start both; when one fails the other is stopped again and the failure is raised."""
        results = await asyncio.gather(*(server.start() for server in self._own()), return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                await self.stop()
                raise result

    async def stop(self) -> None:
        """Stop what was started here."""
        await asyncio.gather(*(server.stop() for server in self._own()))

    def _own(self) -> list[LocalKafka | LocalPostgres]:
        return [server for server in (self.kafka, self.postgres) if server is not None]

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()
