"""Answers the domain's questions from PostgreSQL, one set-based statement a question."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from operator import attrgetter

import asyncpg
import orjson

from services.rules.adapters import facts_sql
from services.rules.adapters.postgres_intake import Connection, submission_of
from services.rules.domain.facts import (
    Candidate,
    CandidateFacts,
    CandidatesQuestion,
    FigureFact,
    FirmFact,
    ProjectFact,
    RatingFact,
    RatingsQuestion,
    RegisterQuestion,
    RevenueFact,
    RevenueQuestion,
    StartsQuestion,
    Version,
)
from services.rules.domain.ledger import Ledger
from services.rules.domain.rows import FigureCell
from shared.kernel.period import Period

_PLANNING = (
    "SET LOCAL work_mem = '64MB'",
    "SET LOCAL plan_cache_mode = force_custom_plan",
    "SET LOCAL jit = off",
)
_SMALL_SUBMISSION = 1000
_by_key = attrgetter("version.key")


class PostgresFacts:
    """The facts over one connection, inside its transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def lock(self, cities: Iterable[str]) -> None:
        """Take the cities' advisory locks until the transaction ends, in order (no deadlock)."""
        for setting in _PLANNING:
            await self._connection.execute(setting)
        for city in sorted(cities):
            await self._connection.execute("SELECT pg_advisory_xact_lock(hashtext($1))", f"rules.city.{city}")

    async def ledger(self, city: str) -> Ledger:
        """Return the complete submissions of the city."""
        return Ledger.of(submission_of(record) for record in await self._connection.fetch(facts_sql.LEDGER, city))

    async def project_starts(self, question: StartsQuestion) -> tuple[ProjectFact, ...]:
        """Answer for projects."""
        records = await self._connection.fetch(facts_sql.PROJECT_STARTS, question.city, question.since, question.until)
        return tuple(sorted((_project(record) for record in records), key=_by_key))

    async def register_moves(self, question: RegisterQuestion) -> tuple[FirmFact, ...]:
        """Answer for the register, from the reports of the statistical year alone."""
        first, last = date(question.year, 3, 1), Period.month(question.year + 1, 1).end
        records = await self._connection.fetch(
            facts_sql.REGISTER_MOVES, question.city, question.year, first, min(question.until, last)
        )
        return tuple(sorted((_firm(record) for record in records), key=_by_key))

    async def candidates(self, question: CandidatesQuestion) -> CandidateFacts:
        """Answer for firms that may enter the register next."""
        record = await self._connection.fetchrow(
            facts_sql.CANDIDATES,
            question.city,
            question.period.end,
            question.year_end_before.end,
            question.year_before.end,
            question.min_revenue_yuan,
        )
        if record is None:
            raise asyncpg.InternalClientError("an aggregate returned no row")
        candidates = [
            Candidate(uscc=uscc, name=name, area=area, revenue_yuan=revenue, submission_id=submission_id)
            for uscc, name, area, revenue, submission_id in orjson.loads(record["candidates"])
        ]
        return CandidateFacts(tuple(sorted(candidates, key=attrgetter("uscc"))), record["untold"], record["digest"])

    async def revenues(self, question: RevenueQuestion) -> tuple[RevenueFact, ...]:
        """Answer for firms over a line of revenue."""
        records = await self._connection.fetch(
            facts_sql.REVENUES, question.city, question.period.end, question.before.end, question.at_least_yuan
        )
        return tuple(sorted((_revenue(record) for record in records), key=_by_key))

    async def class_d(self, question: RatingsQuestion) -> tuple[RatingFact, ...]:
        """Answer for firms of class D."""
        records = await self._connection.fetch(facts_sql.CLASS_D, question.city)
        return tuple(sorted((_rating(record) for record in records), key=attrgetter("uscc")))

    async def figures(self, cells: Iterable[FigureCell]) -> dict[FigureCell, FigureFact]:
        """Return the newest version of each cell."""
        asked = [_cell_values(cell) for cell in cells]
        records = await self._connection.fetch(
            facts_sql.FIGURES, *(list(column) for column in zip(*asked, strict=True))
        )
        return {fact.cell: fact for fact in map(_figure, records)}

    async def known_cells(self, indicators: Iterable[str]) -> frozenset[FigureCell]:
        """Return every cell of the indicators."""
        records = await self._connection.fetch(facts_sql.KNOWN_CELLS, list(indicators))
        return frozenset(_cell(record) for record in records)

    async def moves_register(self, submission_id: str) -> bool:
        """Look at the firms of a small submission; a large one is taken to move the register."""
        return bool(await self._connection.fetchval(facts_sql.MOVES_REGISTER, submission_id, _SMALL_SUBMISSION))

    async def touched_cells(self, submission_id: str) -> frozenset[FigureCell]:
        """Return the cells of a submission."""
        records = await self._connection.fetch(facts_sql.TOUCHED_CELLS, submission_id)
        return frozenset(_cell(record) for record in records)


def _version(record: asyncpg.Record, key: str) -> Version:
    return Version(
        key=key,
        period=Period.parse(record["period"]),
        sequence=record["sequence"],
        submission_id=record["submission_id"],
        removed=record["removed"],
    )


def _project(record: asyncpg.Record) -> ProjectFact:
    return ProjectFact(
        version=_version(record, record["key"]),
        name=record["name"] or "",
        area=record["area"] or "",
        planned_total_yuan=record["planned_total_yuan"] or 0,
        largest_total_yuan=record["largest"],
        started_on=record["started_on"],
        start_evidence=record["start_evidence"] or "none",
    )


def _firm(record: asyncpg.Record) -> FirmFact:
    return FirmFact(
        version=_version(record, record["key"]),
        name=record["name"] or "",
        area=record["area"] or "",
        entered_on=record["entered_on"],
        entry_kind=record["entry_kind"],
        exited_on=record["exited_on"],
        exit_kind=record["exit_kind"],
    )


def _revenue(record: asyncpg.Record) -> RevenueFact:
    return RevenueFact(
        version=_version(record, record["key"]),
        name=record["name"] or "",
        area=record["area"] or "",
        largest_yuan=record["largest"],
        revenue_yuan=record["revenue"],
        before_yuan=record["before_revenue"],
        before_sequence=record["before_sequence"],
        before_submission_id=record["before_submission_id"],
    )


def _rating(record: asyncpg.Record) -> RatingFact:
    return RatingFact(
        uscc=record["uscc"],
        year=record["year"],
        name=record["name"],
        area=record["area"],
        published_on=record["published_on"],
        score=record["score"],
        submission_id=record["submission_id"],
    )


def _figure(record: asyncpg.Record) -> FigureFact:
    cell = _cell(record)
    return FigureFact(
        version=_version(record, "|".join(_cell_values(cell))),
        cell=cell,
        value=record["value"] if record["value"] is not None else Decimal(0),
        unit=record["unit"] or "",
        status=record["status"] or "",
        authority=record["authority"] or "",
    )


def _cell(record: asyncpg.Record) -> FigureCell:
    return FigureCell(
        record["indicator"],
        record["area"],
        Period.parse(record["value_period"]),
        record["measure"],
        record["basis"],
    )


def _cell_values(cell: FigureCell) -> tuple[str, str, str, str, str]:
    return (cell.indicator, cell.area, str(cell.value_period), cell.measure, cell.basis)
