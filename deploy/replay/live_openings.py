"""The live alerts as they opened."""

from collections.abc import Sequence

import asyncpg

from deploy.replay.databases import Connection
from deploy.replay.openings import Opening, worst_of
from services.alerts.domain.finding import FindingKey, FindingKind
from shared.kernel.period import Period

_LIVE = """
SELECT alert.alert_id, alert.target_id, alert.area, alert.kind, alert.state, alert.city, alert.simulated, first.at, first.severity,
       first.snapshot ->> 'since_period' AS since, first.snapshot ->> 'opened_period' AS period,
       first.finding -> 'plan' ->> 'id' AS plan_id, first.finding ->> 'name_zh' AS name, first.finding ->> 'name_en' AS name_en, alert.area_name,
       first.finding -> 'clause' ->> 'quote' AS quote,
       ARRAY(SELECT array[event.period, event.severity] FROM alerts.alert_events AS event
             WHERE event.alert_id = alert.alert_id) AS lights
FROM alerts.alerts AS alert JOIN LATERAL (
    SELECT * FROM alerts.alert_events AS event WHERE event.alert_id = alert.alert_id ORDER BY event_id LIMIT 1
) AS first ON true
WHERE $1::text IS NULL OR alert.city = $1
"""


async def read_live_openings(live: Connection, city: str | None, *, until: Period | None = None) -> Sequence[Opening]:
    """Read those of one city, or of all; their worst light is that by a period, or ever."""
    return [
        Opening(
            alert_id=record["alert_id"],
            key=FindingKey(record["target_id"], record["area"], FindingKind(record["kind"])),
            plan_id=record["plan_id"],
            city=record["city"],
            name=record["name"],
            name_en=record["name_en"],
            area_name=record["area_name"],
            quote=record["quote"],
            since=record["since"],
            period=record["period"],
            severity=record["severity"],
            worst=_worst(record, until),
            opened_at=record["at"],
            state=record["state"],
            simulated=record["simulated"],
        )
        for record in await live.fetch(_LIVE, city)
    ]


def _worst(record: asyncpg.Record, until: Period | None) -> str:
    """Return the worst light an alert had by a period: what came later is not tried."""
    lights = [light for period, light in record["lights"] if until is None or Period.parse(period).end <= until.end]
    return worst_of([record["severity"], *lights])
