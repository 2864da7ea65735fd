"""Records of the database as the domain's facts."""

from decimal import Decimal

import asyncpg

from services.rules.domain.facts import FigureFact, ProjectFact, RatingFact, RecognitionFact
from services.rules.domain.feed import Feed
from services.rules.domain.firm_facts import AmountTotal, FirmFact, RegisterTotal, RevenueFact
from services.rules.domain.ledger import Report
from services.rules.domain.quantity import FirmAmount
from services.rules.domain.rows import FigureCell
from services.rules.domain.version import Version
from shared.kernel.period import Period


def report_of(record: asyncpg.Record) -> Report:
    """Return a feed's period as it is known."""
    return Report(
        feed=Feed(record["feed"]),
        period=Period.parse(record["period"]),
        submission_id=record["submission_id"],
        parked=record["parked"],
        arrived_at=record["arrived_at"],
        sources=frozenset(record["sources"]),
    )


def version_of(record: asyncpg.Record, key: str) -> Version:
    """Return which version of the keyed cell a record is."""
    return Version(
        key=key,
        period=Period.parse(record["period"]),
        sequence=record["sequence"],
        submission_id=record["submission_id"],
        removed=record["removed"],
    )


def project_of(record: asyncpg.Record) -> ProjectFact:
    """Return a project's row."""
    return ProjectFact(
        version=version_of(record, record["key"]),
        name=record["name"] or "",
        area=record["area"] or "",
        kind=record["kind"] or "",
        industry=record["industry"],
        planned_total_yuan=record["planned_total_yuan"] or 0,
        largest_total_yuan=record["largest"],
        planned_equipment_yuan=record["planned_equipment_yuan"],
        completed_prior_yuan=record["completed_prior_yuan"],
        completed_ytd_yuan=record["completed_ytd_yuan"],
        started_on=record["started_on"],
        start_evidence=record["start_evidence"] or "none",
        occurred_on=record["occurred_on"],
        is_disputed=record["is_disputed"],
    )


def register_total_of(area: str, industry: str, records: list[asyncpg.Record]) -> RegisterTotal:
    """Join the sums of one area and industry, which come by submission."""
    return RegisterTotal(
        area=area,
        industry=industry,
        firms=sum(record["firms"] for record in records),
        sums={
            amount: AmountTotal(
                sum((Decimal(record[amount]) for record in records), Decimal(0)),
                sum(record[f"untold_{amount}"] for record in records),
            )
            for amount in FirmAmount
        },
        submissions=tuple(sorted(record["submission_id"] for record in records)),
    )


def firm_of(record: asyncpg.Record) -> FirmFact:
    """Return a firm's row."""
    return FirmFact(
        version=version_of(record, record["key"]),
        name=record["name"] or "",
        area=record["area"] or "",
        entered_on=record["entered_on"],
        entry_kind=record["entry_kind"],
        exited_on=record["exited_on"],
        exit_kind=record["exit_kind"],
    )


def revenue_of(record: asyncpg.Record) -> RevenueFact:
    """Return a firm's revenue."""
    return RevenueFact(
        version=version_of(record, record["key"]),
        name=record["name"] or "",
        area=record["area"] or "",
        industry=record["industry"] or "",
        largest_yuan=record["largest"],
        revenue_yuan=record["revenue"],
        before_yuan=record["before_revenue"],
        before_sequence=record["before_sequence"],
        before_submission_id=record["before_submission_id"],
    )


def rating_of(record: asyncpg.Record) -> RatingFact:
    """Return a firm of class D."""
    return RatingFact(
        uscc=record["uscc"],
        year=record["year"],
        name=record["name"],
        area=record["area"],
        published_on=record["published_on"],
        score=record["score"],
        submission_id=record["submission_id"],
    )


def recognition_of(record: asyncpg.Record) -> RecognitionFact:
    """Return a title."""
    return RecognitionFact(
        version=version_of(record, "|".join((record["uscc"], record["kind"], record["batch"]))),
        uscc=record["uscc"],
        name=record["name"],
        kind=record["kind"],
        level=record["level"] or "",
        batch=record["batch"],
        area=record["area"] or "",
        granted_on=record["granted_on"],
        revoked_on=record["revoked_on"],
    )


def figure_of(record: asyncpg.Record) -> FigureFact:
    """Return a published figure."""
    cell = cell_of(record)
    return FigureFact(
        version=version_of(record, "|".join(cell_values_of(cell))),
        source=record["source"],
        cell=cell,
        value=record["value"] if record["value"] is not None else Decimal(0),
        unit=record["unit"] or "",
        status=record["status"] or "",
        authority=record["authority"] or "",
        rank=record["rank"],
    )


def cell_of(record: asyncpg.Record) -> FigureCell:
    """Return which published figure a record is of."""
    return FigureCell(
        record["indicator"],
        record["area"],
        Period.parse(record["value_period"]),
        record["measure"],
        record["basis"],
    )


def cell_values_of(cell: FigureCell) -> tuple[str, str, str, str, str]:
    """Return a cell as the database writes it."""
    return (cell.indicator, cell.area, str(cell.value_period), cell.measure, cell.basis)
