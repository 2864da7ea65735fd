"""Rows as records for COPY: which table, which columns, and the values of one row."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
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


def _names(report: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(report))


def _reader(report: type) -> Callable[[Any], tuple[Any, ...]]:
    """Return a function from a report, or None, to the values of its fields."""
    names = _names(report)
    read = attrgetter(*names)
    nothing = (None,) * len(names)
    return lambda found: nothing if found is None else read(found)


_firm = _reader(FirmReport)
_project = _reader(ProjectReport)
_rating = _reader(RatingReport)
_figure = _reader(FigureReport)


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
        *_firm(row.report),
        register_year(row),
    )


def _project_record(row: ProjectRow) -> tuple[Any, ...]:
    return (*_origin(row.origin, removed=row.report is None), row.code, *_project(row.report))


def _rating_record(row: RatingRow) -> tuple[Any, ...]:
    return (*_origin(row.origin, removed=row.report is None), row.uscc, row.year, *_rating(row.report))


def _indicator_record(row: IndicatorRow) -> tuple[Any, ...]:
    cell = row.cell
    return (
        *_origin(row.origin, removed=row.report is None),
        cell.indicator,
        cell.area,
        str(cell.value_period),
        cell.measure,
        cell.basis,
        *_figure(row.report),
    )


_CLASS_COLUMN = {"class_": "class"}

SHAPES = {
    Feed.ENTERPRISES: RecordShape(
        "rules.enterprise_versions",
        (*_ORIGIN_COLUMNS, "uscc", *_names(FirmReport), "register_year"),
        _enterprise_record,
    ),
    Feed.PROJECTS: RecordShape(
        "rules.project_versions", (*_ORIGIN_COLUMNS, "code", *_names(ProjectReport)), _project_record
    ),
    Feed.RATINGS: RecordShape(
        "rules.rating_versions",
        (*_ORIGIN_COLUMNS, "uscc", "year", *(_CLASS_COLUMN.get(name, name) for name in _names(RatingReport))),
        _rating_record,
    ),
    Feed.INDICATORS: RecordShape(
        "rules.indicator_versions",
        (*_ORIGIN_COLUMNS, "indicator", "area", "value_period", "measure", "basis", *_names(FigureReport)),
        _indicator_record,
    ),
}


def records_of(feed: Feed, rows: Iterable[FeedRow]) -> Sequence[tuple[Any, ...]]:
    """Return the records of a feed's rows."""
    return [SHAPES[feed].record(row) for row in rows]
