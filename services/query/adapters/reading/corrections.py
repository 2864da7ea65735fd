"""Corrections: every submission that restated what was known, with who, when and why."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from services.query.adapters.reading.reader import Listing, Page, PageParameters, Reader
from services.query.adapters.reading.submissions import SubmissionState, state_of
from services.query.adapters.views import CORRECTIONS
from services.query.domain.cursor import KeyKind


class Correction(BaseModel):
    """One restating submission (修订). It changes something once it is read to its end."""

    model_config = ConfigDict(extra="ignore")

    submission_id: str
    source: str = Field(description="who restated")
    simulated: bool | None
    city: str
    city_name: str
    feed: str
    period: str
    action: str | None = Field(description="merge, replace or delete")
    reason: str = Field(description="why: the code its sender gave")
    reference: str | None = Field(description="the notice it follows")
    sequence: int
    state: SubmissionState
    changed: int | None = Field(description="rows it changed, added or removed; null while it is not read to its end")
    removed: int | None = Field(description="how many of them it removed")
    recorded_at: datetime
    completed_at: datetime | None = Field(description="from when it counted")
    correlation_id: str


class CorrectionParameters(PageParameters):
    """Filters of the corrections."""

    feed: str | None = None
    period: str | None = None
    city: str | None = None
    source: str | None = None


CORRECTION_LISTING = Listing(
    name="corrections",
    view=CORRECTIONS,
    keys={"sequence": KeyKind.INTEGER, "submission_id": KeyKind.TEXT},
    descending=True,
    filters={
        "feed": lambda value: CORRECTIONS.c.feed == value,
        "period": lambda value: CORRECTIONS.c.period == value,
        "city": lambda value: CORRECTIONS.c.city == value,
        "source": lambda value: CORRECTIONS.c.source == value,
    },
)


async def list_corrections(reader: Reader, parameters: CorrectionParameters) -> Page[Correction]:
    """Return the corrections, the newest first."""
    rows, following = await reader.page(CORRECTION_LISTING, parameters)
    items = [
        Correction.model_validate({**row, "city_name": reader.names.area(row["city"]), "state": state_of(row)})
        for row in rows
    ]
    return Page(items=items, next=following)
