"""Pushes submissions as a statistics system would: over HTTP, the body read from a file as a stream."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path

import httpx2

CHUNK = 256 * 1024


def create_key(database_url: str) -> str:
    """Create an API key of the simulated source with the command operators use."""
    command = (sys.executable, "-m", "services", "keys", "create", "--source", "benchmark", "--name", "性能测试(模拟)",
               "--city", "321300", "--feeds", "enterprises,projects", "--simulated", "--json")  # fmt: skip
    environment = {"PLANWATCH_DATABASE_URL": database_url}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return str(json.loads(done.stdout)["key"])


class Sender:
    """One key's pushes to the ingest service."""

    def __init__(self, client: httpx2.AsyncClient, url: str, key: str) -> None:
        self._client = client
        self._url = url
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    async def send_file(self, feed: str, path: Path) -> str:
        """Stream the file; return the submission's id once it is accepted."""
        return await self._post(feed, _chunks(path))

    async def send_rows(self, feed: str, period: str, rows: Sequence[Mapping[str, object]]) -> str:
        """Send a small submission; return its id once it is accepted."""
        body = {"period": period, "action": "merge", "reason": "revision", "reference": "benchmark", "rows": list(rows)}
        return await self._post(feed, json.dumps(body, ensure_ascii=False).encode())

    async def _post(self, feed: str, content: bytes | AsyncIterator[bytes]) -> str:
        response = await self._client.post(
            f"{self._url}/v1/feeds/{feed}/submissions", content=content, headers=self._headers
        )
        if response.status_code != 202:
            raise RuntimeError(f"{response.status_code}: {response.text[:500]}")
        return str(response.json()["id"])


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield chunk
