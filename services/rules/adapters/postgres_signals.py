"""Versions of signals in PostgreSQL, append-only."""

from datetime import datetime

import orjson

from services.rules.adapters.postgres_intake import Connection
from services.rules.domain.signal import Signal, SignalChanges, SignalRule

_ACTIVE_SIGNALS = """
SELECT signal_id, fingerprint FROM (
    SELECT DISTINCT ON (signal_id) signal_id, fingerprint, active FROM rules.signals WHERE rule_id = $1
    ORDER BY signal_id, sequence DESC
) AS current WHERE active
"""

_BEGIN_SIGNAL = """
INSERT INTO rules.signals (signal_id, rule_id, plan_id, kind, area, city, period, period_end, entity, entity_name,
    occurred_on, detail, active, simulated, fingerprint, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::jsonb, true, $13, $14, $15)
"""

_END_SIGNALS = """
INSERT INTO rules.signals (signal_id, rule_id, plan_id, kind, area, city, period, period_end, entity, entity_name,
    occurred_on, detail, active, simulated, fingerprint, recorded_at)
SELECT DISTINCT ON (signal_id) signal_id, rule_id, plan_id, kind, area, city, period, period_end, entity, entity_name,
    occurred_on, detail, false, simulated, fingerprint, $2
FROM rules.signals WHERE signal_id = ANY($1) ORDER BY signal_id, sequence DESC
"""


class PostgresSignals:
    """Signals over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def active(self, rule: SignalRule) -> dict[str, str]:
        """Return the fingerprints of the active signals."""
        records = await self._connection.fetch(_ACTIVE_SIGNALS, rule.id)
        return {record["signal_id"]: record["fingerprint"] for record in records}

    async def append(self, changes: SignalChanges, *, now: datetime) -> None:
        """Write the versions that begin, change or end signals."""
        await self._connection.executemany(_BEGIN_SIGNAL, [_signal_values(signal, now) for signal in changes.begun])
        if changes.ended:
            await self._connection.execute(_END_SIGNALS, list(changes.ended), now)


def _signal_values(signal: Signal, now: datetime) -> tuple[object, ...]:
    return (
        signal.signal_id,
        signal.rule.id,
        signal.rule.plan.id,
        str(signal.rule.kind),
        signal.area,
        signal.rule.place.city,
        str(signal.period),
        signal.period.end,
        signal.entity,
        signal.entity_name,
        signal.occurred_on,
        orjson.dumps(signal.detail).decode(),
        signal.simulated,
        signal.fingerprint,
        now,
    )
