"""Signals: entity-level rules that hit, in their newest version while they hold."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from services.query.adapters.reading.reader import Listing, Page, PageParameters, Reader
from services.query.adapters.views import SIGNALS
from services.query.domain.cursor import KeyKind

EntityKind = Literal["enterprise", "project"]


class Signal(BaseModel):
    """One hit of one rule on one firm (`entity` is its uscc) or project (its code)."""

    model_config = ConfigDict(extra="ignore")

    id: str
    sequence: int
    rule_id: str
    plan_id: str
    kind: str
    area: str
    area_name: str
    city: str
    period: str
    entity: str
    entity_kind: EntityKind
    entity_name: str
    occurred_on: date | None
    detail: Any
    simulated: bool
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class AreaChoice:
    """One area to filter by."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class SignalChoices:
    """What the list of signals can be filtered by."""

    periods: list[str]
    areas: list[AreaChoice]


class SignalParameters(PageParameters):
    """Filters of the signals."""

    kind: str | None = None
    period: str | None = None
    area: str | None = None
    rule: str | None = Field(default=None, description="id of the signal rule")
    clause: str | None = Field(default=None, description="plan and clause, such as `suqian-2024/m1`")
    entity: str | None = Field(default=None, description="uscc of the firm or code of the project")


SIGNAL_LISTING = Listing(
    name="signals",
    view=SIGNALS,
    keys={"sequence": KeyKind.INTEGER},
    descending=True,
    filters={
        "kind": lambda value: SIGNALS.c.kind == value,
        "period": lambda value: SIGNALS.c.period == value,
        "area": lambda value: SIGNALS.c.area == value,
        "rule": lambda value: SIGNALS.c.rule_id == value,
        "clause": lambda value: SIGNALS.c.rule_id.startswith(f"{value}/", autoescape=True),
        "entity": lambda value: SIGNALS.c.entity == value,
    },
)


async def list_signals(reader: Reader, parameters: SignalParameters) -> Page[Signal]:
    """Return the signals that hold, the one known last first."""
    rows, following = await reader.page(SIGNAL_LISTING, parameters)
    items = [
        Signal.model_validate(
            {
                **row,
                "id": row["signal_id"],
                "area_name": reader.names.area(row["area"]),
                "entity_kind": "project" if row["kind"] == "project_start" else "enterprise",
            }
        )
        for row in rows
    ]
    return Page(items=items, next=following)


async def signal_choices(reader: Reader) -> SignalChoices:
    """Return what the signals that hold can be filtered by: their periods (newest first) and areas."""
    periods = await reader.all(
        select(SIGNALS.c.period, SIGNALS.c.period_end).distinct().order_by(SIGNALS.c.period_end.desc())
    )
    areas = await reader.all(select(SIGNALS.c.area).distinct().order_by(SIGNALS.c.area))
    return SignalChoices(
        [row["period"] for row in periods],
        [AreaChoice(row["area"], reader.names.area(row["area"])) for row in areas],
    )
