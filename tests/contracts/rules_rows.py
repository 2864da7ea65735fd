"""Rows and submissions that tests of rules push, with plain defaults. All of it is invented."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from services.rules.domain.feed import Feed
from services.rules.domain.ledger import Announcement
from services.rules.domain.rows import (
    EnterpriseRow,
    FeedRow,
    FigureCell,
    FigureReport,
    FirmReport,
    IndicatorRow,
    Origin,
    ProjectReport,
    ProjectRow,
    RatingReport,
    RatingRow,
    RecognitionReport,
    RecognitionRow,
)
from shared.kernel.period import Period

CITY = "321300"
COUNTY = "321322"
T0 = datetime(2026, 1, 1, tzinfo=UTC)
YI = 100_000_000
"""亿元 in yuan."""
WAN = 10_000
"""万元 in yuan."""

MakeRow = Callable[[Origin], FeedRow]


def period(text: str) -> Period:
    return Period.parse(text)


def firm(uscc: str, **report: object) -> MakeRow:
    values: dict[str, object] = {
        "name": f"示例企业{uscc}",
        "area": COUNTY,
        "industry": "1512",
        "operating_status": "operating",
        "above_scale": True,
        "revenue_ytd_yuan": 5 * YI,
        **report,
    }
    return lambda origin: EnterpriseRow(origin, uscc, FirmReport(**values))  # type: ignore[arg-type]


def project(code: str, **report: object) -> MakeRow:
    values: dict[str, object] = {
        "name": f"示例项目{code}",
        "area": COUNTY,
        "kind": "new",
        "planned_total_yuan": 2 * YI,
        "started_on": date(2024, 3, 5),
        "start_evidence": "accepted",
        **report,
    }
    return lambda origin: ProjectRow(origin, code, ProjectReport(**values))  # type: ignore[arg-type]


def rating(uscc: str, year: int, class_: str, **report: object) -> MakeRow:
    values: dict[str, object] = {
        "class_": class_,
        "stage": "final",
        "published_on": date(year + 1, 7, 20),
        "area": COUNTY,
        **report,
    }
    return lambda origin: RatingRow(origin, uscc, year, RatingReport(**values))  # type: ignore[arg-type]


def recognition(uscc: str, kind: str, batch: str, **report: object) -> MakeRow:
    values: dict[str, object] = {
        "level": "national",
        "granted_on": date(2024, 5, 20),
        "area": COUNTY,
        **report,
    }
    return lambda origin: RecognitionRow(origin, uscc, kind, batch, RecognitionReport(**values))  # type: ignore[arg-type]


def cell(indicator: str, value_period: str, *, measure: str, basis: str, area: str = CITY) -> FigureCell:
    return FigureCell(indicator, area, period(value_period), measure, basis)


def figure(
    of: FigureCell, value: str, *, unit: str = "%", status: str = "final", authority: str = "示例统计局"
) -> MakeRow:
    report = FigureReport(value=Decimal(value), unit=unit, status=status, authority=authority)
    return lambda origin: IndicatorRow(origin, of, report)


def gone_firm(uscc: str) -> MakeRow:
    return lambda origin: EnterpriseRow(origin, uscc, None)


def gone_project(code: str) -> MakeRow:
    return lambda origin: ProjectRow(origin, code, None)


def gone_rating(uscc: str, year: int) -> MakeRow:
    return lambda origin: RatingRow(origin, uscc, year, None)


def gone_recognition(uscc: str, kind: str, batch: str) -> MakeRow:
    return lambda origin: RecognitionRow(origin, uscc, kind, batch, None)


def gone_figure(of: FigureCell) -> MakeRow:
    return lambda origin: IndicatorRow(origin, of, None)


@dataclass(frozen=True, slots=True)
class Push:
    """One submission as it arrives: its rows, and the announcement that counts them."""

    rows: tuple[FeedRow, ...]
    announcement: Announcement

    @property
    def submission_id(self) -> str:
        return self.announcement.submission_id


def push(  # noqa: PLR0913  every part of a submission may matter to a test
    feed: Feed,
    when: str,
    rows: Sequence[MakeRow],
    *,
    sequence: int,
    city: str = CITY,
    simulated: bool = False,
    source: str = "example-source",
    authority: str | None = None,
    recorded_at: datetime = T0,
) -> Push:
    """Make a submission of the rows; its id follows from its sequence."""
    announcement = Announcement(
        submission_id=f"sub_{sequence:06d}",
        source=source,
        authority=authority,
        simulated=simulated,
        city=city,
        feed=feed,
        period=period(when),
        action="merge",
        reason=None,
        reference=None,
        sequence=sequence,
        events=len(rows),
        recorded_at=recorded_at,
        correlation_id=f"correlation-{sequence}",
    )
    return Push(
        tuple(make(_origin(announcement, number)) for number, make in enumerate(rows, start=1)),
        announcement,
    )


def _origin(announcement: Announcement, number: int) -> Origin:
    return Origin(
        submission_id=announcement.submission_id,
        row_number=number,
        source=announcement.source,
        city=announcement.city,
        period=announcement.period,
        sequence=announcement.sequence,
        recorded_at=announcement.recorded_at,
        correlation_id=announcement.correlation_id,
    )
