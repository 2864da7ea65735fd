"""What is known of one series, in one transaction: staged rows are compared with it, measured against it and written."""

from typing import TYPE_CHECKING

from services.ingest.adapters import acceptance_sql as sql
from services.ingest.application.ports import AreaFilter
from services.ingest.domain.feeds import MainAmount
from services.ingest.domain.restatement import Extent
from services.ingest.domain.submission import Comparison, RestatedRow, Series

if TYPE_CHECKING:
    import asyncpg

_NEWEST = 2**63 - 1
"""The place of a submission that has none yet: it comes after all others."""


class KnownSeries:
    """One series, held from `hold` to the end of the transaction; `compare` comes before all that follows from it."""

    def __init__(
        self, connection: "asyncpg.Connection[asyncpg.Record]", series: Series, *, sequence: int = _NEWEST
    ) -> None:
        self._connection = connection
        self._series = series
        self._key = (series.source, series.city, str(series.feed), series.period)
        self._before = sequence
        self._left_areas: list[str] = []
        self._corrected = 0

    async def hold(self) -> None:
        """Keep other submissions and releases of the source, city and feed waiting."""
        series = self._series
        await self._connection.execute(
            sql.LOCK, "\x1f".join(("ingest.accept", series.source, series.city, series.feed))
        )

    async def compare(self, *, replaces: AreaFilter | None) -> Comparison:
        """Compare what was staged with what is known."""
        if replaces is not None:
            await self._connection.execute(sql.JOIN_BY_HASH)
            areas = await self._connection.fetch(sql.SELECT_KNOWN_AREAS, *self._key)
            self._left_areas = [row["area"] for row in areas if replaces(row["area"])]
        counts = await self._connection.fetchrow(sql.COMPARE, *self._key)
        if counts is None:
            raise AssertionError("an aggregate always answers")
        left = 0
        if self._left_areas:
            left = await self._connection.fetchval(sql.COUNT_LEFT, *self._key, self._left_areas, self._before)
        comparison = Comparison(**dict(counts), left=left)
        self._corrected = comparison.corrected
        return comparison

    async def list_restated(self, limit: int) -> list[RestatedRow]:
        """Return restated rows by number, then the cells that left."""
        changed = await self._connection.fetch(sql.LIST_RESTATED, *self._key, limit)
        left = await self._connection.fetch(
            sql.LIST_LEFT, *self._key, self._left_areas, self._before, limit - len(changed)
        )
        return [RestatedRow(row["row_number"], row["cell"]) for row in (*changed, *left)]

    async def measure(self, amount: MainAmount | None) -> Extent:
        """Return how much of what is known changes."""
        await self._connection.execute(sql.JOIN_BY_HASH)
        known_rows = await self._connection.fetchval(sql.COUNT_KNOWN, *self._key)
        if amount is None:
            return Extent(known_rows=known_rows, changed_rows=self._corrected)
        submissions = await self._connection.fetch(sql.SELECT_KNOWN_SUBMISSIONS, *self._key)
        row = await self._connection.fetchrow(
            sql.SUM_AMOUNTS if amount.is_money else sql.LARGEST_AMOUNT,
            *(*self._key, self._left_areas, self._before, amount.field, [row[0] for row in submissions]),
        )
        return Extent(known_rows=known_rows, changed_rows=self._corrected, **(dict(row) if row is not None else {}))

    async def write(self, submission_id: str, sequence: int, *, received: int, left: int) -> None:
        """Write the rows that bring something: they are published and known from now on."""
        await self._connection.execute(sql.INSERT_ROWS, *self._key, submission_id, sequence)
        if left:
            before = min(self._before, sequence)
            await self._connection.execute(
                sql.REMOVE_LEFT, *self._key, self._left_areas, before, submission_id, received
            )
        if await self._connection.fetchval(sql.IS_ANY_HELD, *self._key):
            await self._connection.execute(sql.CONFIRM_NAMED, *self._key, sequence)

    async def drop_spoken_of(self, *, since: int, spoken_of: AreaFilter) -> None:
        """Take out of the staged rows what submissions after `since` have spoken of."""
        areas = await self._connection.fetch(sql.SELECT_STAGED_AREAS)
        covered = [row["area"] for row in areas if spoken_of(row["area"])]
        await self._connection.execute(sql.DROP_SPOKEN_OF, *self._key, since, covered)
