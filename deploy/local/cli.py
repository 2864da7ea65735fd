"""The commands `planwatch up`, `demo` and `migrate`."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from deploy.local.combined_log import render_urls
from deploy.local.errors import LocalError
from deploy.local.layout import STATE_DIRECTORY
from deploy.local.until_signal import run_until_signal

app = typer.Typer(help="Run planwatch on this machine.")


@app.command()
def up(
    data_dir: Annotated[Path, typer.Option(help="Folder for data, logs and addresses.")] = STATE_DIRECTORY,
    quiet: Annotated[bool, typer.Option("--quiet", help="Keep the services' log in files only.")] = False,  # noqa: FBT002
) -> None:
    """Run the whole system until Ctrl-C: Kafka, PostgreSQL and the four services, with one combined log.

    Servers named by PLANWATCH_KAFKA_BOOTSTRAP_SERVERS or PLANWATCH_DATABASE_URL are used instead of own ones.
    Exit code 0 after Ctrl-C or SIGTERM, 1 when something could not be started.
    """
    try:
        asyncio.run(run_until_signal(run_stack(data_dir, show_log=not quiet)))
    except LocalError as error:
        typer.echo(f"planwatch: {error}", err=True)
        raise typer.Exit(1) from error


@app.command()
def demo(
    *,
    once: Annotated[
        bool, typer.Option("--once", help="End by itself; exit 0 only when every expectation holds.")
    ] = False,
) -> None:
    """Show the main job on real published figures and a simulated city, checked against the simulation's truth.

    Exit code 0 when all expected verdicts and notices have arrived, 1 when one has not or something could not start.
    """
    from deploy.local.demo.run import run_demo

    held: list[bool] = []
    work = run_demo(Console(), environment=dict(os.environ), once=once, judged=held.append)
    try:
        asyncio.run(run_until_signal(work))
    except (LocalError, TimeoutError) as error:
        typer.echo(f"planwatch: {error or 'waited too long'}", err=True)
        raise typer.Exit(1) from error
    if held != [True]:
        raise typer.Exit(1)


@app.command()
def migrate() -> None:
    """Bring the database to the newest revision and create missing topics, on the servers the environment names."""
    from deploy.local.preparation import prepare_servers
    from deploy.local.servers import DATABASE_VARIABLE, KAFKA_VARIABLE, Addresses

    missing = [name for name in (KAFKA_VARIABLE, DATABASE_VARIABLE) if name not in os.environ]
    if missing:
        typer.echo(f"planwatch: set {', '.join(missing)}", err=True)
        raise typer.Exit(2)
    asyncio.run(prepare_servers(Addresses(os.environ[KAFKA_VARIABLE], os.environ[DATABASE_VARIABLE])))


async def run_stack(data_dir: Path, *, show_log: bool) -> None:
    """Run until cancelled."""
    from deploy.local.stack import LocalStack  # the other commands start quicker without Kafka's and Alembic's code

    stack = LocalStack(data_dir=data_dir, show=_print_line if show_log else _drop_line, announce=_announce)
    async with stack:
        _announce(f"ready; addresses are also in {stack.run_file}")
        _print_line(render_urls(stack.urls))
        try:
            await asyncio.Event().wait()
        finally:
            _announce("stopping")


def _announce(line: str) -> None:
    _print_line(f"planwatch: {line}")


def _print_line(line: str) -> None:
    """Write the line in one piece: several threads do."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _drop_line(_line: str) -> None:
    """Show nothing; the file has it."""
