"""The commands rules offers: `planwatch plans …` and `planwatch parked …`. The environment comes from `services.__main__`."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Column, Table

from services.rules.adapters.cli_parked import add_parked_commands
from services.rules.adapters.cli_surroundings import RUN_FILE, Surroundings, run
from services.rules.adapters.plan_files import catalogue_builder, read_plans
from services.rules.adapters.postgres_uow import PostgresDatabase
from services.rules.application.load_plans import Loaded, LoadPlans, load_plans
from services.rules.application.ports import Catalogue
from services.rules.domain.errors import UnsupportedPlanError
from services.rules.domain.target import Target
from shared.adapters.clock import system_clock
from shared.adapters.postgres import connected_engine, session_factory
from shared.plans.findings import PlanFileError
from shared.plans.lint import lint_plans
from shared.reference.areas import Areas
from shared.reference.units_of_measure import UnitsOfMeasure

FOUND = 1
T = TypeVar("T")

TextsOption = Annotated[Path | None, typer.Option(help="Folder of the documents' texts, `<plan-id>.txt`.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


def parked_commands(environ: Mapping[str, str], *, run_file: Path = RUN_FILE) -> typer.Typer:
    """Return the sub-application `parked`. Exit codes: 0 done, 2 usage."""
    app = typer.Typer(help="Messages that could not be processed.", no_args_is_help=True)
    add_parked_commands(app, Surroundings(environ, run_file))
    return app


def plans_commands(environ: Mapping[str, str], *, run_file: Path = RUN_FILE) -> typer.Typer:
    """Return the sub-application `plans`. Exit codes: 0 fine, 1 findings of severity error, 2 usage."""
    app = typer.Typer(help="Plan files: check, show, load.", no_args_is_help=True)
    around = Surroundings(environ, run_file)

    _add_lint(app, around)
    _add_show(app, around)
    _add_load(app, around)
    return app


def _add_lint(app: typer.Typer, around: Surroundings) -> None:
    @app.command()
    def lint(*, texts: TextsOption = None) -> None:
        """Check every plan file alone, and against the documents' texts where they are at hand."""
        texts_dir = around.texts_dir(texts)
        findings = lint_plans(around.plans_dir, texts_dir, data_dir=around.data_dir)
        for finding in findings:
            typer.echo(str(finding))
        checked = f"and against the texts in {texts_dir}" if texts_dir else "NOT against the texts: none are at hand"
        errors = sum(finding.severity == "error" for finding in findings)
        typer.echo(f"checked alone {checked}: {errors} errors, {len(findings) - errors} warnings")
        raise typer.Exit(FOUND if errors else 0)


def _add_show(app: typer.Typer, around: Surroundings) -> None:
    @app.command()
    def show(*, as_json: JsonOption = False) -> None:
        """Show every target of the plan files, with its value, pace and leading unit."""
        catalogue = _read(lambda: _catalogue(around))
        if as_json:
            typer.echo(json.dumps([_row(target) for target in catalogue.targets], ensure_ascii=False))
            return
        table = Table(Column("target", no_wrap=True), "name", "value", "pace", "lead unit")
        for row in map(_row, catalogue.targets):
            table.add_row(*row.values())
        Console().print(table)


def _add_load(app: typer.Typer, around: Surroundings) -> None:
    @app.command()
    def load() -> None:
        """Store what changed and judge it; the running service takes it up with the next submission."""
        plans = _read(lambda: read_plans(around.plans_dir, around.data_dir))
        command = LoadPlans(plans=plans, correlation_id="load-plans")
        loaded = run(_load(around, command))
        typer.echo(f"{len(plans)} plans, {loaded.changed_plans} changed, {len(loaded.verdicts)} new verdicts")


def _read(work: Callable[[], T]) -> T:
    try:
        return work()
    except (PlanFileError, UnsupportedPlanError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(FOUND) from error


def _catalogue(around: Surroundings) -> Catalogue:
    plans = read_plans(around.plans_dir, around.data_dir)
    versions = {target.target_id: 1 for plan in plans for target in plan.targets}
    return catalogue_builder(around.data_dir).build([plan.document for plan in plans], versions)


def _row(target: Target) -> dict[str, str]:
    return {
        "target": target.id,
        "name": target.name.zh,
        "value": target.value_text(),
        "pace": target.pace.kind,
        "lead unit": target.units[0].name,
    }


async def _load(around: Surroundings, command: LoadPlans) -> Loaded:
    url = around.server("PLANWATCH_DATABASE_URL", "postgresql")
    async with connected_engine(url, role="planwatch_rules", pool_size=1) as engine:
        database = PostgresDatabase(
            session_factory(engine),
            areas=Areas.load(around.data_dir / "areas.csv"),
            units=UnitsOfMeasure.load(around.data_dir / "units_of_measure.csv"),
            topic_prefix=around.topic_prefix,
        )
        async with database.transaction() as stores:
            return await load_plans(stores, command, now=system_clock())
