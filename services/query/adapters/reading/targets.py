"""Targets in their newest version, with the verdict that governs: that of the latest judged period."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field
from sqlalchemy import RowMapping, not_, select

from services.query.adapters.reading.definitions import TargetDefinition, target_definition
from services.query.adapters.reading.lights import IS_SUSPENDED, Light, is_suspended, light_of
from services.query.adapters.reading.plans import read_plan
from services.query.adapters.reading.reader import Listing, Page, PageParameters, Reader
from services.query.adapters.reading.verdicts import Verdict, verdict_of
from services.query.adapters.views import TARGETS, VERDICTS, WITHDRAWN_TARGETS
from services.query.domain.cursor import KeyKind
from services.query.domain.errors import NotFoundError


class Target(TargetDefinition):
    """One target and where it stands."""

    light: Light = Field(
        description="of the verdict; yellow instead of green when a red run was made good, none while suspended"
    )
    made_good: bool = Field(description="a red run of this target was made good later: yellow with memory")
    suspended: bool = Field(
        description="an accepted explanation suspends its alert, or by its plan the judgement of the latest period"
    )
    breaches: int = Field(description="how many breaches it had, without those that were retracted")
    withdrawn: bool = Field(description="the plan was amended and no longer has it; its verdicts are history")
    verdict: Verdict | None = Field(description="of the latest judged period; null before the first")

    @property
    def shows_suspended(self) -> bool:
        """Whether it shows no light because it is suspended, and not because nothing is known of its figure."""
        light = None if self.light == "grey" else self.light
        status = None if self.verdict is None else self.verdict.status
        return is_suspended(light, status, alert_rests=self.suspended)


class TargetParameters(PageParameters):
    """Filters of a plan's targets."""

    light: Literal["green", "yellow", "red", "grey"] | None = None
    year: int | None = Field(default=None, ge=1990, le=2100, description="the year the target is for")
    suspended: bool | None = Field(default=None, description="those that show no light because they are suspended")


TARGET_LISTING = Listing(
    name="targets",
    view=TARGETS,
    keys={"sort_key": KeyKind.TEXT},
    filters={
        "plan_id": lambda value: TARGETS.c.plan_id == value,
        "light": lambda value: TARGETS.c.light.is_(None) if value == "grey" else TARGETS.c.light == value,
        "year": lambda value: TARGETS.c.definition["year"].as_integer() == value,
        "suspended": lambda value: IS_SUSPENDED if value else not_(IS_SUSPENDED),
        "withdrawn": lambda value: TARGETS.c.target_id.in_(select(WITHDRAWN_TARGETS.c.target_id)) == value,
    },
)


async def list_targets(reader: Reader, plan_id: str, parameters: TargetParameters) -> Page[Target]:
    """Return the targets that a plan has now, by clause and year; raise NotFoundError for an unknown plan."""
    await read_plan(reader, plan_id)
    rows, following = await reader.page(TARGET_LISTING, parameters, plan_id=plan_id, withdrawn=False)
    return Page(items=await _with_verdicts(reader, rows), next=following)


async def read_target(reader: Reader, target_id: str) -> Target:
    """Return one target; raise NotFoundError."""
    row = await reader.find(select(TARGETS).where(TARGETS.c.target_id == target_id))
    if row is None:
        raise NotFoundError("target", target_id)
    return (await _with_verdicts(reader, [row]))[0]


async def _with_verdicts(reader: Reader, rows: Sequence[RowMapping]) -> list[Target]:
    ids = [row["verdict_id"] for row in rows if row["verdict_id"] is not None]
    found = await reader.all(select(VERDICTS).where(VERDICTS.c.verdict_id.in_(ids)).order_by(VERDICTS.c.sequence))
    gone = select(WITHDRAWN_TARGETS.c.target_id).where(
        WITHDRAWN_TARGETS.c.target_id.in_([row["target_id"] for row in rows])
    )
    withdrawn = {row["target_id"] for row in await reader.all(gone)}
    verdicts = {row["verdict_id"]: verdict_of(reader, row) for row in found}
    return [
        Target(
            **target_definition(reader, row).model_dump(),
            light=light_of(row["light"]),
            made_good=row["made_good"],
            suspended=row["suspended"] or row["status"] == "suspended",
            breaches=row["breaches"],
            withdrawn=row["target_id"] in withdrawn,
            verdict=verdicts.get(row["verdict_id"]),
        )
        for row in rows
    ]
