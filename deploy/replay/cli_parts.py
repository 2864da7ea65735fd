"""What the commands share: plans to be tried as an argument, and long work that shows its stages."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from deploy.replay.errors import ReplayError, ShadowRefusedError
from deploy.replay.progress import Stages, shown_stages
from deploy.replay.trial_plans import is_whole_tree, read_trial_plans
from services.rules.adapters.cli_surroundings import USAGE, Surroundings, run
from services.rules.application.catalogue import PlanDefinition
from services.rules.domain.errors import UnsupportedPlanError
from shared.plans.findings import PlanFileError

REFUSED = 1
T = TypeVar("T")
JsonOption = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]
RULES_HELP = "Folder of plan files: a whole tree, or changed files alone."
RulesArgument = Annotated[Path, typer.Argument(help=RULES_HELP)]


def trial_plans(rules: Path, around: Surroundings) -> tuple[PlanDefinition, ...]:
    """Read the plans to be tried; exit 1 with their errors, 2 when there are none."""
    if not rules.is_dir():
        raise typer.BadParameter(f"不是文件夹 not a folder: {rules}", param_hint="RULES")
    if not (is_whole_tree(rules) or around.plans_dir.is_dir()):
        raise typer.BadParameter(
            f"现行规划不在 no plans in use at {around.plans_dir}", param_hint="PLANWATCH_PLANS_DIR"
        )
    try:
        return read_trial_plans(rules, around.plans_dir, around.data_dir)
    except (PlanFileError, UnsupportedPlanError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(REFUSED) from error


def shown(work: Callable[[Stages], Coroutine[Any, Any, T]]) -> T:
    """Run work that shows its stages; exit as `answered` does."""
    with shown_stages() as stages:
        return answered(work(stages))


def answered(work: Coroutine[Any, Any, T]) -> T:
    """Run work; exit 1 with one line when it is refused, 2 when it cannot be done here."""
    try:
        return run(work)
    except ReplayError as error:
        typer.echo(f"planwatch: {error}", err=True)
        raise typer.Exit(REFUSED if isinstance(error, ShadowRefusedError) else USAGE) from error
