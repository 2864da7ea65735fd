"""The commands rules offers: `planwatch plans …` and `planwatch parked …`. The environment comes from `services.__main__`."""

from collections.abc import Mapping
from pathlib import Path

import typer

from services.rules.adapters.cli_parked import add_parked_commands
from services.rules.adapters.cli_plans import FOUND, add_plan_commands
from services.rules.adapters.cli_surroundings import RUN_FILE, Surroundings, run
from services.rules.adapters.cli_verdicts import verdicts_commands
from services.rules.adapters.feed_duties import read_duties
from services.rules.adapters.plan_files import read_authorities, read_plans
from services.rules.adapters.postgres_uow import PostgresDatabase
from services.rules.application.load_plans import Loaded, LoadPlans, load_plans
from services.rules.domain.errors import UnsupportedPlanError
from shared.adapters.clock import system_clock
from shared.adapters.postgres import connected_engine, session_factory
from shared.plans.findings import PlanFileError
from shared.reference.areas import Areas
from shared.reference.errors import ReferenceDataError
from shared.reference.units_of_measure import UnitsOfMeasure

__all__ = ["parked_commands", "plans_commands", "verdicts_commands"]


def parked_commands(environ: Mapping[str, str], *, run_file: Path = RUN_FILE) -> typer.Typer:
    """Return the sub-application `parked`. Exit codes: 0 done, 2 usage."""
    app = typer.Typer(help="Messages that could not be processed.", no_args_is_help=True)
    add_parked_commands(app, Surroundings(environ, run_file))
    return app


def plans_commands(environ: Mapping[str, str], *, run_file: Path = RUN_FILE) -> typer.Typer:
    """Return the sub-application `plans`. Exit codes: 0 fine, 1 findings of severity error, 2 usage."""
    app = typer.Typer(help="Plan files: check, show, load.", no_args_is_help=True)
    around = Surroundings(environ, run_file)

    add_plan_commands(app, around)
    _add_load(app, around)
    return app


def _add_load(app: typer.Typer, around: Surroundings) -> None:
    @app.command()
    def load() -> None:
        """Store what changed and judge it; the running service takes it up with the next submission."""
        try:
            plans = read_plans(around.plans_dir, around.data_dir)
            authorities = read_authorities(around.data_dir)
        except (PlanFileError, UnsupportedPlanError, ReferenceDataError) as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(FOUND) from error
        command = LoadPlans(plans=plans, correlation_id="load-plans", authorities=authorities)
        loaded = run(_load(around, command))
        typer.echo(f"{len(plans)} plans, {loaded.changed_plans} changed, {len(loaded.verdicts)} new verdicts")


async def _load(around: Surroundings, command: LoadPlans) -> Loaded:
    url = around.server("PLANWATCH_DATABASE_URL", "postgresql")
    async with connected_engine(url, role="planwatch_rules", pool_size=1) as engine:
        database = PostgresDatabase(
            session_factory(engine),
            areas=Areas.load(around.data_dir / "areas.csv"),
            units=UnitsOfMeasure.load(around.data_dir / "units_of_measure.csv"),
            topic_prefix=around.topic_prefix,
            duties=read_duties(around.plans_dir, around.data_dir),
        )
        async with database.transaction() as stores:
            return await load_plans(stores, command, now=system_clock())
