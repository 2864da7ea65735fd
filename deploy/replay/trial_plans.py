"""Plans to be tried: a whole tree of plan files, or changed files laid over those in use."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from services.rules.adapters.plan_files import read_plans
from services.rules.application.catalogue import PlanDefinition

_OF_A_TREE = ("lights.yaml", "indicators", "units")


def is_whole_tree(rules: Path) -> bool:
    """Whether the folder has everything that plans need, so that nothing of the plans in use is taken."""
    return all((rules / name).exists() for name in _OF_A_TREE)


def read_trial_plans(rules: Path, plans_dir: Path, data_dir: Path) -> tuple[PlanDefinition, ...]:
    """Return the plans, linted; raise PlanFileError or UnsupportedPlanError as plans in use would."""
    if is_whole_tree(rules):
        return read_plans(rules, data_dir)
    with TemporaryDirectory(prefix="planwatch-backtest-") as folder:
        tree = Path(folder) / "plans"
        shutil.copytree(plans_dir, tree)
        shutil.copytree(rules, tree, dirs_exist_ok=True)
        return read_plans(tree, data_dir)
