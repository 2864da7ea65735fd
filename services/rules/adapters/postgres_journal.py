"""The journal of evaluations in PostgreSQL, append-only."""

from datetime import date, datetime

from services.rules.adapters.postgres_intake import Connection
from services.rules.application.journal import Round

# Of each city later than its round before, whatever the clocks of replicas say.
_INSTANT = """
SELECT greatest($2, max(last.at) + interval '1 microsecond') FROM unnest($1::text[]) AS city CROSS JOIN LATERAL (
    SELECT at FROM rules.evaluations AS evaluation WHERE evaluation.city = city.city ORDER BY at DESC LIMIT 1
) AS last
"""

_BEGIN = """
WITH round AS (SELECT nextval('rules.evaluation_rounds') AS round)
INSERT INTO rules.evaluations (round, city, at, cause, subjects, correlation_id)
SELECT round.round, city.city, $2, $3, $4, $5 FROM round, unnest($1::text[]) AS city (city)
"""

_LAST_TICK = """
SELECT subjects[1] FROM rules.evaluations WHERE city = $1 AND cause = 'tick' ORDER BY at DESC LIMIT 1
"""


class PostgresJournal:
    """The journal over one connection, inside its transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def begin(self, entry: Round, *, now: datetime) -> datetime:
        """Keep a round and return its instant."""
        cities = list(entry.cities)
        at: datetime = await self._connection.fetchval(_INSTANT, cities, now) or now
        await self._connection.execute(_BEGIN, cities, at, entry.cause, list(entry.subjects), entry.correlation_id)
        return at

    async def last_tick(self, city: str) -> date | None:
        """Return the day of the last tick."""
        day: str | None = await self._connection.fetchval(_LAST_TICK, city)
        return None if day is None else date.fromisoformat(day)
