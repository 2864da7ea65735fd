"""Plans: the documents, with how many of their targets show which light."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import RowMapping, func, select

from services.query.adapters.reading.lights import IS_SUSPENDED, LightCounts, light_counts
from services.query.adapters.reading.reader import Listing, Page, PageParameters, Reader
from services.query.adapters.views import PLANS, TARGETS, WITHDRAWN_TARGETS
from services.query.domain.cursor import KeyKind
from services.query.domain.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class _TargetSums:
    """The lights and years of one plan's targets."""

    lights: LightCounts
    years: list[int]


class Plan(BaseModel):
    """One plan in its newest version."""

    model_config = ConfigDict(extra="ignore")

    id: str
    version: int
    title_zh: str
    title_en: str
    status: str = Field(description="issued or draft")
    document_number: str | None = Field(description="null when the document states none")
    issuer: str
    issued_on: date | None = Field(description="null when the document states no day")
    effective_on: date
    city: str
    city_name: str
    text_sha256: str = Field(description="SHA-256 of the document's text")
    recorded_at: datetime
    years: list[int] = Field(description="the years targets are for")
    targets: LightCounts


PLAN_LISTING = Listing(name="plans", view=PLANS, keys={"plan_id": KeyKind.TEXT})


async def list_plans(reader: Reader, parameters: PageParameters) -> Page[Plan]:
    """Return the plans by id."""
    rows, following = await reader.page(PLAN_LISTING, parameters)
    sums = await _sums(reader, [row["plan_id"] for row in rows])
    return Page(items=[_plan(reader, row, sums[row["plan_id"]]) for row in rows], next=following)


async def read_plan(reader: Reader, plan_id: str) -> Plan:
    """Return one plan; raise NotFoundError."""
    return await plan_of(reader, await find_plan(reader, plan_id))


async def find_plan(reader: Reader, plan_id: str) -> RowMapping:
    """Return the row of one plan, its document included; raise NotFoundError."""
    row = await reader.find(select(PLANS).where(PLANS.c.plan_id == plan_id))
    if row is None:
        raise NotFoundError("plan", plan_id)
    return row


async def plan_of(reader: Reader, row: RowMapping) -> Plan:
    """Return the plan of a row, with the lights of its targets."""
    return _plan(reader, row, (await _sums(reader, [row["plan_id"]]))[row["plan_id"]])


async def _sums(reader: Reader, plan_ids: list[str]) -> Mapping[str, _TargetSums]:
    year, rests = TARGETS.c.definition["year"].as_integer(), IS_SUSPENDED.label("rests")
    rows = await reader.all(
        select(TARGETS.c.plan_id, TARGETS.c.light, rests, year.label("year"), func.count().label("targets"))
        .where(
            TARGETS.c.plan_id.in_(plan_ids),
            TARGETS.c.target_id.not_in(select(WITHDRAWN_TARGETS.c.target_id)),
        )
        .group_by(TARGETS.c.plan_id, TARGETS.c.light, rests, year)
    )
    by_plan: dict[str, list[RowMapping]] = {plan_id: [] for plan_id in plan_ids}
    for row in rows:
        by_plan[row["plan_id"]].append(row)
    return {
        plan_id: _TargetSums(
            light_counts((row["light"], row["rests"], row["targets"]) for row in sums),
            sorted({row["year"] for row in sums}),
        )
        for plan_id, sums in by_plan.items()
    }


def _plan(reader: Reader, row: RowMapping, sums: _TargetSums) -> Plan:
    return Plan.model_validate(
        {
            **row,
            "id": row["plan_id"],
            "status": row["document"].get("status", "issued"),
            "title_zh": row["title"],
            "title_en": _english_title(row["document"]) or row["title"],
            "city_name": reader.names.area(row["city"]),
            "years": sums.years,
            "targets": sums.lights,
        }
    )


def _english_title(document: Mapping[str, Any]) -> str | None:
    title = document.get("title")
    return title.get("en") if isinstance(title, Mapping) else None
