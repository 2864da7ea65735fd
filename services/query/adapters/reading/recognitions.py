"""Titles granted to firms, each as the source that governs says it."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import RowMapping, select

from services.query.adapters.reading.other_sources import Governing, cells_of
from services.query.adapters.reading.reader import Listing, Page, PageParameters, Reader
from services.query.adapters.views import RECOGNITION_STATEMENTS, RECOGNITIONS
from services.query.domain.cursor import KeyKind


class Recognition(BaseModel):
    """One title of one firm. `name` is the firm's, if the list of the batch gives it; `revoked_on` ends the title."""

    model_config = ConfigDict(extra="ignore")

    uscc: str
    name: str | None
    kind: str
    kind_name_zh: str
    kind_name_en: str
    level: str
    batch: str
    granted_on: date
    revoked_on: date | None
    city: str
    area: str
    area_name: str
    period: str
    submission_id: str
    row_number: int
    sequence: int
    source: str
    authority: str | None = Field(description="whose rows the source sends, if it named one")
    simulated: bool
    recorded_at: datetime


class GoverningRecognition(Recognition, Governing):
    """The title as it governs."""


class RecognitionParameters(PageParameters):
    """Filters of the titles."""

    kind: str | None = None
    level: str | None = None
    area: str | None = None


RECOGNITION_LISTING = Listing(
    name="recognitions",
    view=RECOGNITIONS,
    keys={"uscc": KeyKind.TEXT, "kind": KeyKind.TEXT, "batch": KeyKind.TEXT},
    filters={
        "kind": lambda value: RECOGNITIONS.c.kind == value,
        "level": lambda value: RECOGNITIONS.c.level == value,
        "area": lambda value: RECOGNITIONS.c.area == value,
    },
)


async def list_recognitions(reader: Reader, parameters: RecognitionParameters) -> Page[Recognition]:
    """Return the titles, revoked ones too, by uscc, kind and batch."""
    rows, following = await reader.page(RECOGNITION_LISTING, parameters)
    return Page(items=[recognition_of(reader, row) for row in rows], next=following)


async def recognitions_of(reader: Reader, uscc: str) -> list[GoverningRecognition]:
    """Return the titles of one firm, the newest first."""
    titles = RECOGNITION_STATEMENTS.c
    rows = await reader.all(
        select(RECOGNITION_STATEMENTS).where(titles.uscc == uscc).order_by(titles.kind, titles.batch, titles.precedence)
    )
    found = [
        GoverningRecognition.model_validate({**_fields(reader, cell.row), **cell.fields})
        for cell in cells_of(rows, "kind", "batch")
    ]
    return sorted(found, key=lambda title: title.granted_on, reverse=True)


def recognition_of(reader: Reader, row: RowMapping) -> Recognition:
    """Return the title of a row."""
    return Recognition.model_validate(_fields(reader, row))


def _fields(reader: Reader, row: RowMapping) -> dict[str, object]:
    title = reader.names.title(row["kind"])
    names = {"kind_name_zh": title.name_zh, "kind_name_en": title.name_en, "area_name": reader.names.area(row["area"])}
    return {**row, **names}
