"""Child processes that never outlive their parent and are always collected."""

import asyncio
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import psutil

from deploy.local.pidfile import ProcessMark, find_pid_file, find_process, mark_process, write_pid_file

_POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the machine under whose name a process runs."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What to start, and how it is asked to end."""

    argv: Sequence[str]
    environment: Mapping[str, str] | None = None
    directory: Path | None = None
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 20.0
    """After so long a process that was asked to end is killed."""


@dataclass(slots=True)
class Child:
    """One running process in its own session; Ctrl-C reaches it only through its parent."""

    command: Command
    process: subprocess.Popen[bytes]
    pid_file: Path | None = None
    mark: ProcessMark = field(init=False)

    def __post_init__(self) -> None:
        self.mark = mark_process(self.process.pid)
        if self.pid_file is not None:
            write_pid_file(self.pid_file, self.mark)

    @property
    def pid(self) -> int:
        """The process id."""
        return self.process.pid

    @property
    def exit_code(self) -> int | None:
        """The exit code once the process has ended (negative: the signal that ended it)."""
        return self.process.poll()

    async def wait(self) -> int:
        """Wait until the process has ended by itself."""
        while (code := self.exit_code) is None:  # noqa: ASYNC110  # a pidfd, the alternative, is not allowed in every container
            await asyncio.sleep(_POLL_SECONDS)
        return code

    async def stop(self) -> None:
        """Ask the process to end, kill it when it does not, and collect it."""
        if self.exit_code is None:
            self.process.send_signal(self.command.stop_signal)
            try:
                await asyncio.wait_for(self.wait(), self.command.stop_seconds)
            except TimeoutError:
                self.kill()
        self._forget()

    def kill(self) -> None:
        """End the process and everything it has started at once (kill -9)."""
        if self.exit_code is None:
            kill_tree(psutil.Process(self.process.pid))
        self.process.wait()
        self._forget()

    def _forget(self) -> None:
        if self.pid_file is not None:
            self.pid_file.unlink(missing_ok=True)


def start_child(command: Command, *, output: IO[bytes] | int, pid_file: Path | None = None) -> Child:
    """Start the command; its output goes to the open file, or to a pipe (`subprocess.PIPE`)."""
    process = subprocess.Popen(
        guarded_argv(command),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd=command.directory,
        env=None if command.environment is None else dict(command.environment),
        start_new_session=True,
    )
    return Child(command, process, pid_file)


def guarded_argv(command: Command) -> list[str]:
    """Return the command behind `setpriv`: signalled when its parent dies, under another account when asked."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return list(command.argv)
    guard = [setpriv, f"--pdeathsig={command.stop_signal.name.removeprefix('SIG')}"]
    if command.account is not None:
        guard += [f"--reuid={command.account.uid}", f"--regid={command.account.gid}", "--clear-groups"]
    return [*guard, "--", *command.argv]


async def run_child(command: Command, log: Path) -> int:
    """Run the command to its end with its output in a fresh log; returns the exit code."""
    with log.open("wb") as output:
        child = start_child(command, output=output)
    try:
        return await child.wait()
    finally:
        child.kill()


def kill_tree(process: psutil.Process) -> None:
    """Kill a process and its descendants; a process that has ended is fine. PostgreSQL's have sessions of their own."""
    try:
        doomed = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    for each in doomed:
        with suppress(psutil.NoSuchProcess):
            each.kill()
    psutil.wait_procs(doomed[1:], timeout=5)


def end_orphan(pid_file: Path, *, stop_signal: signal.Signals, seconds: float = 10.0) -> None:
    """End the process a dead parent has left behind, if it still runs, and remove the stale pid file."""
    mark = find_pid_file(pid_file)
    process = None if mark is None else find_process(mark)
    if process is not None:
        process.send_signal(stop_signal)
        try:
            process.wait(seconds)
        except psutil.TimeoutExpired:
            kill_tree(process)
            process.wait(seconds)
    pid_file.unlink(missing_ok=True)
