"""The same data as plain frames: of each cell the version with the highest sequence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import polars as pl

from benchmarks.restatement.numbers import SCALE
from benchmarks.restatement.pushes import Event
from benchmarks.restatement.size import Size
from services.rules.domain.ledger import Announcement
from services.rules.domain.rows import (
    EnterpriseRow,
    IndicatorRow,
    ProjectRow,
    RatingRow,
    RecognitionRow,
    statistical_year,
)
from shared.kernel.period import Period


@dataclass(frozen=True, slots=True)
class Frames:
    """What a batch from scratch begins with. `no` counts the reports, the oldest is 0; amounts are yuan or ten-thousandths."""

    reports: pl.DataFrame
    figures: pl.DataFrame
    projects: pl.DataFrame
    firms: pl.DataFrame
    titles: pl.DataFrame


@dataclass(slots=True)
class Archive:
    """Keeps what was sent last of each cell; events come in the order of their sequences."""

    figures: dict[tuple[object, ...], IndicatorRow] = field(default_factory=dict)
    projects: dict[tuple[object, ...], ProjectRow] = field(default_factory=dict)
    firms: dict[tuple[object, ...], EnterpriseRow] = field(default_factory=dict)
    titles: dict[tuple[object, ...], RecognitionRow] = field(default_factory=dict)

    def keep(self, events: Iterable[Event]) -> None:
        """Replace what the events restate."""
        for event in events:
            match event:
                case IndicatorRow(origin, cell):
                    self.figures[origin.city, cell] = event
                case ProjectRow(origin, code):
                    self.projects[origin.period, code] = event
                case EnterpriseRow(origin, uscc):
                    self.firms[origin.period, uscc] = event
                case RecognitionRow(_, uscc, kind, batch):
                    self.titles[uscc, kind, batch] = event
                case RatingRow() | Announcement():
                    pass

    def frames(self, size: Size) -> Frames:
        """Return everything as frames."""
        numbers = {report: no for no, report in enumerate(size.reports)}
        return Frames(
            reports=_reports(size.reports),
            figures=_figures(self.figures.values(), numbers),
            projects=_projects(self.projects.values(), numbers),
            firms=_firms(self.firms.values(), numbers),
            titles=_titles(self.titles.values()),
        )


Numbers = dict[Period, int]


def _reports(reports: Sequence[Period]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "no": list(range(len(reports))),
            "period": [str(report) for report in reports],
            "year": [report.year for report in reports],
            "month": [report.last_month for report in reports],
            "end": [report.end for report in reports],
            "register_year": [statistical_year(report.end) for report in reports],
        }
    )


def _figures(rows: Iterable[IndicatorRow], numbers: Numbers) -> pl.DataFrame:
    told = [(row.origin.city, row.cell, row.report) for row in rows if row.report is not None]
    return pl.DataFrame(
        {
            "city": [city for city, _, _ in told],
            "slug": [cell.indicator for _, cell, _ in told],
            "no": [numbers[cell.value_period] for _, cell, _ in told],
            "actual": [int(report.value * SCALE) for _, _, report in told],
        }
    )


def _projects(rows: Iterable[ProjectRow], numbers: Numbers) -> pl.DataFrame:
    told = [(row.origin, row.code, row.report) for row in rows if row.report is not None]
    return pl.DataFrame(
        {
            "city": [origin.city for origin, _, _ in told],
            "no": [numbers[origin.period] for origin, _, _ in told],
            "code": [code for _, code, _ in told],
            "total": [report.planned_total_yuan for _, _, report in told],
            "signed": [report.signed_on for _, _, report in told],
            "started": [report.started_on if report.start_evidence == "accepted" else None for _, _, report in told],
            "completed": [report.completed_on for _, _, report in told],
            "in_production": [report.production_on for _, _, report in told],
        },
        schema_overrides=dict.fromkeys(("signed", "started", "completed", "in_production"), pl.Date),
    )


def _firms(rows: Iterable[EnterpriseRow], numbers: Numbers) -> pl.DataFrame:
    told = [(row.origin, row.uscc, row.report) for row in rows if row.report is not None]
    return pl.DataFrame(
        {
            "city": [origin.city for origin, _, _ in told],
            "no": [numbers[origin.period] for origin, _, _ in told],
            "uscc": [uscc for _, uscc, _ in told],
            "industry": [report.industry for _, _, report in told],
            "above_scale": [report.above_scale for _, _, report in told],
            "entered_on": [report.entered_on for _, _, report in told],
            "exited_on": [report.exited_on for _, _, report in told],
            "revenue": [report.revenue_ytd_yuan for _, _, report in told],
            "output": [report.output_ytd_yuan for _, _, report in told],
            "profit": [report.profit_ytd_yuan for _, _, report in told],
            "tax": [report.tax_ytd_yuan for _, _, report in told],
        },
        schema_overrides={"entered_on": pl.Date, "exited_on": pl.Date},
    )


def _titles(rows: Iterable[RecognitionRow]) -> pl.DataFrame:
    told = [(row.origin, row, row.report) for row in rows if row.report is not None]
    return pl.DataFrame(
        {
            "city": [origin.city for origin, _, _ in told],
            "uscc": [row.uscc for _, row, _ in told],
            "kind": [row.kind for _, row, _ in told],
            "granted_on": [report.granted_on for _, _, report in told],
            "revoked_on": [report.revoked_on for _, _, report in told],
        },
        schema_overrides={"granted_on": pl.Date, "revoked_on": pl.Date},
    )
