"""The commands ingest offers: `planwatch keys …` and `planwatch feed …`. The environment comes from `services.__main__`."""

import json
from collections.abc import Mapping
from pathlib import Path

import typer

from services.ingest.adapters.cli_holds import add_hold_commands
from services.ingest.adapters.cli_keys import add_key_commands
from services.ingest.adapters.cli_push import add_push_command
from services.ingest.adapters.cli_simulate import add_simulate_command

RUN_FILE = Path(".planwatch/run.json")
USAGE = 2


def keys_commands(environ: Mapping[str, str], *, run_file: Path = RUN_FILE) -> typer.Typer:
    """Return the sub-application `keys`."""
    app = typer.Typer(help="API keys of the systems that push feeds.", no_args_is_help=True)

    def database_url() -> str:
        named = environ.get("PLANWATCH_DATABASE_URL") or _running(run_file).get("servers", {}).get("postgresql")
        return str(named) if named else _refuse("set PLANWATCH_DATABASE_URL, or start planwatch with `planwatch up`")

    add_key_commands(app, database_url)
    return app


def feed_commands(*, run_file: Path = RUN_FILE) -> typer.Typer:
    """Return the sub-application `feed`."""
    app = typer.Typer(help="Push feeds, release large restatements, or simulate a city.", no_args_is_help=True)

    def ingest_url() -> str:
        named = _running(run_file).get("services", {}).get("ingest", {}).get("url")
        return str(named) if named else _refuse("give --url, or start planwatch with `planwatch up`")

    add_push_command(app, ingest_url)
    add_hold_commands(app, ingest_url)
    add_simulate_command(app, ingest_url)
    return app


def _running(run_file: Path) -> dict[str, dict[str, dict[str, str]]]:
    """Return what runs on this machine, empty when nothing does."""
    if not run_file.is_file():
        return {}
    content: dict[str, dict[str, dict[str, str]]] = json.loads(run_file.read_text(encoding="utf-8"))
    return content


def _refuse(reason: str) -> str:
    typer.echo(f"planwatch: {reason}", err=True)
    raise typer.Exit(USAGE)
