"""Indicators and their published figures."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from services.query.adapters.reading.reader import Listing, Page, PageParameters, Reader
from services.query.adapters.views import INDICATOR_VALUES, INDICATORS
from services.query.domain.cursor import KeyKind
from services.query.domain.errors import NotFoundError
from shared.contracts.wire import Number


class Indicator(BaseModel):
    """What is measured, and how many figures of it arrived."""

    id: str
    name_zh: str
    name_en: str
    unit: str
    kind: str
    values: int
    targets: int


class IndicatorFigure(BaseModel):
    """The newest version of one figure. `period` is what it describes, `submission_id` the push that brought it."""

    model_config = ConfigDict(extra="ignore")

    indicator: str
    area: str
    area_name: str
    period: str
    measure: str
    basis: str
    value: Number
    unit: str
    status: str
    authority: str
    source: str
    simulated: bool
    submission_id: str
    row_number: int
    sequence: int
    recorded_at: datetime
    period_end: date


class FigureParameters(PageParameters):
    """Filters of an indicator's figures."""

    area: str | None = None
    measure: str | None = None
    basis: str | None = None


INDICATOR_LISTING = Listing(name="indicators", view=INDICATORS, keys={"indicator": KeyKind.TEXT})
FIGURE_LISTING = Listing(
    name="indicator-values",
    view=INDICATOR_VALUES,
    keys={"cell": KeyKind.TEXT},
    descending=True,
    filters={
        "indicator": lambda value: INDICATOR_VALUES.c.indicator == value,
        "area": lambda value: INDICATOR_VALUES.c.area == value,
        "measure": lambda value: INDICATOR_VALUES.c.measure == value,
        "basis": lambda value: INDICATOR_VALUES.c.basis == value,
    },
)


async def list_indicators(reader: Reader, parameters: PageParameters) -> Page[Indicator]:
    """Return the indicators that targets name or figures arrived of, by id."""
    rows, following = await reader.page(INDICATOR_LISTING, parameters)
    return Page(
        items=[
            Indicator(
                id=row["indicator"],
                values=row["figures"],
                targets=row["targets"],
                **_named(reader, row["indicator"]),
            )
            for row in rows
        ],
        next=following,
    )


async def list_figures(reader: Reader, indicator: str, parameters: FigureParameters) -> Page[IndicatorFigure]:
    """Return the current figures of an indicator, newest period first; raise NotFoundError for an unknown one."""
    if await reader.find(select(INDICATORS).where(INDICATORS.c.indicator == indicator)) is None:
        raise NotFoundError("indicator", indicator)
    rows, following = await reader.page(FIGURE_LISTING, parameters, indicator=indicator)
    items = [
        IndicatorFigure.model_validate(
            {**row, "period": row["value_period"], "area_name": reader.names.area(row["area"])}
        )
        for row in rows
    ]
    return Page(items=items, next=following)


def _named(reader: Reader, indicator: str) -> dict[str, str]:
    name = reader.names.indicator(indicator)
    return {"name_zh": name.name_zh, "name_en": name.name_en, "unit": name.unit, "kind": name.kind}
