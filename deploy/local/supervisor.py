"""Keeps one service running: a service that dies is named and started again."""

import asyncio
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Thread

import httpx2

from deploy.local.child import Child, Command, start_child
from deploy.local.combined_log import ServiceLog
from deploy.local.errors import LocalServiceError
from deploy.local.layout import PROJECT_ROOT
from deploy.local.ports import LOOPBACK
from deploy.local.restarting import RestartPolicy, describe_exit


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSpec:
    """A program that serves HTTP on the port PLANWATCH_HTTP_PORT names."""

    name: str
    argv: Sequence[str]
    ready_path: str = "/readyz"
    stop_seconds: float = 15.0


@dataclass(slots=True, kw_only=True)
class SupervisedService:
    """One service on a fixed port, started again when it dies, until it is stopped or dies too often."""

    spec: ServiceSpec
    environment: Mapping[str, str]
    port: int
    log: ServiceLog
    announce: Callable[[str], None]
    """Tells the person at the terminal one line."""
    changed: Callable[[], None]
    """Called after the process id has changed."""
    policy: RestartPolicy = field(default_factory=RestartPolicy)
    gave_up: bool = field(default=False, init=False)
    _child: Child | None = field(default=None, init=False)
    _follower: Thread | None = field(default=None, init=False)
    _watch: asyncio.Task[None] | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        """Where the service answers."""
        return local_url(self.port)

    @property
    def pid(self) -> int | None:
        """The process id, None while the service does not run."""
        return None if self._child is None else self._child.pid

    def start(self) -> None:
        """Start the service and keep it running; it is not ready yet. A running one is left alone."""
        if self._watch is not None and not self._watch.done():
            return
        self.gave_up = False
        self._launch()
        self._watch = asyncio.create_task(self._keep_running(), name=f"keeping {self.spec.name} running")

    async def stop(self) -> None:
        """Stop the service for good; stopping a stopped one is fine."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
            self._watch = None
        if self._child is not None:
            await self._child.stop()
            self._collect()

    async def kill(self) -> None:
        """End the process as `kill -9` does, and return once it has been started again."""
        child = self._child
        if child is None or child.exit_code is not None:
            raise LocalServiceError(f"{self.spec.name} does not run", log=self.log.path)
        child.kill()
        while self._child in (child, None) and not self.gave_up:  # noqa: ASYNC110  # rare, and bounded by the policy
            await asyncio.sleep(0.02)

    async def wait_until_ready(self, *, seconds: float = 60.0) -> None:
        """Wait for 200 from the readiness page; raises LocalServiceError with what was missing."""
        answer = "no answer"
        try:
            async with asyncio.timeout(seconds), httpx2.AsyncClient(trust_env=False) as client:
                while True:
                    if self.gave_up:
                        raise LocalServiceError(
                            f"{self.spec.name} does not start: {self.log.last_line}", log=self.log.path
                        )
                    ready, answer = await ask_readiness(client, self.url + self.spec.ready_path)
                    if ready:
                        return
                    await asyncio.sleep(0.1)
        except TimeoutError as error:
            sentence = f"{self.spec.name} is not ready after {seconds:.0f} s: {answer}"
            raise LocalServiceError(sentence, log=self.log.path) from error

    def _launch(self) -> None:
        command = Command(
            argv=self.spec.argv,
            environment=self.environment,
            directory=PROJECT_ROOT,
            stop_seconds=self.spec.stop_seconds,
        )
        self._child = start_child(command, output=subprocess.PIPE)
        if self._child.process.stdout is not None:
            self._follower = self.log.follow(self._child.process.stdout)
        self.changed()

    async def _keep_running(self) -> None:
        loop = asyncio.get_running_loop()
        lifetimes: list[float] = []
        while self._child is not None:
            started_at = loop.time()
            ending = describe_exit(await self._child.wait())
            self._collect()
            lifetimes = [*lifetimes, loop.time() - started_at][-self.policy.most_quick_deaths :]
            delay = self.policy.decide_delay(lifetimes)
            if delay is None:
                self.gave_up = True
                self.announce(
                    f"{self.spec.name} {ending} {len(lifetimes)} times in a row; it stays down (log: {self.log.path})"
                )
                return
            self.announce(f"{self.spec.name} {ending}; starting it again in {delay:.1f} s (log: {self.log.path})")
            await asyncio.sleep(delay)
            self._launch()

    def _collect(self) -> None:
        """Let go of the ended process once its last words are in the log."""
        if self._follower is not None:
            self._follower.join(timeout=1.0)
            self._follower = None
        self._child = None


def local_url(port: int) -> str:
    """Return the address of what listens on the loopback port."""
    return f"http://{LOOPBACK}:{port}"


async def ask_readiness(client: httpx2.AsyncClient, url: str) -> tuple[bool, str]:
    """Return whether the page says ready, and its words."""
    try:
        response = await client.get(url, timeout=2.0)
    except httpx2.TransportError as error:
        return False, type(error).__name__
    return response.status_code == 200, response.text[:300]
