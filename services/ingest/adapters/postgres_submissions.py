"""Reading submissions back: reports, lists and the bytes as they came.

A sender sees its own source and city only; with the right to release also what was held of others, in its city and feeds.
"""

import zlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import TextClause, text

from services.ingest.adapters.postgres_errors import store_errors
from services.ingest.domain.sender import Sender
from shared.adapters.postgres import SessionFactory

_COLUMNS = """
    submission_id, sequence, source, source_name, simulated, city, feed, period, action, reason, reference, area,
    received, accepted, unchanged, restated, removed, warnings_total, content_type, encode(body_sha256, 'hex') AS
    body_sha256, body_bytes, recorded_at, correlation_id, row_events, published_events, published_at, h.figures, h.held_at,
    h.verb, h.decided_by, h.comment, h.decided_at
"""
_FROM = "ingest.submissions LEFT JOIN ingest.held_submissions h USING (submission_id)"
_OWN = "source = :source AND city = :city"
_OWN_OR_HELD = """
    city = :city AND (source = :source OR h.submission_id IS NOT NULL AND feed = ANY (CAST(:feeds AS text[])))
"""


def _get(visible: str) -> TextClause:
    return text(f"SELECT {_COLUMNS}, warnings FROM {_FROM} WHERE submission_id = :id AND {visible}")


def _list(visible: str) -> TextClause:
    return text(
        f"""
        SELECT {_COLUMNS} FROM {_FROM}
        WHERE {visible} AND sequence < :before AND (CAST(:feed AS text) IS NULL OR feed = :feed)
        AND (NOT :only_held OR h.submission_id IS NOT NULL AND h.verb IS NULL)
        ORDER BY sequence DESC LIMIT :limit
        """
    )


_STATEMENTS = {may_release: (_get(sees), _list(sees)) for may_release, sees in ((False, _OWN), (True, _OWN_OR_HELD))}
"""Two of each: what an ordinary key sees, an index finds."""
_CHUNK = text("SELECT compressed FROM ingest.submission_chunks WHERE submission_id = :id AND ordinal = :ordinal")
_LAST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, newest first; `next` is the cursor of the following one."""

    items: Sequence[Mapping[str, Any]]
    next: int | None


class PostgresSubmissions:
    """Reads what was accepted."""

    def __init__(self, sessions: SessionFactory) -> None:
        self._sessions = sessions

    async def find(self, submission_id: str, sender: Sender) -> Mapping[str, Any] | None:
        """Return one submission with its warnings, None when the sender has no such one."""
        if "\x00" in submission_id:  # PostgreSQL cannot even be asked for it
            return None
        get, _ = _STATEMENTS[sender.may_release]
        with store_errors():
            async with self._sessions() as session:
                row = (await session.execute(get, {"id": submission_id, **_seen_by(sender)})).mappings().one_or_none()
        return dict(row) if row is not None else None

    async def list_page(
        self, sender: Sender, *, feed: str | None, only_held: bool, before: int | None, limit: int
    ) -> Page:
        """Return submissions below the cursor, newest first; with `only_held` those that wait for a release."""
        page = {"feed": feed, "only_held": only_held, "before": before or _LAST, "limit": limit + 1}
        values = {**page, **_seen_by(sender)}
        _, statement = _STATEMENTS[sender.may_release]
        with store_errors():
            async with self._sessions() as session:
                rows = (await session.execute(statement, values)).mappings().all()
        items = [dict(row) for row in rows[:limit]]
        return Page(items, items[-1]["sequence"] if len(rows) > limit else None)

    async def read_file(self, submission_id: str) -> AsyncIterator[bytes]:
        """Yield the bytes as they came, piece by piece; no connection is held between the pieces."""
        ordinal = 0
        while (chunk := await self._read_chunk(submission_id, ordinal)) is not None:
            yield zlib.decompress(chunk)
            ordinal += 1

    async def _read_chunk(self, submission_id: str, ordinal: int) -> bytes | None:
        with store_errors():
            async with self._sessions() as session:
                found: bytes | None = await session.scalar(_CHUNK, {"id": submission_id, "ordinal": ordinal})
                return found


def _seen_by(sender: Sender) -> dict[str, object]:
    own: dict[str, object] = {"source": sender.source, "city": sender.city}
    return {**own, "feeds": [str(feed) for feed in sender.feeds]} if sender.may_release else own
