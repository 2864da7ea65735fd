"""The whole of planwatch on this machine: servers, tables, topics and services, for daily use, the demo and tests."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.local.claim import Claim
from deploy.local.combined_log import ServiceLog
from deploy.local.errors import LocalServerError, LocalServiceError
from deploy.local.kafka import LocalKafka
from deploy.local.ports import LOOPBACK, choose_free_ports
from deploy.local.postgres import LocalPostgres
from deploy.local.postgres_config import PostgresSettings
from deploy.local.preparation import prepare_servers
from deploy.local.restarting import RestartPolicy
from deploy.local.servers import Addresses, LocalServers
from deploy.local.supervisor import ServiceSpec, SupervisedService, local_url
from deploy.local.wiring import wire_services

SERVICES = tuple(
    ServiceSpec(name=name, argv=(sys.executable, "-m", f"services.{name}"))
    for name in ("ingest", "rules", "alerts", "query")
)


def _say_nothing(_line: str) -> None:
    """Show nothing."""


def _this_environment() -> dict[str, str]:
    return dict(os.environ)


@dataclass(slots=True, kw_only=True)
class LocalStack:
    """Everything runs inside `async with`; ports stay the same while it lasts, whatever is stopped and started."""

    data_dir: Path
    extra_env: Mapping[str, str] = field(default_factory=dict)
    """Variables for the services, over those of `environment`."""
    environment: Mapping[str, str] = field(default_factory=_this_environment)
    services: Sequence[ServiceSpec] = SERVICES
    prepare: Callable[[Addresses], Awaitable[None]] = prepare_servers
    wire: Callable[[Mapping[str, str], Path], Mapping[str, str]] = wire_services
    """Makes the variables that connect the services, from their addresses; `environment` comes before them."""
    postgres: PostgresSettings = field(default_factory=PostgresSettings)
    policy: RestartPolicy = field(default_factory=RestartPolicy)
    show: Callable[[str], None] = _say_nothing
    """Gets every line of the combined log."""
    announce: Callable[[str], None] = _say_nothing
    """Gets what a person should know: what starts, what died."""
    _servers: LocalServers = field(init=False)
    _claim: Claim = field(init=False)
    _running: dict[str, SupervisedService] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.data_dir = self.data_dir.absolute()
        self._servers = LocalServers(self.data_dir / "data", environment=self.environment, settings=self.postgres)
        self._claim = Claim(self.data_dir)

    async def __aenter__(self) -> Self:
        self._claim.acquire()
        try:
            self.announce("starting Kafka and PostgreSQL")
            await self._servers.start()
            await self.prepare(self.addresses)
            self._make_services()
            self.announce(f"starting {', '.join(self._running)}")
            for service in self._running.values():
                service.start()
            await self.wait_until_ready()
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    @property
    def addresses(self) -> Addresses:
        """Where Kafka and PostgreSQL answer."""
        return self._servers.addresses

    @property
    def run_file(self) -> Path:
        """The file that names the address of everything while it runs."""
        return self.data_dir / "run.json"

    @property
    def urls(self) -> dict[str, str]:
        """The address of each service."""
        return {name: service.url for name, service in self._running.items()}

    def url(self, name: str) -> str:
        """Return a service's address."""
        return self._service(name).url

    def pid(self, name: str) -> int:
        """Return a service's process id; raises LocalServiceError while it does not run."""
        pid = self._service(name).pid
        if pid is None:
            raise LocalServiceError(f"{name} does not run")
        return pid

    async def wait_until_ready(self) -> None:
        """Wait until every service that has not been stopped says it is ready."""
        waits = (service.wait_until_ready() for service in self._running.values() if service.pid is not None)
        await asyncio.gather(*waits)

    async def kill(self, name: str) -> None:
        """End a service as `kill -9` does; returns once it has been started again (not yet ready)."""
        await self._service(name).kill()

    async def stop_service(self, name: str) -> None:
        """Stop a service; it stays down until `start_service`."""
        await self._service(name).stop()
        self._write_run_file()

    async def start_service(self, name: str) -> None:
        """Start a stopped service and wait until it is ready."""
        self._service(name).start()
        await self._service(name).wait_until_ready()

    async def stop_kafka(self) -> None:
        """Stop Kafka as an outage would look to the services."""
        await self._own_kafka().stop()

    async def start_kafka(self) -> None:
        """Start Kafka again, on the same port."""
        await self._own_kafka().start()

    async def stop_postgres(self) -> None:
        """Stop PostgreSQL; connections are cut."""
        await self._own_postgres().stop()

    async def start_postgres(self) -> None:
        """Start PostgreSQL again, on the same port."""
        await self._own_postgres().start()

    def _service(self, name: str) -> SupervisedService:
        if name not in self._running:
            raise LocalServiceError(f"there is no service {name}; there are {', '.join(self._running) or 'none'}")
        return self._running[name]

    def _own_kafka(self) -> LocalKafka:
        if self._servers.kafka is None:
            raise LocalServerError("this Kafka was not started here: the environment names it")
        return self._servers.kafka

    def _own_postgres(self) -> LocalPostgres:
        if self._servers.postgres is None:
            raise LocalServerError("this PostgreSQL was not started here: the environment names it")
        return self._servers.postgres

    def _make_services(self) -> None:
        logs = self.data_dir / "log"
        logs.mkdir(exist_ok=True)
        width = max((len(spec.name) for spec in self.services), default=0)
        ports = choose_free_ports(len(self.services))
        urls = {spec.name: local_url(port) for spec, port in zip(self.services, ports, strict=True)}
        shared = {**self.wire(urls, self.data_dir), **self.environment, **self.addresses.as_environment()}
        for spec, port in zip(self.services, ports, strict=True):
            self._running[spec.name] = SupervisedService(
                spec=spec,
                environment={**shared, **own_variables(port), **self.extra_env},
                port=port,
                log=ServiceLog(spec.name, logs / f"{spec.name}.log", show=self.show, width=width),
                announce=self.announce,
                changed=self._write_run_file,
                policy=self.policy,
            )

    def _write_run_file(self) -> None:
        content = {
            "services": {name: {"url": service.url, "pid": service.pid} for name, service in self._running.items()},
            "servers": {
                "kafka": self.addresses.kafka_bootstrap_servers,
                "postgresql": self.addresses.database_url,
            },
        }
        draft = self.run_file.with_name("run.json.new")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
        draft.replace(self.run_file)

    async def _stop(self) -> None:
        for service in reversed(self._running.values()):
            await service.stop()
        await self._servers.stop()
        self.run_file.unlink(missing_ok=True)
        self._running.clear()
        self._claim.release()


def own_variables(port: int) -> dict[str, str]:
    """Return the variables that differ between services."""
    return {"PLANWATCH_HTTP_HOST": LOOPBACK, "PLANWATCH_HTTP_PORT": str(port), "PYTHONUNBUFFERED": "1"}
