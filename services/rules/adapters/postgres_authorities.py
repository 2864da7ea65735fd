"""Versions of the ranks of authorities in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime

from services.rules.adapters.postgres_intake import Connection
from services.rules.adapters.postgres_plans import LOCK
from services.rules.domain.authority import RankedAuthority

_NEWEST = """
SELECT version, pattern, rank, name_zh, name_en, note FROM rules.authorities
WHERE version = (SELECT max(version) FROM rules.authorities) ORDER BY place
"""

_STORE = """
INSERT INTO rules.authorities (version, place, pattern, rank, name_zh, name_en, note, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""


class PostgresAuthorities:
    """The ranks over one connection, inside its transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def store(self, authorities: Sequence[RankedAuthority], *, now: datetime) -> bool:
        """Write a new version if the ranks changed; nobody judges by the old one from then on, as with plans."""
        await self._connection.execute(LOCK)
        known = await self._connection.fetch(_NEWEST)
        lines = [(one.pattern, one.rank, one.name.zh, one.name.en, one.note) for one in authorities]
        if lines == [tuple(record)[1:] for record in known]:
            return False
        version = known[0]["version"] + 1 if known else 1
        records = [(version, place, *line, now) for place, line in enumerate(lines, start=1)]
        await self._connection.executemany(_STORE, records)
        return True
