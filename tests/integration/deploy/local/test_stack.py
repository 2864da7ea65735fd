"""The supervisor with tiny programs in the services' places; the servers are only names here."""

import asyncio
import json
import os
import signal
import stat
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx2
import psutil
import pytest

from deploy.local.errors import LocalServerError, LocalServiceError
from deploy.local.layout import PROJECT_ROOT
from deploy.local.restarting import RestartPolicy
from deploy.local.servers import Addresses
from deploy.local.stack import LocalStack
from deploy.local.supervisor import ServiceSpec

FAKE = Path(__file__).with_name("fake_service.py")
NAMED = {
    "PLANWATCH_KAFKA_BOOTSTRAP_SERVERS": "kafka.example:9092",
    "PLANWATCH_DATABASE_URL": "postgresql://db.example/x",
}
POLICY = RestartPolicy(first_delay_seconds=0.05, longest_delay_seconds=0.1, most_quick_deaths=3)


async def _nothing_to_prepare(_addresses: Addresses) -> None:
    return


def _stack(directory: Path, *specs: ServiceSpec, said: list[str] | None = None) -> LocalStack:
    lines = [] if said is None else said
    return LocalStack(
        data_dir=directory,
        environment={**os.environ, **NAMED},
        extra_env={"PLANWATCH_EXTRA": "yes"},
        services=specs,
        prepare=_nothing_to_prepare,
        policy=POLICY,
        show=lines.append,
        announce=lines.append,
    )


def _fake(name: str) -> ServiceSpec:
    return ServiceSpec(name=name, argv=(sys.executable, str(FAKE)))


async def _until(fact: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not fact():  # noqa: ASYNC110  # the fact has no event
            await asyncio.sleep(0.02)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
async def stack(tmp_path: Path, said: list[str]) -> AsyncIterator[LocalStack]:
    async with _stack(tmp_path, _fake("first"), _fake("second"), said=said) as running:
        yield running


async def test_services_get_addresses_and_are_ready(stack: LocalStack) -> None:
    async with httpx2.AsyncClient(trust_env=False) as client:
        answer = (await client.get(stack.url("first") + "/readyz")).json()
    assert answer == {"pid": stack.pid("first"), "extra": "yes"}
    assert set(stack.urls) == {"first", "second"}


async def test_the_run_file_names_everything_and_only_its_owner_reads_it(stack: LocalStack) -> None:
    content = json.loads(stack.run_file.read_text(encoding="utf-8"))
    assert content["services"]["second"] == {"url": stack.url("second"), "pid": stack.pid("second")}
    assert content["servers"] == {"kafka": "kafka.example:9092", "postgresql": "postgresql://db.example/x"}
    assert stat.S_IMODE(stack.run_file.stat().st_mode) == 0o600


async def test_a_killed_service_is_named_and_comes_back_on_the_same_address(stack: LocalStack, said: list[str]) -> None:
    url, pid = stack.url("first"), stack.pid("first")
    await stack.kill("first")
    await stack.wait_until_ready()
    assert (stack.url("first"), stack.pid("first") == pid) == (url, False)
    assert any(line.startswith("first was ended by signal 9; starting it again in") for line in said)
    assert json.loads(stack.run_file.read_text(encoding="utf-8"))["services"]["first"]["pid"] == stack.pid("first")


async def test_a_service_that_ends_by_itself_is_started_again(stack: LocalStack) -> None:
    pid = stack.pid("first")
    async with httpx2.AsyncClient(trust_env=False) as client:
        with pytest.raises(httpx2.TransportError):
            await client.get(stack.url("first") + "/exit/3")
    await _until(lambda: "first" in stack.urls and stack._running["first"].pid not in (pid, None))
    await stack.wait_until_ready()


async def test_a_stopped_service_stays_down_until_it_is_started(stack: LocalStack) -> None:
    await stack.stop_service("second")
    with pytest.raises(LocalServiceError, match="second does not run"):
        stack.pid("second")
    await stack.start_service("second")
    assert psutil.pid_exists(stack.pid("second"))


async def test_servers_that_are_only_named_cannot_be_stopped(stack: LocalStack) -> None:
    with pytest.raises(LocalServerError, match="was not started here"):
        await stack.stop_kafka()
    with pytest.raises(LocalServerError, match="was not started here"):
        await stack.stop_postgres()


async def test_an_unknown_service_is_told_with_the_known_ones(stack: LocalStack) -> None:
    with pytest.raises(LocalServiceError, match="no service third; there are first, second"):
        stack.url("third")


async def test_the_output_is_shown_with_the_name_and_kept_in_a_file(stack: LocalStack, said: list[str]) -> None:
    await _until(lambda: "first  | asked path=/readyz" in said)
    assert '"path": "/readyz"' in (stack.data_dir / "log" / "first.log").read_text(encoding="utf-8")


async def test_nothing_is_left_after_the_end(tmp_path: Path) -> None:
    async with _stack(tmp_path, _fake("first"), _fake("second")) as stack:
        pids = [stack.pid("first"), stack.pid("second")]
    assert not any(map(psutil.pid_exists, pids))
    assert not stack.run_file.exists()


async def test_two_cannot_run_in_one_directory(stack: LocalStack) -> None:
    with pytest.raises(LocalServerError, match="is in use: planwatch already runs here"):
        await _stack(stack.data_dir).__aenter__()


async def test_a_service_that_cannot_start_is_one_sentence_with_its_last_words(tmp_path: Path, said: list[str]) -> None:
    broken = ServiceSpec(name="broken", argv=(sys.executable, "-c", "import sys; sys.exit('no such setting')"))
    before = set(psutil.Process().children())  # the session's own servers
    with pytest.raises(LocalServiceError, match=r"broken does not start: no such setting \(log: .*broken.log\)"):
        await _stack(tmp_path, _fake("first"), broken, said=said).__aenter__()
    assert "broken ended with exit code 1 3 times in a row; it stays down" in "\n".join(said)
    left = set(psutil.Process().children()) - before
    assert not [each for each in left if each.status() != psutil.STATUS_ZOMBIE]


async def test_a_service_that_ignores_the_signal_is_killed(tmp_path: Path) -> None:
    code = f"import signal, runpy; signal.signal(signal.SIGTERM, signal.SIG_IGN); runpy.run_path({str(FAKE)!r}, run_name='__main__')"
    stubborn = ServiceSpec(name="stubborn", argv=(sys.executable, "-c", code), stop_seconds=0.2)
    async with _stack(tmp_path, stubborn) as stack:
        process = psutil.Process(stack.pid("stubborn"))
    assert not process.is_running()


async def _start_apart(directory: Path, mode: str) -> asyncio.subprocess.Process:
    arguments = [str(FAKE.with_name("stack_apart.py")), str(directory), mode]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT_ROOT)}
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(sys.executable, *arguments, env=environment, stdout=pipe)


async def _service_of(parent: asyncio.subprocess.Process) -> psutil.Process:
    assert parent.stdout is not None
    async for line in parent.stdout:
        if line.startswith(b"pid "):
            return psutil.Process(int(line.split()[1]))
    raise AssertionError("the program said nothing about its service")


def _has_ended(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


@pytest.mark.parametrize(
    ("mode", "number"),
    [
        pytest.param("ready", signal.SIGINT, id="Ctrl-C"),
        pytest.param("ready", signal.SIGHUP, id="terminal closed"),
        pytest.param("starting", signal.SIGTERM, id="while starting"),
    ],
)
async def test_a_signal_stops_everything(tmp_path: Path, mode: str, number: signal.Signals) -> None:
    parent = await _start_apart(tmp_path, mode)
    service = await _service_of(parent)
    parent.send_signal(number)
    assert await asyncio.wait_for(parent.wait(), 10) == 0
    assert _has_ended(service)
    assert not (tmp_path / "run.json").exists()


async def test_a_service_does_not_outlive_a_parent_that_was_killed(tmp_path: Path) -> None:
    parent = await _start_apart(tmp_path, "ready")
    service = await _service_of(parent)
    parent.kill()
    await parent.wait()
    await _until(lambda: _has_ended(service))
