"""The command line as a person uses it, beside a history."""

import asyncio
from pathlib import Path

import typer
from typer.testing import CliRunner, Result

from deploy.replay.cli import add_replay_commands
from tests.integration.deploy.replay.live_history import DATA, SAMPLE, LiveHistory


async def planwatch(history: LiveHistory, *arguments: str, url: str | None = None, plans: Path | None = None) -> Result:
    """Run `planwatch` against the history's database."""
    app = typer.Typer()
    environ = {
        "PLANWATCH_DATABASE_URL": url or history.url,
        "PLANWATCH_DATA_DIR": str(DATA),
        "PLANWATCH_PLANS_DIR": str(plans or SAMPLE),
    }
    add_replay_commands(app, environ)
    return await asyncio.to_thread(CliRunner().invoke, app, arguments)
