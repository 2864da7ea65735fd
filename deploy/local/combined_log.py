"""One log of all services: each line named, JSON made readable, and kept as it was in a file per service."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Thread
from typing import IO

_SHOWN_APART = ("event", "level", "timestamp", "service", "logger")


def render_line(service: str, raw: str, *, width: int = 8) -> str:
    """Return the line for the terminal: `ingest   | 08:15:02 warning submission_refused rows=3`."""
    return f"{service:<{width}} | {_readable(raw)}"


def _readable(raw: str) -> str:
    try:
        record = json.loads(raw)
    except ValueError:
        return raw
    if not isinstance(record, dict) or "event" not in record:
        return raw
    moment = str(record.get("timestamp", "")).partition("T")[2][:8]
    fields = (f"{key}={_field(value)}" for key, value in record.items() if key not in _SHOWN_APART)
    return " ".join(filter(None, (moment, str(record.get("level", "")), str(record["event"]), *fields)))


def _field(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


class ServiceLog:
    """Carries a service's output to its file and, readable, to the terminal."""

    def __init__(self, service: str, path: Path, *, show: Callable[[str], None], width: int = 8) -> None:
        self.path = path
        self.last_line = "it said nothing"
        self._service = service
        self._show = show
        self._width = width

    def follow(self, output: IO[bytes]) -> Thread:
        """Read the output until it ends, on a thread of its own: a full pipe would stop the service."""
        thread = Thread(target=self._carry, args=(output,), name=f"log of {self._service}", daemon=True)
        thread.start()
        return thread

    def _carry(self, output: IO[bytes]) -> None:
        with output, self.path.open("ab") as file:
            for line in output:
                file.write(line)
                file.flush()
                self.last_line = line.decode(errors="replace").rstrip()
                self._show(render_line(self._service, self.last_line, width=self._width))


def render_urls(urls: Mapping[str, str]) -> str:
    """Return a list of names and addresses, one a line, aligned."""
    width = max(map(len, urls), default=0)
    return "\n".join(f"  {name:<{width}}  {url}" for name, url in urls.items())
