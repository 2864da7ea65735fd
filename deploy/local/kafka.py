"""A single Kafka node (KRaft) on the loopback address."""

import asyncio
import base64
import os
import secrets
import shutil
import signal
from collections.abc import Mapping
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from deploy.local.child import Child, Command, end_orphan, run_child, start_child
from deploy.local.claim import Claim
from deploy.local.errors import LocalServerError
from deploy.local.excerpts import last_line, read_from, size_of
from deploy.local.java import find_java
from deploy.local.kafka_config import KafkaPorts, render_log4j2, render_properties
from deploy.local.kafka_jars import ensure_jars
from deploy.local.ports import LOOPBACK, choose_free_ports, is_listening

_START_SECONDS = 120.0
_PERFORMANCE = ["-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20", "-XX:+ExplicitGCInvokesConcurrent", "-XX:-UsePerfData"]
_SHORT_RUN = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"]


class LocalKafka:
    """Kafka with its data, configuration, log and pid file in one directory.

    Ports are chosen at the first start and kept while this object lives, so clients survive a restart.
    """

    def __init__(
        self, directory: Path, *, libraries: Path, environment: Mapping[str, str], heap_megabytes: int = 512
    ) -> None:
        self.directory = directory = directory.absolute()
        self.log = directory / "kafka.log"
        self._data = directory / "data"
        self._output = directory / "output.log"
        self._log_seen = 0
        self._libraries = libraries
        self._environment = environment
        self._heap = [f"-Xmx{heap_megabytes}m", f"-Xms{min(heap_megabytes, 128)}m"]
        self._claim = Claim(directory)
        self._ports: KafkaPorts | None = None
        self._java = Path("java")
        self._child: Child | None = None

    @property
    def bootstrap_servers(self) -> str:
        """Where clients connect; known once started."""
        if self._ports is None:
            raise LocalServerError("Kafka has not been started")
        return f"{LOOPBACK}:{self._ports.client}"

    @property
    def child(self) -> Child | None:
        """The running process, None while stopped."""
        return self._child

    async def start(self) -> None:
        """Start the node and wait until it answers; raises LocalServerError."""
        self._java = find_java(self._environment)
        ensure_jars(self._libraries)
        self._claim.acquire()
        try:
            end_orphan(self._pid_file, stop_signal=signal.SIGTERM)
            self._ports = self._ports or KafkaPorts(*choose_free_ports(2))
            await self._prepare(self._ports)
            self._child = self._launch()
            await self._wait_until_answering(self._ports.client)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop the node; stopping a stopped one is fine."""
        if self._child is not None:
            await self._child.stop()
            self._child = None
        self._claim.release()

    def kill(self) -> None:
        """End the node at once, as a power cut would."""
        if self._child is not None:
            self._child.kill()
            self._child = None
        self._claim.release()

    @property
    def _pid_file(self) -> Path:
        return self.directory / "kafka.pid"

    async def _prepare(self, ports: KafkaPorts) -> None:
        self._log_seen = size_of(self.log)
        try:
            (self.directory / "log4j2.xml").write_text(render_log4j2(self.log), encoding="utf-8")
            await self._format_once(ports)
            (self.directory / "server.properties").write_text(render_properties(self._data, ports), encoding="utf-8")
            check_data(self._data)
        except PermissionError as error:
            raise LocalServerError(
                f"{error.filename} belongs to another user: remove {self.directory} or start as its owner"
            ) from error

    async def _format_once(self, ports: KafkaPorts) -> None:
        """Make the data directory aside and move it in place, so that a half-made one is never used."""
        if self._data.exists():
            return
        draft = self.directory / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        properties = self.directory / "format.properties"
        properties.write_text(render_properties(draft, ports), encoding="utf-8")
        argv = [
            *self._java_argv(_SHORT_RUN),
            "kafka.tools.StorageTool",
            "format",
            "--cluster-id",
            new_cluster_id(),
            "--config",
            str(properties),
        ]
        if await run_child(Command(argv=argv, environment=self._environment), self._output) != 0:
            raise LocalServerError(f"Kafka's data directory could not be made: {self._reason()}", log=self._output)
        draft.rename(self._data)

    def _java_argv(self, options: list[str]) -> list[str]:
        log4j2 = f"-Dlog4j2.configurationFile={(self.directory / 'log4j2.xml').as_uri()}"
        return [str(self._java), *self._heap, *options, log4j2, "-cp", f"{self._libraries}{os.sep}*"]

    def _launch(self) -> Child:
        argv = [*self._java_argv(_PERFORMANCE), "kafka.Kafka", str(self.directory / "server.properties")]
        with self._output.open("wb") as output:
            return start_child(
                Command(argv=argv, environment=self._environment), output=output, pid_file=self._pid_file
            )

    async def _wait_until_answering(self, port: int) -> None:
        try:
            async with asyncio.timeout(_START_SECONDS):
                while not (is_listening(port) and await has_broker(self.bootstrap_servers)):
                    self._refuse_if_ended()
                    await asyncio.sleep(0.1)
        except TimeoutError as error:
            raise LocalServerError(
                f"Kafka does not answer on {self.bootstrap_servers} after {_START_SECONDS:.0f} s", log=self.log
            ) from error

    def _refuse_if_ended(self) -> None:
        if self._child is not None and (code := self._child.exit_code) is not None:
            raise LocalServerError(f"Kafka ended with exit code {code} while starting: {self._reason()}", log=self.log)

    def _reason(self) -> str:
        errors = [
            line for line in read_from(self.log, self._log_seen).splitlines() if " ERROR " in line or " FATAL " in line
        ]
        return last_line(errors[-1] if errors else read_from(self._output, 0))


def check_data(data: Path) -> None:
    """Refuse a directory that Kafka did not format; raises LocalServerError."""
    if not (data / "meta.properties").is_file():
        raise LocalServerError(f"{data} is not a Kafka data directory (no meta.properties): remove it to start afresh")


def new_cluster_id() -> str:
    """Return a random cluster id in Kafka's form: 16 bytes, base64 for URLs, unpadded, no leading dash."""
    return "p" + base64.urlsafe_b64encode(secrets.token_bytes(16)).decode()[1:22]


async def has_broker(bootstrap_servers: str) -> bool:
    """Tell whether Kafka answers a metadata request and knows at least one live broker."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers, request_timeout_ms=5000)
    try:
        await admin.start()
        cluster = await admin.describe_cluster()
    except KafkaError:
        return False
    finally:
        await admin.close()
    return bool(cluster["brokers"])
