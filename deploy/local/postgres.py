"""A PostgreSQL server on the loopback address."""

import asyncio
import hashlib
import os
import secrets
import shutil
import signal
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import asyncpg
import psutil

from deploy.local.account import choose_account, hand_over, is_reachable
from deploy.local.child import Account, Child, Command, end_orphan, kill_tree, run_child, start_child
from deploy.local.claim import Claim
from deploy.local.errors import LocalServerError
from deploy.local.excerpts import last_line, read_from, size_of
from deploy.local.ports import LOOPBACK, choose_free_ports
from deploy.local.postgres_binaries import PostgresBinaries, ensure_binaries
from deploy.local.postgres_config import (
    DATABASE,
    SUPERUSER,
    PostgresSettings,
    is_socket_path_short,
    postgres_environment,
    render_options,
)

_START_SECONDS = 120.0
_OUT_OF_SIGHT = Path("/var/tmp")  # noqa: S108  # a private folder inside it, named after the directory it stands for


class LocalPostgres:
    """PostgreSQL with its data, password, log and pid file in one directory.

    The port is chosen at the first start and kept while this object lives, so clients survive a restart.
    """

    def __init__(
        self,
        directory: Path,
        *,
        environment: Mapping[str, str],
        settings: PostgresSettings | None = None,
        embedded: bool = False,
    ) -> None:
        self.directory = directory = directory.absolute()
        self.log = directory / "postgresql.log"
        self._settings = settings or PostgresSettings()
        self._source = environment
        self._environment = postgres_environment(environment)
        self._embedded = embedded
        self._claim = Claim(directory)
        self._home = directory
        self._port: int | None = None
        self._password = ""
        self._log_seen = 0
        self._child: Child | None = None

    @property
    def url(self) -> str:
        """The superuser's address of the database; known once started."""
        if self._port is None:
            raise LocalServerError("PostgreSQL has not been started")
        return f"postgresql://{SUPERUSER}:{self._password}@{LOOPBACK}:{self._port}/{DATABASE}"

    @property
    def child(self) -> Child | None:
        """The running process, None while stopped."""
        return self._child

    async def start(self) -> None:
        """Start the server and wait until it answers; raises LocalServerError."""
        binaries = ensure_binaries(self._source, embedded=self._embedded)
        self._claim.acquire()
        try:
            end_orphan(self._pid_file, stop_signal=signal.SIGINT)
            account = choose_account(self.directory / "data", uid=os.geteuid())
            self._home, binaries = self._within_reach(account, binaries)
            await self._make_once(binaries, account)
            self._check(binaries)
            self._port = self._port or choose_free_ports(1)[0]
            self._child = self._launch(binaries, account, self._port)
            await self._wait_until_answering()
        except PermissionError as error:
            await self.stop()
            raise LocalServerError(
                f"{error.filename} belongs to another user: remove {self.directory} or start as its owner"
            ) from error
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop the server, dropping its connections; stopping a stopped one is fine."""
        if self._child is not None:
            await self._child.stop()
            self._child = None
        self._claim.release()

    def kill(self) -> None:
        """End the server at once, as a power cut would."""
        if self._child is not None:
            self._child.kill()
            self._child = None
        self._claim.release()

    @property
    def _pid_file(self) -> Path:
        return self.directory / "postgresql.pid"

    @property
    def _data(self) -> Path:
        return self._home / "data"

    def _within_reach(self, account: Account | None, binaries: PostgresBinaries) -> tuple[Path, PostgresBinaries]:
        """Return home and programs where the account can get at them: root's own folders are often closed to others."""
        if account is None:
            return self.directory, binaries
        name = f"planwatch-{hashlib.sha256(str(self.directory.resolve()).encode()).hexdigest()[:12]}"
        home = self.directory if is_reachable(self.directory, account) else _OUT_OF_SIGHT / name
        home.mkdir(mode=0o755, exist_ok=True)
        if not is_reachable(binaries.directory, account):
            copy = home / f"postgresql-{binaries.major}"
            shutil.copytree(binaries.directory.parent, copy, dirs_exist_ok=True, symlinks=True)
            binaries = PostgresBinaries(copy / "bin", binaries.major)
        return home, binaries

    async def _make_once(self, binaries: PostgresBinaries, account: Account | None) -> None:
        """Make the data directory aside and move it in place, so that a half-made one is never used."""
        if self._data.exists():
            return
        draft = self._home / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        hand_over(draft, account)
        password = secrets.token_urlsafe(24)
        with tempfile.NamedTemporaryFile("w", suffix=".pw", dir=self._home) as password_file:
            password_file.write(password)
            password_file.flush()
            hand_over(Path(password_file.name), account)
            argv = [str(binaries.directory / "initdb"), f"--pgdata={draft}", f"--username={SUPERUSER}"]
            argv += [f"--pwfile={password_file.name}", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"]
            argv += ["--no-instructions", "--no-sync"]
            await self._run(argv, account)
        write_secret(self.directory / "password", password)
        draft.rename(self._data)

    async def _run(self, argv: list[str], account: Account | None) -> None:
        log = self.directory / "initdb.log"
        command = Command(argv=argv, environment=self._environment, directory=Path("/"), account=account)
        if await run_child(command, log) != 0:
            raise LocalServerError(
                f"PostgreSQL's data directory could not be made: {last_line(read_from(log, 0))}", log=log
            )

    def _check(self, binaries: PostgresBinaries) -> None:
        self._password = read_secret(self.directory / "password", self._data)
        made_by = read_data_version(self._data)
        if made_by != str(binaries.major):
            raise LocalServerError(
                f"{self._data} was made by PostgreSQL {made_by}, here is {binaries.major}: install that one or remove the directory"
            )

    def _launch(self, binaries: PostgresBinaries, account: Account | None, port: int) -> Child:
        end_leftovers(self._data)
        (self._data / "postmaster.pid").unlink(missing_ok=True)  # stale: nothing works in this directory any more
        self._log_seen = size_of(self.log)
        options = render_options(self._settings, port=port, socket_directory=str(self._socket_directory(account)))
        command = Command(
            argv=[str(binaries.directory / "postgres"), "-D", str(self._data), *options],
            environment=self._environment,
            directory=Path("/"),
            account=account,
            stop_signal=signal.SIGINT,  # "fast": open connections are closed
        )
        with self.log.open("ab") as output:
            return start_child(command, output=output, pid_file=self._pid_file)

    def _socket_directory(self, account: Account | None) -> Path:
        directory = self._home / "socket"
        if not is_socket_path_short(str(directory)):
            name = hashlib.sha256(str(directory.resolve()).encode()).hexdigest()[:12]
            directory = Path(tempfile.gettempdir()) / f"planwatch-{name}"
        directory.mkdir(mode=0o700, exist_ok=True)
        hand_over(directory, account)
        return directory

    async def _wait_until_answering(self) -> None:
        try:
            async with asyncio.timeout(_START_SECONDS):
                while not await has_database(self.url):
                    self._refuse_if_ended()
                    await asyncio.sleep(0.05)
        except asyncpg.PostgresError as error:
            raise LocalServerError(f"PostgreSQL answers, but refuses to work: {error}", log=self.log) from error
        except TimeoutError as error:
            raise LocalServerError(f"PostgreSQL does not answer after {_START_SECONDS:.0f} s", log=self.log) from error

    def _refuse_if_ended(self) -> None:
        if self._child is not None and (code := self._child.exit_code) is not None:
            text = read_from(self.log, self._log_seen)
            reasons = [line.partition("FATAL:")[2].strip() for line in text.splitlines() if "FATAL:" in line]
            reason = reasons[-1] if reasons else last_line(text)
            raise LocalServerError(f"PostgreSQL ended with exit code {code} while starting: {reason}", log=self.log)


def write_secret(path: Path, text: str) -> None:
    """Write a file only its owner can read."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def read_secret(path: Path, data: Path) -> str:
    """Return the superuser's password; raises LocalServerError when it was lost."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise LocalServerError(
            f"the password of {data} is lost ({path} is missing): remove the directory to start afresh"
        ) from error


def read_data_version(data: Path) -> str:
    """Return the PostgreSQL version a data directory was made by; raises LocalServerError."""
    try:
        return (data / "PG_VERSION").read_text(encoding="ascii").strip()
    except FileNotFoundError as error:
        raise LocalServerError(
            f"{data} is not a PostgreSQL data directory (no PG_VERSION): remove it to start afresh"
        ) from error


def end_leftovers(data: Path) -> None:
    """Kill server processes that outlived their postmaster: two servers on the same files would destroy them."""
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            if process.name().startswith("postgres") and Path(process.cwd()) == data.resolve():
                kill_tree(process)


async def has_database(url: str) -> bool:
    """Connect, making the database when it is missing; False while the server does not take connections yet."""
    try:
        server = await asyncpg.connect(url, database="postgres", timeout=5)
    except (OSError, asyncpg.CannotConnectNowError, asyncpg.PostgresConnectionError, TimeoutError):
        return False
    try:
        if not await server.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE):
            await server.execute(f'CREATE DATABASE "{DATABASE}"')
    finally:
        await server.close()
    return True
