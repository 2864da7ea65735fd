"""`python -m benchmarks`: pushes a month of N firms through the running system and prints what it took.

Printed: rows a second of each stage and end to end (accepted → verdicts committed), latency push → verdict of small
submissions while idle and under half load, peak memory of each service, and the ceiling of the bare drivers in the
same run. Figures of different machines or moments do not compare; the ratios within one run do.
What corrections cost is measured apart, by `python -m benchmarks.restatement`.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import asyncpg
import httpx2
import typer
from rich.console import Console
from rich.table import Table

from benchmarks.ceilings import Ceilings, measure
from benchmarks.sending import Sender, create_key
from benchmarks.watching import Progress, Stages, peak_memory_mib, percentile
from deploy.local.layout import STATE_DIRECTORY
from deploy.local.stack import LocalStack
from shared.kernel.period import Period
from shared.simulation.city import SimulatedCity
from shared.simulation.writers import write_json

PERIOD = Period.parse("2024-05")
SMALL_ROWS = 10
BLOCK_ROWS = 5_000
CEILING_ROWS = 100_000
NOTHING_IS_HELD = {"PLANWATCH_INGEST_HOLD_ROWS_SHARE": "none", "PLANWATCH_INGEST_HOLD_VALUE_SHARE": "none"}
"""Corrections of thousands of firms are measured from push to verdict: no second person takes part."""
console = Console()


@dataclass(frozen=True, slots=True)
class Bench:
    """What a measurement needs."""

    stack: LocalStack
    sender: Sender
    progress: Progress
    city: SimulatedCity
    folder: Path


async def push_month(bench: Bench, period: Period) -> tuple[int, Stages]:
    """Push one month of firms and follow it to its verdicts; return its rows and stages."""
    path = bench.folder / "month.json"
    with path.open("wb") as stream:
        rows = write_json(stream, {"period": str(period), "action": "merge"}, bench.city.enterprises(period))
    sent = time.perf_counter()
    submission = await bench.sender.send_file("enterprises", path)
    accepted = time.perf_counter()
    published, judged = await asyncio.gather(
        bench.progress.when_published(submission), bench.progress.when_judged(submission)
    )
    return rows, Stages(sent=sent, accepted=accepted, published=published, judged=judged)


async def small_latencies(bench: Bench, count: int, *, first: int) -> list[float]:
    """Push small project submissions one after the other; return seconds from push to committed verdicts."""
    seconds = []
    for number in range(first, first + count):
        rows = [_project(bench.city, number, index) for index in range(SMALL_ROWS)]
        begun = time.perf_counter()
        submission = await bench.sender.send_rows("projects", str(PERIOD), rows)
        seconds.append(await bench.progress.when_judged(submission) - begun)
    return seconds


def _project(city: SimulatedCity, number: int, index: int) -> dict[str, object]:
    rows = list(city.projects(PERIOD))
    row: dict[str, object] = dict(rows[(number * SMALL_ROWS + index) % len(rows)])
    return {**row, "planned_total": f"{10_000 + number}"}


async def block_seconds(bench: Bench) -> float:
    """Return how long the system takes for one block of firms when nothing else is to do (median of five)."""
    taken = []
    for number in range(5):
        begun = time.perf_counter()
        await bench.progress.when_judged(await push_block(bench, number))
        taken.append(time.perf_counter() - begun)
    return percentile(taken, 0.5)


async def push_block(bench: Bench, number: int) -> str:
    """Push some thousand firms that all changed, in a city of all firms: a correction of the month."""
    rows = [{**row, "employees": number} for row in islice(bench.city.enterprises(PERIOD), BLOCK_ROWS)]
    return await bench.sender.send_rows("enterprises", str(PERIOD), rows)


async def half_load(bench: Bench, seconds: float, stop: asyncio.Event) -> None:
    """Push a block every `seconds` until told to stop: with twice what one takes, the system is busy half the time."""
    number = 100
    while not stop.is_set():
        begun = time.perf_counter()
        number += 1
        await push_block(bench, number)
        await asyncio.sleep(max(0.0, seconds - (time.perf_counter() - begun)))


@asynccontextmanager
async def running_bench(firms: int, folder: Path) -> AsyncIterator[Bench]:
    """Start the whole system on fresh data, and a source with a key."""
    async with LocalStack(
        data_dir=folder, announce=lambda line: console.print(f"[dim]{line}[/dim]"), extra_env=NOTHING_IS_HELD
    ) as stack:
        key = await asyncio.to_thread(create_key, stack.addresses.database_url)
        database = asyncpg.create_pool(stack.addresses.database_url, min_size=2, max_size=4)
        async with database as pool, httpx2.AsyncClient(timeout=600, trust_env=False) as client:
            city = SimulatedCity(1, firms=firms)
            yield Bench(stack, Sender(client, stack.url("ingest"), key), Progress(pool), city, folder)


async def run(firms: int, small: int, folder: Path) -> None:
    """Measure everything once and print it."""
    async with running_bench(firms, folder) as bench:
        await push_month(bench, PERIOD.next_report())  # warms caches and pools; not measured
        rows, stages = await push_month(bench, PERIOD)
        idle = await small_latencies(bench, small, first=0)
        stop = asyncio.Event()
        load = asyncio.create_task(half_load(bench, 2 * await block_seconds(bench), stop))
        loaded = await small_latencies(bench, small, first=small)
        stop.set()
        await load
        memory = {name: peak_memory_mib(bench.stack.pid(name)) for name in bench.stack.urls}
        sample = list(islice(bench.city.enterprises(PERIOD), CEILING_ROWS))
        addresses = bench.stack.addresses
        ceilings = await measure(addresses.kafka_bootstrap_servers, addresses.database_url, sample, str(PERIOD))
    report(rows, stages, ceilings)
    report_latency({"idle": idle, "half load": loaded})
    report_memory(memory)


def report(rows: int, stages: Stages, ceilings: Ceilings) -> None:
    """Print the rates of the stages and their ratio to the slowest bare stage."""
    table = Table(title=f"{rows:,} firms, one month")
    for column in ("stage", "seconds", "rows/s", "of slowest ceiling"):
        table.add_column(column, justify="right")
    spans = {
        "HTTP sent → accepted": stages.accepted - stages.sent,
        "accepted → published": stages.published - stages.accepted,
        "accepted → verdicts committed (end to end)": stages.judged - stages.accepted,
        "HTTP sent → verdicts committed": stages.judged - stages.sent,
    }
    for stage, seconds in spans.items():
        table.add_row(stage, f"{seconds:.2f}", f"{rows / seconds:,.0f}", f"{rows / seconds / ceilings.slowest:.2f}")
    for stage in ("produce", "consume", "copy", "staged_upsert"):
        table.add_row(f"ceiling: {stage}", "", f"{getattr(ceilings, stage):,.0f}", "")
    console.print(table)


def report_latency(latencies: dict[str, list[float]]) -> None:
    """Print push → verdict of small submissions."""
    table = Table(title=f"push → verdict, submissions of {SMALL_ROWS} projects")
    for column in ("while", "n", "p50 ms", "p99 ms", "worst ms"):
        table.add_column(column, justify="right")
    for name, seconds in latencies.items():
        cells = (percentile(seconds, 0.5), percentile(seconds, 0.99), max(seconds))
        table.add_row(name, str(len(seconds)), *(f"{cell * 1000:.0f}" for cell in cells))
    console.print(table)


def report_memory(memory: dict[str, float]) -> None:
    """Print the most memory each service ever held."""
    table = Table(title="peak resident memory")
    table.add_column("service")
    table.add_column("MiB", justify="right")
    for name, mebibytes in memory.items():
        table.add_row(name, f"{mebibytes:.0f}")
    console.print(table)


def main(
    firms: Annotated[int, typer.Option(help="Firms in the month that is pushed.")] = 100_000,
    small: Annotated[int, typer.Option(help="Small submissions for each latency figure.")] = 100,
) -> None:
    """Measure the running system against the bare drivers, in one run on this machine.

    What corrections cost is measured apart: `python -m benchmarks.restatement`.
    """
    parent = STATE_DIRECTORY / "benchmark"
    parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=parent) as folder:
        Path(folder).chmod(0o755)
        asyncio.run(run(firms, small, Path(folder)))


if __name__ == "__main__":
    typer.run(main)
