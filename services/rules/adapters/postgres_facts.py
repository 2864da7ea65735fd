"""Answers the domain's questions from PostgreSQL, one set-based statement a question."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from operator import attrgetter

import asyncpg
import orjson

from services.rules.adapters import facts_sql, figures_sql
from services.rules.adapters.current_version import FIRMS, PROJECTS, RATINGS, SEVERAL_SOURCES, TITLES, Rows
from services.rules.adapters.disputes_sql import disputed_firms
from services.rules.adapters.fact_records import (
    cell_of,
    cell_values_of,
    figure_of,
    firm_of,
    project_of,
    rating_of,
    recognition_of,
    register_total_of,
    report_of,
    revenue_of,
    version_of,
)
from services.rules.adapters.postgres_intake import Connection
from services.rules.domain.evidence import shares_digest_of
from services.rules.domain.facts import (
    ClassDFacts,
    FigureFact,
    MemberFact,
    MembersQuestion,
    ProjectFact,
    ProjectsQuestion,
    RatingsQuestion,
    RecognitionFact,
    RecognitionsQuestion,
)
from services.rules.domain.feed import Feed
from services.rules.domain.firm_facts import (
    Candidate,
    CandidateFacts,
    CandidatesQuestion,
    FirmFact,
    RegisterQuestion,
    RegisterTotals,
    RegisterTotalsQuestion,
    RevenueFact,
    RevenueQuestion,
)
from services.rules.domain.ledger import Ledger, Submission
from services.rules.domain.rows import FigureCell, statistical_year
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

    async def _versions(self, rows: Rows, city: str) -> str:
        """Return the relation that tells which versions of the city's rows are current."""
        return rows.relation(several=await self._are_several(rows, city))

    async def _are_several(self, rows: Rows, city: str) -> bool:
        return bool(await self._connection.fetchval(SEVERAL_SOURCES, city, rows.feed))

    async def ledger(self, city: str) -> Ledger:
        """Return the complete submissions of the city."""
        records = await self._connection.fetch(facts_sql.REPORTS, city)
        simulated = frozenset(one for record in records for one in record["simulated"] or ())
        return Ledger(tuple(report_of(record) for record in records), simulated)

    async def projects(self, question: ProjectsQuestion) -> tuple[ProjectFact, ...]:
        """Answer for projects."""
        statement = facts_sql.projects(await self._versions(PROJECTS, question.city), question.event)
        records = await self._connection.fetch(
            statement, question.city, question.since, question.until, question.known_by
        )
        return tuple(sorted((project_of(record) for record in records), key=_by_key))

    async def register_totals(self, question: RegisterTotalsQuestion) -> RegisterTotals:
        """Answer for what the register holds, summed in the database."""
        asked = (question.city, question.period.end)
        several = await self._are_several(FIRMS, question.city)
        rows = FIRMS.relation(several=several)
        records = await self._connection.fetch(facts_sql.register_totals(rows), *asked)
        differ = await self._connection.fetch(disputed_firms(rows), *asked) if several else ()
        groups: defaultdict[tuple[str, str], list[asyncpg.Record]] = defaultdict(list)
        shares: Counter[str] = Counter()
        for record in records:
            shares[str(record["sequence"])] += record["considered"]
            if record["firms"]:
                groups[record["area"], record["industry"]].append(record)
        return RegisterTotals(
            tuple(register_total_of(area, industry, groups[area, industry]) for area, industry in sorted(groups)),
            sum(record["considered"] for record in records),
            shares_digest_of(shares),
            {(record["area"], record["industry"]): record["firms"] for record in differ},
        )

    async def register_moves(self, question: RegisterQuestion) -> tuple[FirmFact, ...]:
        """Answer for the register, from the reports of the statistical year alone."""
        first, last = date(question.year, 3, 1), Period.month(question.year + 1, 1).end
        statement = facts_sql.register_moves(await self._versions(FIRMS, question.city))
        records = await self._connection.fetch(
            statement, question.city, question.year, first, min(question.until, last)
        )
        return tuple(sorted((firm_of(record) for record in records), key=_by_key))

    async def candidates(self, question: CandidatesQuestion) -> CandidateFacts:
        """Answer for firms that may enter the register next."""
        record = await self._connection.fetchrow(
            facts_sql.candidates(await self._versions(FIRMS, question.city)),
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
        statement = facts_sql.revenues(await self._versions(FIRMS, question.city))
        records = await self._connection.fetch(
            statement, question.city, question.period.end, question.before.end, question.at_least_yuan
        )
        return tuple(sorted((revenue_of(record) for record in records), key=_by_key))

    async def class_d(self, question: RatingsQuestion) -> ClassDFacts:
        """Answer for firms of class D."""
        rows = await self._versions(RATINGS, question.city)
        rounds = await self._connection.fetch(facts_sql.rounds(rows), question.city)
        records = await self._connection.fetch(facts_sql.class_d(rows), question.city)
        firms = sorted((rating_of(record) for record in records), key=attrgetter("year", "uscc"))
        return ClassDFacts(tuple(record["year"] for record in rounds), tuple(firms))

    async def recognitions(self, question: RecognitionsQuestion) -> tuple[RecognitionFact, ...]:
        """Answer for titles granted to firms."""
        statement = facts_sql.recognitions(await self._versions(TITLES, question.city))
        records = await self._connection.fetch(statement, question.city, list(question.kinds), question.until)
        return tuple(sorted((recognition_of(record) for record in records), key=_by_key))

    async def register_members(self, question: MembersQuestion) -> tuple[MemberFact, ...]:
        """Answer for which firms with titles are in the register."""
        statement = facts_sql.register_members(await self._versions(FIRMS, question.city))
        records = await self._connection.fetch(statement, question.city, question.period.end, list(question.kinds))
        members = (MemberFact(version_of(record, record["key"]), record["is_registered"]) for record in records)
        return tuple(sorted(members, key=_by_key))

    async def figures(self, cells: Iterable[FigureCell]) -> dict[FigureCell, tuple[FigureFact, ...]]:
        """Return what every source states of each cell."""
        asked = [cell_values_of(cell) for cell in set(cells)]
        records = await self._connection.fetch(
            figures_sql.FIGURES, *(list(column) for column in zip(*asked, strict=True))
        )
        stated: defaultdict[FigureCell, list[FigureFact]] = defaultdict(list)
        for fact in sorted(map(figure_of, records), key=attrgetter("source")):
            stated[fact.cell].append(fact)
        return {cell: tuple(facts) for cell, facts in stated.items()}

    async def known_cells(self, places: Iterable[tuple[str, str]]) -> frozenset[FigureCell]:
        """Return every cell of the indicators and areas."""
        indicators, areas = zip(*places, strict=True)
        records = await self._connection.fetch(figures_sql.KNOWN_CELLS, list(indicators), list(areas))
        return frozenset(cell_of(record) for record in records)

    async def superseded_from(self, submission: Submission) -> date | None:
        """Look for later reports of the entities of a small submission; a large one is taken to have none."""
        values: tuple[object, ...] = (
            submission.submission_id,
            submission.city,
            submission.period.end,
            _SMALL_SUBMISSION,
        )
        statement = facts_sql.superseded_from("project_versions", "code")
        if submission.feed is Feed.ENTERPRISES:
            statement = facts_sql.superseded_from("enterprise_versions", "uscc", within="$5::date")
            values = (*values, Period.month(statistical_year(submission.period.end) + 1, 1).end)
        end: date | None = await self._connection.fetchval(statement, *values)
        return end

    async def moves_register(self, submission_id: str) -> bool:
        """Look at the firms of a small submission; a large one is taken to move the register."""
        return bool(await self._connection.fetchval(facts_sql.MOVES_REGISTER, submission_id, _SMALL_SUBMISSION))

    async def touched_cells(self, submission_id: str) -> frozenset[FigureCell]:
        """Return the cells of a submission."""
        records = await self._connection.fetch(figures_sql.TOUCHED_CELLS, submission_id)
        return frozenset(cell_of(record) for record in records)
