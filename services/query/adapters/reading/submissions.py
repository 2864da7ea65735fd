"""Submissions that reached rules, and the grid of what arrived and what is missing."""

from dataclasses import asdict
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import RowMapping, select

from services.query.adapters.reading.reader import Listing, Page, PageParameters, Reader
from services.query.adapters.views import ALERTS, SUBMISSIONS
from services.query.domain.arrivals import Arrival, Submitted, arrivals
from services.query.domain.cursor import KeyKind
from services.query.domain.errors import NotFoundError

SubmissionState = Literal["complete", "incomplete"]


class Submission(BaseModel):
    """One push of a feed, as far as it was read. It counts only when complete."""

    model_config = ConfigDict(extra="ignore")

    id: str
    source: str | None = Field(description="null until the announcement came, as are the fields below without a value")
    authority: str | None = Field(description="whose rows the source sends, if it named one")
    simulated: bool | None
    city: str
    city_name: str
    feed: str
    period: str
    action: str | None
    reason: str | None
    reference: str | None
    sequence: int
    state: SubmissionState
    events: int | None = Field(description="row events announced; null until the announcement came")
    received: int | None = Field(
        description="row events read; null as of an instant before it was complete, how far it was then is not kept"
    )
    parked: int | None = Field(description="row events that could not be processed; null likewise")
    recorded_at: datetime | None
    completed_at: datetime | None
    correlation_id: str | None


class SubmissionParameters(PageParameters):
    """Filters of the submissions."""

    feed: str | None = None
    period: str | None = None
    city: str | None = None


class FeedCell(BaseModel):
    """One feed in one period."""

    feed: str
    arrival: Arrival
    simulated: bool
    submissions: list[str] = Field(description="ids, oldest first")


class FeedPeriod(BaseModel):
    """One period of one city."""

    period: str
    feeds: list[FeedCell]


class CityFeeds(BaseModel):
    """What arrived of one city, newest period first."""

    city: str
    city_name: str
    missing: int = Field(description="feeds expected for a period and not arrived")
    periods: list[FeedPeriod]


SUBMISSION_LISTING = Listing(
    name="submissions",
    view=SUBMISSIONS,
    keys={"sequence": KeyKind.INTEGER, "submission_id": KeyKind.TEXT},
    descending=True,
    filters={
        "feed": lambda value: SUBMISSIONS.c.feed == value,
        "period": lambda value: SUBMISSIONS.c.period == value,
        "city": lambda value: SUBMISSIONS.c.city == value,
    },
)


async def list_submissions(reader: Reader, parameters: SubmissionParameters) -> Page[Submission]:
    """Return the submissions, the newest first."""
    rows, following = await reader.page(SUBMISSION_LISTING, parameters)
    return Page(items=[_submission(reader, row) for row in rows], next=following)


async def read_submission(reader: Reader, submission_id: str) -> Submission:
    """Return one submission; raise NotFoundError."""
    row = await reader.find(select(SUBMISSIONS).where(SUBMISSIONS.c.submission_id == submission_id))
    if row is None:
        raise NotFoundError("submission", submission_id)
    return _submission(reader, row)


async def read_feeds(reader: Reader) -> Page[CityFeeds]:
    """Return of every city which feeds arrived for which period, which are missing, and which alerts press for."""
    rows = await reader.all(select(SUBMISSIONS).order_by(SUBMISSIONS.c.sequence))
    by_city: dict[str, list[Submitted]] = {}
    for row in rows:
        by_city.setdefault(row["city"], []).append(
            Submitted(
                submission_id=row["submission_id"],
                feed=row["feed"],
                period=row["period"],
                complete=row["completed_at"] is not None,
                simulated=bool(row["simulated"]),
            )
        )
    overdue = await _overdue(reader)
    cities = [
        _city(reader, city, by_city.get(city, []), overdue.get(city, set())) for city in sorted({*by_city, *overdue})
    ]
    return Page(items=cities, next=None)


async def _overdue(reader: Reader) -> dict[str, set[tuple[str, str]]]:
    """Return period and feed of the reports that active alerts press for, by city."""
    pressing = select(ALERTS.c.city, ALERTS.c.target_id, ALERTS.c.finding).where(
        ALERTS.c.kind == "feed_overdue", ALERTS.c.state.in_(("open", "acknowledged", "suspended"))
    )
    overdue: dict[str, set[tuple[str, str]]] = {}
    for row in await reader.all(pressing):
        feed = row["target_id"].split("/")[1]
        overdue.setdefault(row["city"], set()).update((one["entity"], feed) for one in row["finding"]["subjects"])
    return overdue


def _submission(reader: Reader, row: RowMapping) -> Submission:
    return Submission.model_validate(
        {
            **row,
            "id": row["submission_id"],
            "city_name": reader.names.area(row["city"]),
            "state": state_of(row),
        }
    )


def state_of(row: RowMapping) -> SubmissionState:
    """Return whether a submission was read to its end."""
    return "incomplete" if row["completed_at"] is None else "complete"


def _city(reader: Reader, city: str, submitted: list[Submitted], overdue: set[tuple[str, str]]) -> CityFeeds:
    periods = arrivals(submitted, overdue=overdue)
    return CityFeeds(
        city=city,
        city_name=reader.names.area(city),
        missing=sum(cell.arrival in (Arrival.MISSING, Arrival.OVERDUE) for one in periods for cell in one.cells),
        periods=[
            FeedPeriod(period=one.period, feeds=[FeedCell(**asdict(cell)) for cell in one.cells]) for one in periods
        ],
    )
