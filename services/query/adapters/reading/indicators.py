"""Indicators and their published figures."""

from datetime import date, datetime
from typing import Final

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import RowMapping, Table, select

from services.query.adapters.reading.reader import Listing, Page, PageParameters, Reader
from services.query.adapters.views import INDICATOR_VALUES, INDICATOR_VERSIONS, INDICATORS
from services.query.domain.cursor import KeyKind
from services.query.domain.errors import NotFoundError
from shared.contracts.wire import Number

UPDATED_AFTER_WORDS: Final = (
    "only what changed after this instant, each with `action`: `Replace` or `Delete`; not later than `as_of`"
)


class Indicator(BaseModel):
    """What is measured, and how many figures of it arrived."""

    id: str
    name_zh: str
    name_en: str
    unit: str
    kind: str
    values: int
    targets: int


class Statement(BaseModel):
    """What another source states of the same figure."""

    model_config = ConfigDict(extra="ignore")

    source: str
    authority: str
    rank: int | None
    value: Number
    unit: str
    status: str
    submission_id: str
    row_number: int
    sequence: int
    recorded_at: datetime
    simulated: bool
    differs: bool = Field(description="another value than the one that governs")


class IndicatorFigure(BaseModel):
    """One figure by the source that governs: the best authority's, of equals the final one, then the newest.

    `period` is what it describes, `submission_id` the push that brought it.
    """

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
    rank: int | None = Field(description="rank of the authority, 1 is the best; null for one that has none")
    others: list[Statement] = Field(description="what other sources state of the same figure, the next best first")
    conflict: bool = Field(description="another source states another value")


class FigureParameters(PageParameters):
    """Filters of an indicator's figures, and what SDMX REST asks of them."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_name=True, validate_by_alias=True)
    modes = frozenset({"updated_after", "include_history"})
    instants = frozenset({"as_of", "sdmx_as_of"})

    area: str | None = None
    measure: str | None = None
    basis: str | None = None
    sdmx_as_of: str | None = Field(default=None, alias="asOf", description="the same as `as_of`, as SDMX names it")
    updated_after: str | None = Field(
        default=None,
        alias="updatedAfter",
        description=UPDATED_AFTER_WORDS,
    )
    include_history: bool = Field(
        default=False,
        alias="includeHistory",
        description="every version of every figure, the newest first; with updatedAfter those known since then",
    )


INDICATOR_LISTING = Listing(name="indicators", view=INDICATORS, keys={"indicator": KeyKind.TEXT})


def figure_listing(name: str, view: Table, **further: KeyKind) -> Listing:
    """Return a list of figures, the newest period first."""
    return Listing(
        name=name,
        view=view,
        keys={"cell": KeyKind.TEXT, **further},
        descending=True,
        filters={
            "indicator": lambda value: view.c.indicator == value,
            "area": lambda value: view.c.area == value,
            "measure": lambda value: view.c.measure == value,
            "basis": lambda value: view.c.basis == value,
        },
    )


FIGURE_LISTING = figure_listing("indicator-values", INDICATOR_VALUES)


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
    await check_indicator(reader, indicator)
    rows, following = await reader.page(FIGURE_LISTING, parameters, indicator=indicator)
    items = [
        IndicatorFigure.model_validate(
            {**figure_fields(reader, row), "conflict": any(one["differs"] for one in row["others"])}
        )
        for row in rows
    ]
    return Page(items=items, next=following)


async def check_indicator(reader: Reader, indicator: str) -> None:
    """Raise NotFoundError for an indicator that no target names and no figure ever came of."""
    ever = select(INDICATOR_VERSIONS.c.indicator).where(INDICATOR_VERSIONS.c.indicator == indicator).limit(1)
    known = select(INDICATORS.c.indicator).where(INDICATORS.c.indicator == indicator)
    if await reader.find(ever) is None and await reader.find(known) is None:
        raise NotFoundError("indicator", indicator)


def figure_fields(reader: Reader, row: RowMapping) -> dict[str, object]:
    """Return a row of figures with the names models use."""
    return {**row, "period": row["value_period"], "area_name": reader.names.area(row["area"])}


def _named(reader: Reader, indicator: str) -> dict[str, str]:
    name = reader.names.indicator(indicator)
    return {"name_zh": name.name_zh, "name_en": name.name_en, "unit": name.unit, "kind": name.kind}
