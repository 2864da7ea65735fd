"""The service as a process of its own, as operators run it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

_PATIENCE_SECONDS = 30


@contextmanager
def service_apart(database_url: str, topic_prefix: str, *, kafka: str = "127.0.0.1:9") -> Iterator[str]:
    """Run `python -m services.ingest` and yield its address; it is stopped with SIGTERM and must end well."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PLANWATCH_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "services.ingest"],
        env={
            **environment,
            "PLANWATCH_DATABASE_URL": database_url,
            "PLANWATCH_KAFKA_BOOTSTRAP_SERVERS": kafka,
            "PLANWATCH_HTTP_PORT": str(port),
            "PLANWATCH_TOPIC_PREFIX": topic_prefix,
            "PLANWATCH_LOG_LEVEL": "ERROR",
        },
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_ready(url, process)
        yield url
    finally:
        process.terminate()
        assert process.wait(_PATIENCE_SECONDS) == 0


def _wait_until_ready(url: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, "the service ended"
        try:
            if httpx.get(f"{url}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise TimeoutError(f"{url} is not ready")
