"""Looks at the running system from outside: its database for progress, its processes for memory."""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

import asyncpg

POLL_SECONDS = 0.003
LONGEST_WAIT_SECONDS = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """When a submission passed each stage, in seconds on this process's monotonic clock."""

    sent: float
    accepted: float
    published: float
    judged: float


class Progress:
    """Follows submissions through the tables."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def when_published(self, submission_id: str) -> float:
        """Return when ingest had all events of the submission acknowledged by Kafka."""
        return await self._when(
            "SELECT published_at IS NOT NULL FROM ingest.submissions WHERE submission_id = $1", submission_id
        )

    async def when_judged(self, submission_id: str) -> float:
        """Return when rules had committed the verdicts of the submission (one transaction with its completion)."""
        query = "SELECT completed_at IS NOT NULL FROM rules.submissions WHERE submission_id = $1"
        return await self._when(query, submission_id)

    async def _when(self, query: str, submission_id: str) -> float:
        async with asyncio.timeout(LONGEST_WAIT_SECONDS):
            while not await self._pool.fetchval(query, submission_id):  # noqa: ASYNC110  (another process sets it)
                await asyncio.sleep(POLL_SECONDS)
        return time.perf_counter()


def peak_memory_mib(pid: int) -> float:
    """Return the most resident memory the process ever had, in MiB (Linux `VmHWM`)."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise ValueError(f"process {pid} shows no VmHWM")


def percentile(values: list[float], share: float) -> float:
    """Return the smallest value that at least `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1)]
