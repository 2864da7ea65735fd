"""A shadow beside a history, in this process or as a person starts it."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from deploy.replay.shadow import Shadow, Standing, run_shadow
from deploy.replay.trial_plans import fingerprint_of, read_trial_plans
from tests.integration.deploy.replay.live_history import DATA, ROOT, SAMPLE, LiveHistory

_LIVE_TABLES = """
SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('ingest', 'rules', 'alerts') ORDER BY 1
"""
_KEPT = "SELECT target_id, area, kind, place, outcome, live, shadow FROM shadow.differences WHERE name = $1 ORDER BY 1, 2, 3, 4"
_SCRATCH = "SELECT datname FROM pg_database WHERE datname LIKE 'planwatch_shadow_%' AND datname LIKE $1"


def shadow_of(history: LiveHistory, rules: Path, plans: Path, *, name: str, city: str | None = None) -> Shadow:
    """Return what runs changed files, laid over the plans in use, in shadow."""
    read = read_trial_plans(rules, plans, DATA)
    return Shadow(
        name=name,
        live_url=history.url,
        data_dir=DATA,
        duties_dir=SAMPLE,
        plans=read,
        fingerprint=fingerprint_of(read),
        city=city,
    )


@dataclass(slots=True)
class Following:
    """A shadow that follows, and the differences it tells."""

    task: "asyncio.Task[None]"
    told: "asyncio.Queue[Standing]"

    async def until(self, holds: Callable[[Standing], bool]) -> Standing:
        """Wait for a difference of which something holds; raise what the shadow fails with."""
        async with asyncio.timeout(60):
            while True:
                getting = asyncio.ensure_future(self.told.get())
                await asyncio.wait({self.task, getting}, return_when=asyncio.FIRST_COMPLETED)
                if not getting.done():
                    getting.cancel()
                    self.task.result()
                standing = await getting
                if holds(standing):
                    return standing


@asynccontextmanager
async def following(command: Shadow) -> AsyncIterator[Following]:
    """Follow while the block runs, then ask the shadow to end."""
    told: asyncio.Queue[Standing] = asyncio.Queue()
    task = asyncio.create_task(run_shadow(command, once=False, told=told.put_nowait))
    try:
        yield Following(task, told)
    finally:
        task.cancel()
        await asyncio.wait({task})


async def caught_up(command: Shadow) -> None:
    """Run until caught up."""
    await run_shadow(command, once=True, told=lambda _: None)


def outcomes(standing: Standing) -> dict[str, str]:
    """Return what becomes of each target's last alert."""
    return {pair.shown.key.target_id: pair.outcome.value for pair in standing.pairs}


async def live_rows(history: LiveHistory) -> dict[str, list[str]]:
    """Return every row of every table of the services."""
    tables = [record[0] for record in await history.connection.fetch(_LIVE_TABLES)]
    return {
        table: [record[0] for record in await history.connection.fetch(f"SELECT t::text FROM {table} t ORDER BY 1")]
        for table in tables
    }


async def kept(history: LiveHistory, name: str) -> list[tuple[Any, ...]]:
    """Return the difference as it is recorded."""
    return [tuple(record) for record in await history.connection.fetch(_KEPT, name)]


async def becomes(history: LiveHistory, name: str, expected: list[tuple[Any, ...]]) -> None:
    """Wait until the difference is recorded so."""
    async with asyncio.timeout(60):
        while await kept(history, name) != expected:  # noqa: ASYNC110  what is waited for lies in the database
            await asyncio.sleep(0.05)


async def recorded(history: LiveHistory) -> asyncpg.Record:
    """Return what is recorded of the one shadow."""
    found = await history.connection.fetchrow("SELECT * FROM shadow.shadows")
    assert found is not None
    return found


async def scratch_databases(history: LiveHistory, name: str) -> list[str]:
    """Return the scratch databases of shadows of this name."""
    return [record[0] for record in await history.connection.fetch(_SCRATCH, f"%_{name}")]


async def started(history: LiveHistory, plans: Path, *arguments: str) -> asyncio.subprocess.Process:
    """Start `planwatch` as a process of its own."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services",
        *arguments,
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "PLANWATCH_DATABASE_URL": history.url,
            "PLANWATCH_DATA_DIR": str(DATA),
            "PLANWATCH_PLANS_DIR": str(plans),
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
