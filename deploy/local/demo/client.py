"""Pushes and reads as any client would: over HTTP."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import httpx2

from deploy.local.demo.story import Push, Source
from deploy.local.errors import LocalError
from shared.simulation.writers import write_json

POLL_SECONDS = 0.05


class DemoError(LocalError):
    """The demo did not go as it must."""


def create_key(source: Source, environment: Mapping[str, str]) -> str:
    """Create the source's API key with the command operators use."""
    command = [
        sys.executable,
        "-m",
        "services",
        "keys",
        "create",
        "--json",
        "--source",
        source.id,
        "--name",
        source.name,
    ]
    command += [
        "--city",
        source.area,
        "--feeds",
        ",".join(source.feeds),
        *(["--simulated"] if source.simulated else []),
        *(["--authority", source.authority] if source.authority else []),
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=dict(environment))
    if done.returncode:
        raise DemoError(f"no key for {source.id}: {done.stderr.strip() or done.stdout.strip()}")
    return str(json.loads(done.stdout)["key"])


@dataclass(frozen=True, slots=True)
class Client:
    """The system's HTTP interfaces."""

    http: httpx2.AsyncClient
    ingest_url: str
    query_url: str
    keys: Mapping[str, str]

    async def push(self, push: Push) -> dict[str, Any]:
        """Send one submission; return its receipt. Raises DemoError with the findings when it is refused."""
        body = BytesIO()
        write_json(body, {"period": push.period, "action": "merge"}, push.rows)
        response = await self.http.post(
            f"{self.ingest_url}/v1/feeds/{push.feed}/submissions",
            content=body.getvalue(),
            headers={"Authorization": f"Bearer {self.keys[push.source.id]}", "Content-Type": "application/json"},
        )
        if response.status_code != 202:
            raise DemoError(f"{push.feed} {push.period} was refused: {response.status_code} {response.text[:800]}")
        receipt: dict[str, Any] = response.json()
        return receipt

    async def wait_until_judged(self, submission_id: str, *, seconds: float = 60) -> None:
        """Wait until rules has read all of the submission and judged what it touched."""
        async with asyncio.timeout(seconds):
            while True:
                newest = (await self.read("/v1/submissions?limit=20"))["items"]
                if any(one["id"] == submission_id and one["state"] == "complete" for one in newest):
                    return
                await asyncio.sleep(POLL_SECONDS)

    async def read(self, path: str) -> Any:
        """Read one resource of the query service."""
        response = await self.http.get(f"{self.query_url}{path}")
        if response.status_code != 200:
            raise DemoError(f"{path}: {response.status_code} {response.text[:300]}")
        return response.json()

    async def read_all(self, path: str) -> list[dict[str, Any]]:
        """Read a list to its end, page by page."""
        items: list[dict[str, Any]] = []
        cursor = ""
        while True:
            page = await self.read(f"{path}{'&' if '?' in path else '?'}limit=100{cursor}")
            items += page["items"]
            if page["next"] is None:
                return items
            cursor = f"&cursor={page['next']}"
