"""`planwatch`: one entry point, assembled from the commands each service offers. The environment is read here."""

import os

import typer

from deploy.local import cli as local
from deploy.replay.cli import add_replay_commands
from services.alerts.adapters import cli as alerts
from services.ingest.adapters import cli as ingest
from services.rules.adapters import cli as rules


def assemble() -> typer.Typer:
    """Return the command-line application."""
    app = typer.Typer(
        name="planwatch",
        help="Turns the targets of government manufacturing plans into monitoring that runs by itself.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
    )
    app.add_typer(local.app)
    app.add_typer(ingest.keys_commands(os.environ), name="keys")
    app.add_typer(ingest.feed_commands(), name="feed")
    app.add_typer(rules.plans_commands(os.environ), name="plans")
    app.add_typer(rules.verdicts_commands(os.environ), name="verdicts")
    app.add_typer(rules.parked_commands(os.environ), name="parked")
    app.add_typer(alerts.channels_commands(os.environ), name="channels")
    app.add_typer(alerts.notices_commands(os.environ), name="notices")
    add_replay_commands(app, os.environ)
    return app


def main() -> None:
    """Run the command line."""
    assemble()()


if __name__ == "__main__":
    main()
