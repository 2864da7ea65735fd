"""API keys in PostgreSQL, and which feeds they make expected."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.engine import Row

from services.ingest.adapters.postgres_errors import store_errors
from services.ingest.application.ports import FeedState
from services.ingest.domain.feeds import FeedName
from services.ingest.domain.sender import Sender
from shared.adapters.postgres import SessionFactory

_COLUMNS = "key_id, source, name, simulated, authority, city, feeds, created_at, may_release, revoked_at"
_FIND = text(f"SELECT {_COLUMNS} FROM ingest.api_keys WHERE secret_sha256 = :secret AND revoked_at IS NULL")
_LIST = text(f"SELECT {_COLUMNS} FROM ingest.api_keys ORDER BY created_at, key_id")
_ADD = text(
    f"INSERT INTO ingest.api_keys ({_COLUMNS}, secret_sha256) VALUES"
    " (:key_id, :source, :name, :simulated, :authority, :city, :feeds, :created_at, :may_release, NULL, :secret)"
)
_REVOKE = text(
    "UPDATE ingest.api_keys SET revoked_at = :at WHERE key_id = :key_id AND revoked_at IS NULL RETURNING key_id"
)
_STATES = text(
    """
    SELECT expected.city, expected.feed, newest.period AS newest_period, expected.since AS expected_since
    FROM (
        SELECT city, feed, min(created_at) AS since FROM ingest.api_keys CROSS JOIN unnest(feeds) AS feed
        WHERE revoked_at IS NULL GROUP BY city, feed
    ) expected
    LEFT JOIN LATERAL (
        SELECT s.period FROM ingest.submissions s WHERE s.city = expected.city AND s.feed = expected.feed
        ORDER BY s.period_end DESC, s.sequence DESC LIMIT 1
    ) newest ON true
    ORDER BY 1, 2
    """
)


class PostgresKeyStore:
    """Keys (a `KeyStore`) and feed states (`FeedStates`)."""

    def __init__(self, sessions: SessionFactory) -> None:
        self._sessions = sessions

    async def find(self, secret_sha256: bytes) -> Sender | None:
        """Return whom an unrevoked key belongs to."""
        with store_errors():
            async with self._sessions() as session:
                row = (await session.execute(_FIND, {"secret": secret_sha256})).one_or_none()
        return None if row is None else _sender(row)

    async def add(self, sender: Sender, secret_sha256: bytes) -> None:
        """Keep a new key."""
        values = {
            "key_id": sender.key_id,
            "source": sender.source,
            "name": sender.name,
            "simulated": sender.simulated,
            "authority": sender.authority,
            "city": sender.city,
            "feeds": [str(feed) for feed in sender.feeds],
            "created_at": sender.created_at,
            "may_release": sender.may_release,
            "secret": secret_sha256,
        }
        with store_errors():
            async with self._sessions.begin() as session:
                await session.execute(_ADD, values)

    async def revoke(self, key_id: str, at: datetime) -> bool:
        """Refuse the key from now on; False when there is none in force."""
        with store_errors():
            async with self._sessions.begin() as session:
                return (await session.execute(_REVOKE, {"key_id": key_id, "at": at})).scalar() is not None

    async def list_all(self) -> Sequence[Sender]:
        """Return every key, oldest first."""
        with store_errors():
            async with self._sessions() as session:
                return [_sender(row) for row in await session.execute(_LIST)]

    async def list_states(self) -> Sequence[FeedState]:
        """Return one state for each city and feed that an unrevoked key may write."""
        with store_errors():
            async with self._sessions() as session:
                rows = await session.execute(_STATES)
                return [FeedState(**row._mapping) for row in rows]


def _sender(row: Row[tuple[object, ...]]) -> Sender:
    values = dict(row._mapping)
    values["feeds"] = tuple(FeedName(feed) for feed in values["feeds"])
    return Sender(**values)
