"""Rows as records for COPY: which table, which columns, and the values of one row."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from services.rules.domain.feed import Feed
from services.rules.domain.rows import (
    EnterpriseRow,
    FeedRow,
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
    register_year,
)

_ORIGIN_COLUMNS = (
    "submission_id",
    "row_number",
    "source",
    "city",
    "period",
    "period_end",
    "sequence",
    "recorded_at",
    "removed",
)


@dataclass(frozen=True, slots=True)
class RecordShape:
    """The table of a feed's rows, its columns, and how a row becomes a record of them."""

    table: str
    columns: tuple[str, ...]
    record: Callable[[Any], tuple[Any, ...]]


def _values(report: tuple[Any, ...] | None, columns: int) -> tuple[Any, ...]:
    """Return the values of a report's fields, nothing for a row that left."""
    return (None,) * columns if report is None else report


def _origin(origin: Origin, *, removed: bool) -> tuple[Any, ...]:
    return (
        origin.submission_id,
        origin.row_number,
        origin.source,
        origin.city,
        str(origin.period),
        origin.period.end,
        origin.sequence,
        origin.recorded_at,
        removed,
    )


def _enterprise_record(row: EnterpriseRow) -> tuple[Any, ...]:
    return (
        *_origin(row.origin, removed=row.report is None),
        row.uscc,
        *_values(row.report, len(FirmReport._fields)),
        register_year(row),
    )


def _project_record(row: ProjectRow) -> tuple[Any, ...]:
    return (
        *_origin(row.origin, removed=row.report is None),
        row.code,
        *_values(row.report, len(ProjectReport._fields)),
    )


def _rating_record(row: RatingRow) -> tuple[Any, ...]:
    return (
        *_origin(row.origin, removed=row.report is None),
        row.uscc,
        row.year,
        *_values(row.report, len(RatingReport._fields)),
    )


def _recognition_record(row: RecognitionRow) -> tuple[Any, ...]:
    return (
        *_origin(row.origin, removed=row.report is None),
        row.uscc,
        row.kind,
        row.batch,
        *_values(row.report, len(RecognitionReport._fields)),
    )


def _indicator_record(row: IndicatorRow) -> tuple[Any, ...]:
    cell = row.cell
    return (
        *_origin(row.origin, removed=row.report is None),
        cell.indicator,
        cell.area,
        str(cell.value_period),
        cell.measure,
        cell.basis,
        *_values(row.report, len(FigureReport._fields)),
    )


_CLASS_COLUMN = {"class_": "class"}

SHAPES = {
    Feed.ENTERPRISES: RecordShape(
        "rules.enterprise_versions",
        (*_ORIGIN_COLUMNS, "uscc", *FirmReport._fields, "register_year"),
        _enterprise_record,
    ),
    Feed.PROJECTS: RecordShape(
        "rules.project_versions", (*_ORIGIN_COLUMNS, "code", *ProjectReport._fields), _project_record
    ),
    Feed.RATINGS: RecordShape(
        "rules.rating_versions",
        (*_ORIGIN_COLUMNS, "uscc", "year", *(_CLASS_COLUMN.get(name, name) for name in RatingReport._fields)),
        _rating_record,
    ),
    Feed.RECOGNITIONS: RecordShape(
        "rules.recognition_versions",
        (*_ORIGIN_COLUMNS, "uscc", "kind", "batch", *RecognitionReport._fields),
        _recognition_record,
    ),
    Feed.INDICATORS: RecordShape(
        "rules.indicator_versions",
        (*_ORIGIN_COLUMNS, "indicator", "area", "value_period", "measure", "basis", *FigureReport._fields),
        _indicator_record,
    ),
}


def records_of(feed: Feed, rows: Iterable[FeedRow]) -> Sequence[tuple[Any, ...]]:
    """Return the records of a feed's rows."""
    return [SHAPES[feed].record(row) for row in rows]
