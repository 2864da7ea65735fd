"""Reads plan files and the ranks of authorities, refuses what lint or the engine refuses, and returns what is stored."""

from pathlib import Path

from services.rules.adapters.plan_catalogue import CatalogueBuilder, StoredVersion
from services.rules.adapters.plan_documents import plan_definitions
from services.rules.application.catalogue import PlanDefinition
from services.rules.domain.authority import RankedAuthority
from services.rules.domain.wording import Text
from shared.plans.findings import PlanFileError
from shared.plans.lint import lint_plans
from shared.plans.loader import load_all
from shared.reference.areas import Areas
from shared.reference.authorities import Authorities
from shared.reference.units_of_measure import UnitsOfMeasure


def read_plans(plans_dir: Path, data_dir: Path) -> tuple[PlanDefinition, ...]:
    """Return the definitions of every plan; raise PlanFileError or UnsupportedPlanError."""
    errors = [one for one in lint_plans(plans_dir, None, data_dir=data_dir) if one.severity == "error"]
    if errors:
        raise PlanFileError(errors)
    plans = plan_definitions(load_all(plans_dir))
    catalogue_builder(data_dir).build(map(first_version, plans))
    return plans


def first_version(plan: PlanDefinition) -> StoredVersion:
    """Return a plan as if it were stored for the first time."""
    return StoredVersion(document=plan.document, versions={target.target_id: 1 for target in plan.targets})


def catalogue_builder(data_dir: Path) -> CatalogueBuilder:
    """Return the builder over the reference data."""
    return CatalogueBuilder(Areas.load(data_dir / "areas.csv"), UnitsOfMeasure.load(data_dir / "units_of_measure.csv"))


def read_authorities(data_dir: Path) -> tuple[RankedAuthority, ...]:
    """Return the ranks; raise BadReferenceFileError."""
    return tuple(
        RankedAuthority(line.pattern, line.rank, Text(line.name_zh, line.name_en), line.note)
        for line in Authorities.load(data_dir / "authorities.csv").lines
    )
