"""Forecasts in PostgreSQL, append-only: the highest sequence of a target is what is stated now."""

from collections.abc import Collection, Sequence
from datetime import datetime

import orjson

from services.rules.adapters.evidence_codec import reason_json
from services.rules.adapters.postgres_intake import Connection
from services.rules.domain.forecast import NotEnoughData
from services.rules.domain.stated_forecast import StatedForecast

_HEADS = """
SELECT DISTINCT ON (target_id) target_id, fingerprint FROM rules.forecasts
WHERE city = $1 AND target_id = ANY($2) ORDER BY target_id, sequence DESC
"""

_APPEND = """
INSERT INTO rules.forecasts (target_id, target_version, area, city, period, period_end, recorded_at, horizon, point, low,
    high, probability, method, points, reason, fingerprint, correlation_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15::jsonb, $16, $17)
"""


class PostgresForecasts:
    """Forecasts over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def heads(self, city: str, target_ids: Collection[str]) -> dict[str, str]:
        """Return the fingerprint of what is stated now of each target."""
        records = await self._connection.fetch(_HEADS, city, list(target_ids))
        return {record["target_id"]: record["fingerprint"] for record in records}

    async def append(self, forecasts: Sequence[StatedForecast], *, now: datetime, correlation_id: str) -> None:
        """Keep what is stated."""
        await self._connection.executemany(_APPEND, [_values(one, now, correlation_id) for one in forecasts])


def _values(stated: StatedForecast, now: datetime, correlation_id: str) -> tuple[object, ...]:
    target, outcome = stated.target, stated.outcome
    said: tuple[object, ...]
    if isinstance(outcome, NotEnoughData):
        said = (None, None, None, None, None, outcome.points, orjson.dumps(reason_json(outcome.reason)).decode())
    else:
        numbers = (outcome.point, outcome.low, outcome.high, outcome.probability)
        said = (*numbers, str(outcome.method), outcome.points, None)
    return (
        target.id,
        target.version,
        target.place.id,
        target.place.city,
        str(stated.period),
        stated.period.end,
        now,
        str(target.last),
        *said,
        stated.fingerprint,
        correlation_id,
    )
