"""Plans to be tried: a whole tree of plan files, or changed files laid over those in use."""

import shutil
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.replay.journal import JournalRound
from services.rules.adapters.plan_files import read_authorities, read_plans
from services.rules.adapters.postgres_uow import PostgresDatabase
from services.rules.application.catalogue import PlanDefinition
from services.rules.application.load_plans import LoadPlans, load_plans
from shared.kernel.ids import text_hash

_BEFORE_ANYTHING = datetime(1990, 1, 1, tzinfo=UTC)

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


def fingerprint_of(plans: Iterable[PlanDefinition]) -> str:
    """Return what tells these plans from any others: a hash of all that they say."""
    said = sorted((plan.plan_id, plan.content, *(target.content for target in plan.targets)) for plan in plans)
    return text_hash("\n".join("\t".join(one) for one in said))


async def load_before(
    rounds: Iterable[JournalRound],
    plans: tuple[PlanDefinition, ...],
    database: PostgresDatabase,
    data_dir: Path,
    *,
    correlation_id: str,
) -> None:
    """Load the plans before anything is reported; they never change."""
    first = min((one.at for one in rounds), default=_BEFORE_ANYTHING) - timedelta(days=1)
    loaded = LoadPlans(plans=plans, correlation_id=correlation_id, authorities=read_authorities(data_dir))
    async with database.transaction() as stores:
        await load_plans(stores, loaded, now=first)
