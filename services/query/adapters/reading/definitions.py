"""Reads the stored definition of a target: the one place that knows its keys."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from services.query.adapters.reading.reader import Reader
from shared.contracts.findings import ResponsibleUnit, Suspension
from shared.kernel.ids import text_hash

_ROLES = ("lead", "support", "joint", "implementing")


class Clause(BaseModel):
    """The clause that states a target, and the exact words, pinned by their SHA-256."""

    id: str
    number: str | None = Field(description="as the heading has it; a table has none")
    title: str
    quote: str
    quote_sha256: str


class TargetDefinition(BaseModel):
    """What one version of a target says."""

    id: str
    version: int
    plan_id: str
    plan_version: int
    clause: Clause
    area: str
    area_name: str
    city: str
    indicator: str
    name_zh: str
    name_en: str
    comparator: str = Field(description="ge, gt, le, lt or eq")
    comparator_stated: bool = Field(
        description="false: the document gives a bare number, the comparator is our reading"
    )
    value: str | None = Field(description="null for a target relative to another figure")
    unit: str
    direction: str
    since_year: int
    year: int
    pace: str
    pace_stated: bool = Field(description="false: the document states no pace, this one is our choice")
    frequency: str
    binding: str
    units: list[ResponsibleUnit]
    suspensions: list[Suspension] = Field(description="when its judgement is suspended, by whom and why")


def target_definition(reader: Reader, row: RowMapping) -> TargetDefinition:
    """Return the model of a row of `targets` or `target_versions`."""
    stored: Mapping[str, Any] = row["definition"]
    target = stored["definition"]
    clause = stored["clause"]
    return TargetDefinition(
        id=row["target_id"],
        version=row["version"],
        plan_id=row["plan_id"],
        plan_version=row["plan_version"],
        clause=Clause(
            id=row["clause_id"],
            number=clause["number"],
            title=clause["title"],
            quote=stored["quote"],
            quote_sha256=text_hash(stored["quote"]),
        ),
        area=row["area"],
        area_name=reader.names.area(row["area"]),
        city=row["city"],
        indicator=row["indicator"],
        name_zh=target["name"]["zh"],
        name_en=target["name"]["en"],
        comparator=target["comparator"],
        comparator_stated=target["comparator_stated"],
        value=stored["value"],
        unit=target["unit"],
        direction=target["direction"],
        since_year=stored["since_year"],
        year=stored["year"],
        pace=target["pace"]["kind"],
        pace_stated=target["pace"]["stated"],
        frequency=target["frequency"],
        binding=target["binding"],
        units=responsible_units(stored["responsible"]),
        suspensions=[_suspension(one) for one in stored.get("suspensions", ())],
    )


def _suspension(stored: Mapping[str, Any]) -> Suspension:
    reason = stored["reason"]
    return Suspension.model_validate({**stored, "reason_zh": reason["zh"], "reason_en": reason["en"]})


def responsible_units(responsible: Mapping[str, Any]) -> list[ResponsibleUnit]:
    """Return the units by role, the one that answers for all marked: the first, as in the finding."""
    named = [(name, role) for role in _ROLES for name in responsible[role]]
    return [ResponsibleUnit(name=name, role=role, answers=place == 0) for place, (name, role) in enumerate(named)]
