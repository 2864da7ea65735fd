"""`python -m deploy.local servers` as a person runs it: both servers, ended by Ctrl-C."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import asyncpg
import psutil

from deploy.local.kafka import has_broker
from deploy.local.servers import DATABASE_VARIABLE, KAFKA_VARIABLE


def _environment(**changes: str) -> dict[str, str]:
    own = {key: value for key, value in os.environ.items() if not key.startswith("PLANWATCH_")}
    return {**own, **changes}


async def _start(directory: Path, environment: dict[str, str]) -> asyncio.subprocess.Process:
    relative = str(directory.relative_to(Path.cwd())) if directory.is_relative_to(Path.cwd()) else str(directory)
    arguments = ["-m", "deploy.local", "servers", "--data-dir", relative, "--env-file", f"{relative}/env"]
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(sys.executable, *arguments, env=environment, stdout=pipe, stderr=pipe)


async def _read_addresses(process: asyncio.subprocess.Process) -> dict[str, str]:
    assert process.stdout is not None
    lines = [(await process.stdout.readline()).decode().strip() for _ in range(2)]
    return dict(line.split("=", 1) for line in lines)


async def test_ctrl_c_stops_both_and_leaves_no_process(short_directory: Path) -> None:
    process = await _start(short_directory, _environment())
    addresses = await _read_addresses(process)
    assert await has_broker(addresses[KAFKA_VARIABLE])
    await (await asyncpg.connect(addresses[DATABASE_VARIABLE])).close()
    started = psutil.Process(process.pid).children(recursive=True)
    assert len(started) >= 2
    process.send_signal(signal.SIGINT)
    assert await asyncio.wait_for(process.wait(), 15) == 0
    assert not [each for each in started if each.is_running()]
    assert not (short_directory / "env").exists()


async def test_a_killed_parent_leaves_no_process_and_the_next_start_works(short_directory: Path) -> None:
    first = await _start(short_directory, _environment())
    await _read_addresses(first)
    started = psutil.Process(first.pid).children(recursive=True)
    first.kill()
    await first.wait()
    second = await _start(short_directory, _environment())
    addresses = await _read_addresses(second)
    assert await has_broker(addresses[KAFKA_VARIABLE])
    assert not [each for each in started if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]
    second.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(second.wait(), 15) == 0


async def test_named_servers_are_used_and_nothing_is_started(tmp_path: Path) -> None:
    named = {KAFKA_VARIABLE: "kafka.example:9092", DATABASE_VARIABLE: "postgresql://db.example/x"}
    process = await _start(tmp_path, _environment(**named))
    assert await _read_addresses(process) == named
    assert not psutil.Process(process.pid).children()
    process.send_signal(signal.SIGINT)
    assert await process.wait() == 0


async def test_a_missing_java_is_one_line_without_traceback(tmp_path: Path) -> None:
    environment = _environment(PATH=str(tmp_path), **{DATABASE_VARIABLE: "postgresql://db.example/x"})
    environment.pop("JAVA_HOME", None)
    process = await _start(tmp_path, environment)
    _, errors = await process.communicate()
    assert process.returncode == 1
    assert errors.decode() == "planwatch: Kafka needs Java 17 or newer, and there is none on the PATH\n"
