"""A small made-up city, told in the CSV files beside this one: every row is there for an edge, which its last column names.

- `tiers.csv`: firms of the reports of 2024-12 and 2025-12, at the lines of revenue. `-`: no report of that year.
- `industries.csv`: firms of the report of 2025-06, one for each industry and some that do not count. A firm's output in 万元
  is its industry code, its revenue twice that, so that a sum tells its members.
- `register.csv`: firms that enter the above-scale register, leave it or stay, report by report.
- `projects.csv`, `titles.csv`, and `ratings.csv` with the order of its submissions.
- `repeated.csv`: of each kind of title, one firm is granted it `twice` in 2025, and where the title can be renewed one held it
  from 2022 on and is `renewed` in 2025.

An empty cell is not told. `then` is `left` where a later submission of the same report takes the row back.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import chain
from pathlib import Path

from services.rules.domain.feed import Feed
from shared.reference.csv_rows import read_rows
from tests.contracts.rules_rows import (
    WAN,
    MakeRow,
    Push,
    firm,
    gone_firm,
    gone_project,
    gone_rating,
    gone_recognition,
    project,
    push,
    rating,
    recognition,
)

HERE = Path(__file__).parent
TITLE_REPORTS = ("2025-06", "2025-12", "2026-01/P2M")
RATINGS_REPORT = "2025-12"

Row = dict[str, str]
Told = tuple[int, Feed, str, MakeRow]
"""The place of its submission, the feed, the report, the row."""

_FIRM = ("firm", "area", "industry", "above_scale")
_LAST = ("then", "why")
_PROJECT_DATES = ("signed_on", "started_on", "completed_on", "production_on")
_PROJECT_AMOUNTS = ("planned_total_yuan", "planned_equipment_yuan", "completed_prior_yuan", "completed_ytd_yuan")
_COLUMNS = {
    "tiers": (*_FIRM, "revenue_2024_yuan", "revenue_2025_yuan", *_LAST),
    "industries": (*_FIRM, "exited_on", *_LAST),
    "register": ("firm", "report", *_FIRM[1:], "entered_on", "entry_kind", "exited_on", *_LAST),
    "projects": (
        *("project", "report", "area", "industry", "kind", *_PROJECT_AMOUNTS),
        *(*_PROJECT_DATES[:2], "start_evidence", *_PROJECT_DATES[2:], *_LAST),
    ),
    "titles": ("firm", "kind", "level", "batch", "granted_on", "revoked_on", "area", *_LAST),
    "repeated": ("kind", "level", "renewed"),
    "ratings": ("submission", "firm", "year", "class", "stage", "published_on", "why"),
    "expected": ("indicator", "period", "since", "year", "number", "unit", "reason"),
}


def rows(name: str) -> Iterator[Row]:
    """Read one of the files."""
    return read_rows(HERE / f"{name}.csv", _COLUMNS[name], dict)


def pushes() -> tuple[Push, ...]:
    """Return the submissions of the city in order: what is told first, then what is corrected or taken back."""
    submissions: dict[tuple[int, Feed, str], list[MakeRow]] = defaultdict(list)
    for place, feed, report, row in chain(_tiers(), _industries(), _register(), _projects(), _titles(), _ratings()):
        submissions[place, feed, report].append(row)
    return tuple(
        push(feed, report, submissions[place, feed, report], sequence=sequence)
        for sequence, (place, feed, report) in enumerate(sorted(submissions), start=1)
    )


def _tiers() -> Iterator[Told]:
    for row in rows("tiers"):
        if row["revenue_2024_yuan"] != "-":
            yield 1, Feed.ENTERPRISES, "2024-12", _firm(row, revenue=_yuan(row["revenue_2024_yuan"]))
        yield from _firm_told(row, "2025-12", _firm(row, revenue=_yuan(row["revenue_2025_yuan"])))


def _industries() -> Iterator[Told]:
    for row in rows("industries"):
        output = int(row["industry"]) * WAN
        yield from _firm_told(row, "2025-06", _firm(row, output=output, revenue=2 * output))


def _register() -> Iterator[Told]:
    for row in rows("register"):
        yield from _firm_told(row, row["report"], _firm(row))


def _firm_told(row: Row, report: str, made: MakeRow) -> Iterator[Told]:
    yield 1, Feed.ENTERPRISES, report, made
    if row["then"] == "left":
        yield 2, Feed.ENTERPRISES, report, gone_firm(row["firm"])


def _firm(row: Row, *, revenue: int | None = None, output: int | None = None) -> MakeRow:
    return firm(
        row["firm"],
        area=row["area"],
        industry=row["industry"],
        above_scale=row["above_scale"] == "yes",
        entered_on=_day(row.get("entered_on", "")),
        entry_kind=row.get("entry_kind") or None,
        exited_on=_day(row.get("exited_on", "")),
        revenue_ytd_yuan=revenue,
        output_ytd_yuan=output,
    )


def _projects() -> Iterator[Told]:
    for row in rows("projects"):
        made = project(
            row["project"],
            area=row["area"],
            industry=row["industry"] or None,
            kind=row["kind"],
            start_evidence=row["start_evidence"],
            **{name: _yuan(row[name]) for name in _PROJECT_AMOUNTS},
            **{name: _day(row[name]) for name in _PROJECT_DATES},
        )
        yield 1, Feed.PROJECTS, row["report"], made
        if row["then"] == "left":
            yield 2, Feed.PROJECTS, row["report"], gone_project(row["project"])


def _titles() -> Iterator[Told]:
    """Every list repeats all titles, as offices keep them."""
    for row in chain(rows("titles"), _repeated()):
        cell = (row["firm"], row["kind"], row["batch"])
        granted, revoked = _day(row["granted_on"]), _day(row["revoked_on"])
        made = recognition(*cell, level=row["level"], granted_on=granted, revoked_on=revoked, area=row["area"])
        for report in TITLE_REPORTS:
            yield 1, Feed.RECOGNITIONS, report, made
            if row["then"] == "left":
                yield 2, Feed.RECOGNITIONS, report, gone_recognition(*cell)


def _repeated() -> Iterator[Row]:
    for row in rows("repeated"):
        title = {"kind": row["kind"], "level": row["level"], "area": "321322", "revoked_on": "", "then": ""}
        twice = {**title, "firm": f"twice-{row['kind']}"}
        yield {**twice, "batch": "2025年/甲", "granted_on": "2025-02-01"}
        yield {**twice, "batch": "2025年/乙", "granted_on": "2025-03-01"}
        if row["renewed"] == "yes":
            renewed = {**title, "firm": f"renewed-{row['kind']}"}
            yield {**renewed, "batch": "2022年", "granted_on": "2022-03-01", "revoked_on": "2025-03-01"}
            yield {**renewed, "batch": "2022年复核", "granted_on": "2025-03-01"}


def _ratings() -> Iterator[Told]:
    for row in rows("ratings"):
        firm_and_year = (row["firm"], int(row["year"]))
        made = (
            rating(*firm_and_year, row["class"], stage=row["stage"], published_on=_day(row["published_on"]))
            if row["class"]
            else gone_rating(*firm_and_year)
        )
        yield int(row["submission"]), Feed.RATINGS, RATINGS_REPORT, made


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _yuan(text: str) -> int | None:
    return int(text) if text else None
