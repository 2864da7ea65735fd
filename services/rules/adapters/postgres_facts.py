"""Answers the domain's questions from PostgreSQL, one set-based statement a question."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from operator import attrgetter

import asyncpg
import orjson

from services.rules.adapters import facts_sql
from services.rules.adapters.postgres_intake import Connection, submission_of
from services.rules.domain.evidence import shares_digest_of
from services.rules.domain.facts import (
    FigureFact,
    MemberFact,
    MembersQuestion,
    ProjectFact,
    ProjectsQuestion,
    RatingFact,
    RatingsQuestion,
    RecognitionFact,
    RecognitionsQuestion,
)
from services.rules.domain.firm_facts import (
    AmountTotal,
    Candidate,
    CandidateFacts,
    CandidatesQuestion,
    FirmFact,
    RegisterQuestion,
    RegisterTotal,
    RegisterTotals,
    RegisterTotalsQuestion,
    RevenueFact,
    RevenueQuestion,
)
from services.rules.domain.ledger import Ledger
from services.rules.domain.quantity import FirmAmount
from services.rules.domain.rows import FigureCell
from services.rules.domain.version import (
    Version,
)
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

    async def projects(self, question: ProjectsQuestion) -> tuple[ProjectFact, ...]:
        """Answer for projects."""
        records = await self._connection.fetch(
            facts_sql.projects(question.event), question.city, question.since, question.until, question.known_by
        )
        return tuple(sorted((_project(record) for record in records), key=_by_key))

    async def register_totals(self, question: RegisterTotalsQuestion) -> RegisterTotals:
        """Answer for what the register holds, summed in the database."""
        records = await self._connection.fetch(facts_sql.REGISTER_TOTALS, question.city, question.period.end)
        groups: defaultdict[tuple[str, str], list[asyncpg.Record]] = defaultdict(list)
        shares: Counter[str] = Counter()
        for record in records:
            shares[str(record["sequence"])] += record["considered"]
            if record["firms"]:
                groups[record["area"], record["industry"]].append(record)
        return RegisterTotals(
            tuple(_register_total(area, industry, groups[area, industry]) for area, industry in sorted(groups)),
            sum(record["considered"] for record in records),
            shares_digest_of(shares),
        )

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
        digest = shares_digest_of(orjson.loads(record["shares"]))
        return CandidateFacts(tuple(sorted(candidates, key=attrgetter("uscc"))), record["untold"], digest)

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

    async def recognitions(self, question: RecognitionsQuestion) -> tuple[RecognitionFact, ...]:
        """Answer for titles granted to firms."""
        records = await self._connection.fetch(
            facts_sql.RECOGNITIONS, question.city, list(question.kinds), question.until
        )
        return tuple(sorted((_recognition(record) for record in records), key=_by_key))

    async def register_members(self, question: MembersQuestion) -> tuple[MemberFact, ...]:
        """Answer for which firms with titles are in the register."""
        records = await self._connection.fetch(
            facts_sql.REGISTER_MEMBERS, question.city, question.period.end, list(question.kinds)
        )
        members = (MemberFact(_version(record, record["key"]), record["is_registered"]) for record in records)
        return tuple(sorted(members, key=_by_key))

    async def figures(self, cells: Iterable[FigureCell]) -> dict[FigureCell, tuple[FigureFact, ...]]:
        """Return what every source states of each cell."""
        asked = [_cell_values(cell) for cell in set(cells)]
        records = await self._connection.fetch(
            facts_sql.FIGURES, *(list(column) for column in zip(*asked, strict=True))
        )
        stated: defaultdict[FigureCell, list[FigureFact]] = defaultdict(list)
        for fact in sorted(map(_figure, records), key=attrgetter("source")):
            stated[fact.cell].append(fact)
        return {cell: tuple(facts) for cell, facts in stated.items()}

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
    )


def _register_total(area: str, industry: str, records: list[asyncpg.Record]) -> RegisterTotal:
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
        industry=record["industry"] or "",
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


def _recognition(record: asyncpg.Record) -> RecognitionFact:
    return RecognitionFact(
        version=_version(record, "|".join((record["uscc"], record["kind"], record["batch"]))),
        uscc=record["uscc"],
        name=record["name"],
        kind=record["kind"],
        level=record["level"] or "",
        batch=record["batch"],
        area=record["area"] or "",
        granted_on=record["granted_on"],
        revoked_on=record["revoked_on"],
    )


def _figure(record: asyncpg.Record) -> FigureFact:
    cell = _cell(record)
    return FigureFact(
        version=_version(record, "|".join(_cell_values(cell))),
        source=record["source"],
        cell=cell,
        value=record["value"] if record["value"] is not None else Decimal(0),
        unit=record["unit"] or "",
        status=record["status"] or "",
        authority=record["authority"] or "",
        rank=record["rank"],
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
