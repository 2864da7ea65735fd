"""`planwatch replay`. The environment comes from `services.__main__`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from deploy.replay.errors import ReplayError
from deploy.replay.progress import shown_stages
from deploy.replay.report import document_of, print_verified
from deploy.replay.verify import Verification, Verified, verify
from services.rules.adapters.cli_surroundings import RUN_FILE, USAGE, Surroundings, run

DIFFERENT = 1
JsonOption = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]
KeepOption = Annotated[bool, typer.Option("--keep", help="Keep the scratch database and print its name.")]
CityOption = Annotated[str | None, typer.Option(help="Verify one city, by its code; default: all.")]
LimitOption = Annotated[int, typer.Option(help="Differences of each kind that are told in full.", min=0)]


def add_replay_commands(app: typer.Typer, environ: Mapping[str, str], *, run_file: Path = RUN_FILE) -> None:
    """Add `replay`."""
    around = Surroundings(environ, run_file)

    @app.command()
    def replay(
        *,
        is_verified: Annotated[bool, typer.Option("--verify", help="Compare with the live database.")] = False,
        city: CityOption = None,
        limit: LimitOption = 10,
        as_json: JsonOption = False,
        keep: KeepOption = False,
    ) -> None:
        """Rebuild everything from the first accepted row in a scratch database, and compare it with what is there.

        The live database is only read; its administrator's address is needed, since a database is created beside it.
        Exit code 0 when everything is the same, 1 when something differs, 2 wrong use, 3 when the server is away.
        """
        if not is_verified:
            raise typer.BadParameter("replay 只用于核对 replay only verifies", param_hint="--verify")
        command = Verification(
            live_url=around.server("PLANWATCH_DATABASE_URL", "postgresql"),
            data_dir=around.data_dir,
            city=city,
            limit=limit,
            keep=keep,
        )
        verified = _verified(command)
        _tell(verified, as_json=as_json, keep=keep)
        raise typer.Exit(0 if verified.equal else DIFFERENT)


def _verified(command: Verification) -> Verified:
    with shown_stages() as stages:
        try:
            return run(verify(command, stages))
        except ReplayError as error:
            typer.echo(f"planwatch: {error}", err=True)
            raise typer.Exit(USAGE) from error


def _tell(verified: Verified, *, as_json: bool, keep: bool) -> None:
    if as_json:
        typer.echo(json.dumps(document_of(verified), ensure_ascii=False))
        return
    console = Console()
    print_verified(console, verified)
    if keep:
        console.print(f"保留的数据库 kept database: {verified.scratch}", highlight=False)
