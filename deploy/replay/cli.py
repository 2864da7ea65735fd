"""`planwatch replay`, `backtest` and `shadow`. The environment comes from `services.__main__`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from deploy.replay import backtest_report
from deploy.replay.backtest import Backtest, backtest
from deploy.replay.cli_parts import JsonOption, RulesArgument, shown, trial_plans
from deploy.replay.report import document_of, print_verified
from deploy.replay.shadow_cli import add_shadow
from deploy.replay.verify import Verification, Verified, verify
from deploy.replay.vintage import Vintage
from services.rules.adapters.cli_surroundings import RUN_FILE, Surroundings
from shared.kernel.period import InvalidPeriodError, Period

DIFFERENT = 1
KeepOption = Annotated[bool, typer.Option("--keep", help="Keep the scratch database and print its name.")]
CityOption = Annotated[str | None, typer.Option(help="Verify one city, by its code; default: all.")]
LimitOption = Annotated[int, typer.Option(help="Differences of each kind that are told in full.", min=0)]


def add_replay_commands(app: typer.Typer, environ: Mapping[str, str], *, run_file: Path = RUN_FILE) -> None:
    """Add `replay`, `backtest` and `shadow`."""
    around = Surroundings(environ, run_file)
    _add_replay(app, around)
    _add_backtest(app, around)
    add_shadow(app, around)


def _add_replay(app: typer.Typer, around: Surroundings) -> None:
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
            plans_dir=around.plans_dir,
            city=city,
            limit=limit,
            keep=keep,
        )
        verified = shown(lambda stages: verify(command, stages))
        _tell(verified, as_json=as_json, keep=keep)
        raise typer.Exit(0 if verified.equal else DIFFERENT)


def _add_backtest(app: typer.Typer, around: Surroundings) -> None:
    @app.command("backtest")
    def backtest_(  # noqa: PLR0913  options of a command
        rules: RulesArgument,
        *,
        since: Annotated[str, typer.Option("--from", help="First period on which alerts opened: 2024-03, 2024.")],
        until: Annotated[str, typer.Option("--to", help="Last period; what later reports say is left out.")],
        vintage: Annotated[
            Vintage, typer.Option(help="known: what was known at the time; final: every report once, as known now.")
        ] = Vintage.KNOWN,
        city: Annotated[str | None, typer.Option(help="Try one city, by its code; default: all.")] = None,
        as_json: JsonOption = False,
        keep: KeepOption = False,
    ) -> None:
        """List the alerts that changed plans or thresholds would have raised, beside the live ones, before they are used.

        Everything is judged in a scratch database; the live one is only read, and nobody is sent anything.
        Exit code 0 also when alerts differ, 1 when the plans have errors, 2 wrong use, 3 when the server is away.
        """
        command = Backtest(
            live_url=around.server("PLANWATCH_DATABASE_URL", "postgresql"),
            data_dir=around.data_dir,
            plans=trial_plans(rules, around),
            since=_period(since, "--from"),
            until=_period(until, "--to"),
            vintage=vintage,
            city=city,
            keep=keep,
        )
        if command.until.end < command.since.start:
            raise typer.BadParameter("早于 --from before --from", param_hint="--to")
        tried = shown(lambda stages: backtest(command, stages))
        if as_json:
            typer.echo(json.dumps(backtest_report.document_of(command, tried), ensure_ascii=False))
        else:
            backtest_report.print_tried(Console(), command, tried)


def _period(text: str, option: str) -> Period:
    try:
        return Period.parse(text)
    except InvalidPeriodError as error:
        raise typer.BadParameter(f"不是期次 {error}", param_hint=option) from error


def _tell(verified: Verified, *, as_json: bool, keep: bool) -> None:
    if as_json:
        typer.echo(json.dumps(document_of(verified), ensure_ascii=False))
        return
    console = Console()
    print_verified(console, verified)
    if keep:
        console.print(f"保留的数据库 kept database: {verified.scratch}", highlight=False)
