"""How an indicator's figures came to be: every version, and what changed since an instant."""

from datetime import datetime
from typing import Literal

from pydantic import Field
from sqlalchemy import ColumnElement, RowMapping, exists, or_

from services.query.adapters.reading.indicators import FigureParameters, check_indicator, figure_fields, figure_listing
from services.query.adapters.reading.reader import Page, Reader
from services.query.adapters.reading.version_origin import VersionOrigin
from services.query.adapters.views import INDICATOR_VERSIONS
from services.query.domain.cursor import KeyKind
from shared.contracts.wire import Number

Action = Literal["Replace", "Delete"]


class FigureVersion(VersionOrigin):
    """One version of one figure; a removal states nothing."""

    indicator: str
    area: str
    area_name: str
    period: str
    measure: str
    basis: str
    action: Action = Field(description="SDMX: `Replace` states the figure, `Delete` takes it away")
    value: Number | None
    unit: str | None
    status: str | None
    authority: str | None


VERSION_LISTING = figure_listing(
    "indicator-versions", INDICATOR_VERSIONS, sequence=KeyKind.INTEGER, row_number=KeyKind.INTEGER
)
CHANGE_LISTING = figure_listing("indicator-changes", INDICATOR_VERSIONS, source=KeyKind.TEXT)


async def list_figure_versions(
    reader: Reader, indicator: str, parameters: FigureParameters, updated_after: datetime | None
) -> Page[FigureVersion]:
    """Return every version of each figure, newest first; raise NotFoundError for an unknown indicator."""
    await check_indicator(reader, indicator)
    known = [] if updated_after is None else [INDICATOR_VERSIONS.c.valid_from > updated_after]
    rows, following = await reader.page(VERSION_LISTING, parameters, *known, indicator=indicator)
    return Page(items=[FigureVersion.model_validate(_fields(reader, row)) for row in rows], next=following)


async def list_figure_changes(
    reader: Reader, indicator: str, parameters: FigureParameters, updated_after: datetime
) -> Page[FigureVersion]:
    """Return what sources state otherwise than at an instant; raise NotFoundError for an unknown indicator."""
    await check_indicator(reader, indicator)
    rows, following = await reader.page(CHANGE_LISTING, parameters, *_changed_since(updated_after), indicator=indicator)
    return Page(items=[FigureVersion.model_validate(_fields(reader, row)) for row in rows], next=following)


def _changed_since(instant: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return that a source states it since then; a removal only if it took away what the source stated then."""
    version, before = INDICATOR_VERSIONS.c, INDICATOR_VERSIONS.alias("before").c
    stood = exists().where(
        before.indicator == version.indicator,
        before.cell == version.cell,
        before.source == version.source,
        ~before.removed,
        before.valid_from <= instant,
        or_(before.valid_to.is_(None), before.valid_to > instant),
    )
    return version.valid_to.is_(None), version.valid_from > instant, or_(~version.removed, stood)


def _fields(reader: Reader, row: RowMapping) -> dict[str, object]:
    return {**figure_fields(reader, row), "action": "Delete" if row["removed"] else "Replace"}
