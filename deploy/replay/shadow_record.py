"""What is kept of a shadow, in schema `shadow`: how far it is, and the difference. Nothing else is ever written."""

import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from deploy.replay.backtest_report import opening_document
from deploy.replay.databases import Connection, connected
from deploy.replay.difference import Difference, Place, changes_between
from deploy.replay.errors import NoSuchShadowError, ShadowRunningError
from deploy.replay.journal import JournalRound
from deploy.replay.openings import Opening, Pair

ROLE = "planwatch_shadow"

_LOCK = "SELECT pg_try_advisory_lock(hashtext('planwatch.shadow'), hashtext($1))"
# In shadow since when is asked of the same plans: starting them again changes nothing of that.
_BEGIN = """
INSERT INTO shadow.shadows AS known (name, city, plan_ids, fingerprint, state, started_at)
VALUES ($1, $2, $3, $4, 'running', now())
ON CONFLICT (name) DO UPDATE SET
    started_at = CASE
        WHEN (known.fingerprint, known.city) IS NOT DISTINCT FROM (EXCLUDED.fingerprint, EXCLUDED.city)
        THEN known.started_at ELSE EXCLUDED.started_at END,
    city = EXCLUDED.city, plan_ids = EXCLUDED.plan_ids, fingerprint = EXCLUDED.fingerprint, state = 'running',
    reason = NULL, ended_at = NULL, rounds_done = 0, rounds_known = 0, round = NULL, round_at = NULL, compared_at = NULL
"""
_NOTHING_COMPARED = "DELETE FROM shadow.differences WHERE name = $1"
_PROGRESS = "UPDATE shadow.shadows SET rounds_done = $2, rounds_known = $3 WHERE name = $1"
_COMPARED = "UPDATE shadow.shadows SET round = $2, round_at = $3, compared_at = now() WHERE name = $1"
_END = "UPDATE shadow.shadows SET state = $2, reason = $3, ended_at = now() WHERE name = $1"
_GONE = "DELETE FROM shadow.differences WHERE name = $1 AND target_id = $2 AND area = $3 AND kind = $4 AND place = $5"
_PUT = """
INSERT INTO shadow.differences (name, target_id, area, kind, place, outcome, plan_id, city, area_name, name_zh, name_en,
    quote, simulated, live, shadow)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
"""
_FORGET = "DELETE FROM shadow.shadows WHERE name = $1"


@asynccontextmanager
async def held_name(live_url: str, name: str) -> AsyncIterator[Connection]:
    """Hold a shadow's name as long as the connection lives; raise ShadowRunningError when another process holds it."""
    async with connected(live_url, role=ROLE) as connection:
        if not await connection.fetchval(_LOCK, name):
            raise ShadowRunningError(name)
        yield connection


async def forget_record(connection: Connection, name: str) -> None:
    """Forget a shadow and its difference; raise NoSuchShadowError."""
    if await connection.execute(_FORGET, name) == "DELETE 0":
        raise NoSuchShadowError(name)


@dataclass(slots=True)
class ShadowRecord:
    """The record of one run of a shadow. What a run before it kept is replaced."""

    connection: Connection
    name: str
    _kept: Difference = field(default_factory=dict)
    _is_compared: bool = False

    async def begin(self, *, city: str | None, plan_ids: Iterable[str], fingerprint: str) -> None:
        """Begin anew: nothing is judged or compared yet."""
        async with self.connection.transaction():
            await self.connection.execute(_NOTHING_COMPARED, self.name)
            await self.connection.execute(_BEGIN, self.name, city, sorted(plan_ids), fingerprint)

    async def progress(self, *, done: int, known: int) -> None:
        """Say how many rounds of the live journal are judged, and how many there are."""
        await self.connection.execute(_PROGRESS, self.name, done, known)

    async def compared(self, difference: Difference, last: JournalRound | None) -> bool:
        """Keep the difference as it is after a round; return whether it is another one than before."""
        number, at = (None, None) if last is None else (last.number, last.at)
        changes = changes_between(self._kept, difference)
        async with self.connection.transaction():
            await self.connection.executemany(_GONE, [self._at(place) for place in (*changes.gone, *changes.new)])
            await self.connection.executemany(_PUT, [self._row(place, pair) for place, pair in changes.new.items()])
            await self.connection.execute(_COMPARED, self.name, number, at)
        is_news = not self._is_compared or bool(changes.gone or changes.new)
        self._kept, self._is_compared = difference, True
        return is_news

    async def end(self, *, reason: str | None = None) -> None:
        """Say that the shadow ended; with a reason, that it failed."""
        await self.connection.execute(_END, self.name, "ended" if reason is None else "failed", reason)

    def _at(self, place: Place) -> tuple[object, ...]:
        key, number = place
        return (self.name, key.target_id, key.area, key.kind.value, number)

    def _row(self, place: Place, pair: Pair) -> tuple[object, ...]:
        shown = pair.shown
        sides = [one for one in (pair.live, pair.tried) if one is not None]
        return (
            *self._at(place),
            pair.outcome.value,
            shown.plan_id,
            shown.city,
            shown.area_name,
            shown.name,
            shown.name_en,
            shown.quote,
            any(one.simulated for one in sides),
            _side(pair.live, alert_id=None if pair.live is None else pair.live.alert_id),
            _side(pair.tried, alert_id=None),
        )


def _side(one: Opening | None, *, alert_id: str | None) -> str | None:
    return None if one is None else json.dumps({**opening_document(one), "alert_id": alert_id})
