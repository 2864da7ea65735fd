"""The same figure one year earlier, beside that of a target's latest period (E5)."""

from pydantic import BaseModel, Field
from sqlalchemy import select

from services.query.adapters.reading.reader import Reader
from services.query.adapters.reading.targets import Target, read_target
from services.query.adapters.views import CURRENT_VERDICTS, TARGETS
from shared.contracts.wire import Number
from shared.kernel.period import Period


class YearBefore(BaseModel):
    """What the figure was in the same period of the year before; no growth: a ratio of levels is none (trap 3)."""

    target_id: str = Field(
        description="the target of the same figure for the year before; itself where it spans both years"
    )
    verdict_id: str
    period: str
    actual: Number


class TargetDetail(Target):
    """One target, where it stands, and where it stood a year earlier."""

    year_before: YearBefore | None = Field(description="null where nothing is known of it")


async def read_target_detail(reader: Reader, target_id: str) -> TargetDetail:
    """Return one target; raise NotFoundError."""
    found = await read_target(reader, target_id)
    return TargetDetail(**found.model_dump(), year_before=await _year_before(reader, found))


async def _year_before(reader: Reader, target: Target) -> YearBefore | None:
    """Look into the verdicts of the target for the year before, in the same unit; else into its own, which go on for years."""
    if target.verdict is None:
        return None
    period = Period.parse(target.verdict.period).year_before()
    slug = target.id.rpartition("@")[0]
    verdict, other = CURRENT_VERDICTS.c, TARGETS.c
    row = await reader.find(
        select(CURRENT_VERDICTS)
        .join(TARGETS, other.target_id == verdict.target_id)
        .where(
            verdict.target_id.in_([target.id, f"{slug}@{target.year - 1}"]),
            verdict.period == str(period),
            verdict.actual.is_not(None),
            other.definition["definition"]["unit"].as_string() == target.unit,
        )
        .order_by(verdict.target_id == target.id)
    )
    if row is None:
        return None
    return YearBefore(
        target_id=row["target_id"], verdict_id=row["verdict_id"], period=row["period"], actual=row["actual"]
    )
