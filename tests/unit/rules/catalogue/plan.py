"""A made-up plan that asks for every figure of `expected.csv`, built as stored plans are."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from services.rules.adapters.plan_documents import plan_definitions
from services.rules.adapters.plan_files import catalogue_builder, first_version
from services.rules.domain.target import Target
from shared.plans.catalogue import Indicator
from shared.plans.lights import LightsFile
from shared.plans.loader import Plan, PlanLibrary, load_indicators, parse
from shared.plans.schema import Chapter, Head
from tests.contracts.rules_rows import CITY
from tests.unit.rules.catalogue.feed import Row, rows

ROOT = Path(__file__).resolve().parents[4]
HEAD = {
    "id": "example",
    "title": {"zh": "示例方案", "en": "Example plan"},
    "issuer": "示例市人民政府",
    "effective": {"first_year": 2024, "last_year": 2026},
    "city": CITY,
    "office": {"support": ["市示例局"], "basis": "issuer"},
    "text_sha256": "0" * 64,
}


@dataclass(frozen=True, slots=True)
class Expected:
    """A line of `expected.csv`: an indicator's number at a period, where the years `since` to `year` count."""

    indicator: str
    period: str
    since: int
    year: int
    number: Fraction
    unit: str

    @classmethod
    def of(cls, row: Row) -> "Expected":
        since, year = int(row["since"]), int(row["year"])
        return cls(row["indicator"], row["period"], since, year, Fraction(row["number"]), row["unit"])

    @property
    def slug(self) -> str:
        """The target's name: one for each indicator and horizon."""
        return f"{self.indicator}-{self.since}-{self.year}"

    @property
    def target_id(self) -> str:
        """The target of the made-up plan."""
        return f"{HEAD['id']}/table/{self.slug}@{self.year}"


def expected_figures() -> tuple[Expected, ...]:
    """Read the table."""
    return tuple(Expected.of(row) for row in rows("expected"))


def derived_indicators() -> dict[str, Indicator]:
    """Return the indicators of the real catalogue that planwatch computes itself."""
    return {one.id: one for one in load_indicators(ROOT / "plans") if one.derived is not None}


def targets_for(figures: tuple[Expected, ...], indicators: dict[str, Indicator]) -> dict[str, Target]:
    """Return the targets of the made-up plan by id, each in its indicator's own unit."""
    asked = {one.slug: _target(one, indicators[one.indicator]) for one in figures if one.indicator in indicators}
    clause = {"id": "table", "kind": "table", "title": "示例表", "targets": list(asked.values())}
    chapter = Chapter.model_validate({"title": "示例章", "clauses": [clause]}, strict=False)
    lights = parse(ROOT / "plans" / "lights.yaml", LightsFile).model.lights
    library = PlanLibrary(
        plans={"example": Plan(Head.model_validate(HEAD, strict=False), (chapter,))},
        indicators=indicators,
        lights={one.id: one for one in lights},
        units={},
    )
    built = catalogue_builder(ROOT / "data").build(map(first_version, plan_definitions(library)))
    return {target.id: target for target in built.targets}


def _target(figure: Expected, indicator: Indicator) -> dict[str, Any]:
    return {
        "slug": figure.slug,
        "name": {"zh": indicator.name.zh, "en": indicator.name.en},
        "indicator": indicator.id,
        "value": "1",
        "comparator": "ge",
        "comparator_stated": True,
        "direction": "up",
        "unit": indicator.unit,
        "horizon": {"kind": "cumulative_by", "since": figure.since, "year": figure.year},
        "quote": "示例",
    }
