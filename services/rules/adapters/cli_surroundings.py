"""Where commands find things: the environment first, then what runs on this machine, then defaults."""

import asyncio
import json
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import typer
from aiokafka.errors import KafkaError

from shared.adapters.postgres import is_passing

RUN_FILE = Path(".planwatch/run.json")
TEXTS_BESIDE = Path("../shared/plans-text")
USAGE, UNREACHABLE = 2, 3
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The environment and the machine a command runs in."""

    environ: Mapping[str, str]
    run_file: Path = RUN_FILE

    @property
    def plans_dir(self) -> Path:
        """The folder of the plan files."""
        return Path(self.environ.get("PLANWATCH_PLANS_DIR", "plans"))

    @property
    def data_dir(self) -> Path:
        """The folder of the reference data."""
        return Path(self.environ.get("PLANWATCH_DATA_DIR", "data"))

    @property
    def topic_prefix(self) -> str:
        """What every topic's name starts with."""
        return self.environ.get("PLANWATCH_TOPIC_PREFIX", "planwatch.")

    def texts_dir(self, given: Path | None) -> Path | None:
        """The folder of the documents' texts: as given, as named by the environment, or beside the project."""
        named = self.environ.get("PLANWATCH_PLAN_TEXTS")
        found = given or (Path(named) if named else TEXTS_BESIDE)
        return found if given or named or found.is_dir() else None

    def server(self, variable: str, name: str) -> str:
        """The address of a server; exit 2 when nobody names it."""
        running = json.loads(self.run_file.read_text(encoding="utf-8")) if self.run_file.is_file() else {}
        address = self.environ.get(variable) or running.get("servers", {}).get(name)
        if not address:
            typer.echo(f"planwatch: set {variable}, or start planwatch with `planwatch up`", err=True)
            raise typer.Exit(USAGE)
        return str(address)


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run work that needs servers; exit 3 with one line when one is away."""
    try:
        return asyncio.run(work)
    except Exception as error:
        if not (is_passing(error) or isinstance(error, KafkaError)):
            raise
        typer.echo(f"planwatch: a server does not answer: {error}", err=True)
        raise typer.Exit(UNREACHABLE) from error
