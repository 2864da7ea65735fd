"""Findings in PostgreSQL, append-only, and the outbox that tells them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import asyncpg
import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from services.rules.adapters.finding_event import finding_event, finding_metadata
from services.rules.adapters.postgres_intake import Connection
from services.rules.domain.alerting import Severity
from services.rules.domain.finding import Finding, FindingHead, FindingKey, FindingKind
from services.rules.domain.runs import ToldRun
from shared.adapters.outbox import append_to_outbox, outgoing
from shared.contracts.topics import FINDINGS
from shared.kernel.period import Period
from shared.reference.areas import Areas

# The newest of each key by the index alone: of an event only the newest is read.
_FINDING_HEADS = """
SELECT finding.target_id, finding.area, finding.kind, finding.sequence, finding.state, finding.period, finding.fingerprint,
    finding.severity, coalesce(finding.event -> 'runs', '[]')::text AS runs, finding.event ->> 'since' AS since
FROM unnest($2::text[]) AS asked (target_id)
CROSS JOIN LATERAL (
    SELECT area, kind, max(sequence) AS sequence FROM rules.findings AS one
    WHERE one.city = $1 AND one.target_id = asked.target_id GROUP BY area, kind
) AS newest
JOIN rules.findings AS finding USING (target_id, area, kind, sequence)
"""

_TELL = """
INSERT INTO rules.findings (target_id, area, kind, sequence, city, state, severity, period, fingerprint, event,
    recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11)
"""


class PostgresFindings:
    """Findings and their outbox over one session."""

    def __init__(self, session: AsyncSession, connection: Connection, *, areas: Areas, topic_prefix: str) -> None:
        self._session = session
        self._connection = connection
        self._areas = areas
        self._prefix = topic_prefix

    async def heads(self, city: str, target_ids: Collection[str]) -> dict[FindingKey, FindingHead]:
        """Return the last finding told of each key."""
        return {
            FindingKey(record["target_id"], record["area"], FindingKind(record["kind"])): FindingHead(
                sequence=record["sequence"],
                is_breach=record["state"] == "breach",
                period=Period.parse(record["period"]),
                fingerprint=record["fingerprint"],
                runs=_told_runs(record),
            )
            for record in await self._connection.fetch(_FINDING_HEADS, city, list(target_ids))
        }

    async def tell(self, findings: Sequence[tuple[int, Finding]], *, now: datetime, correlation_id: str) -> None:
        """Keep each finding and put its event into the outbox."""
        if not findings:
            return
        events = [(finding, finding_event(finding, sequence, self._areas)) for sequence, finding in findings]
        await self._connection.executemany(
            _TELL,
            [
                (
                    event.target_id,
                    event.area,
                    event.kind,
                    event.sequence,
                    event.city,
                    event.state,
                    event.severity,
                    event.period,
                    finding.fingerprint,
                    event.model_dump_json(),
                    now,
                )
                for finding, event in events
            ],
        )
        messages = [
            outgoing(
                FINDINGS,
                event,
                finding_metadata(finding, event.sequence, recorded_at=now, correlation_id=correlation_id),
                prefix=self._prefix,
            )
            for finding, event in events
        ]
        await append_to_outbox(self._session, "rules", messages, recorded_at=now)


def _told_runs(record: asyncpg.Record) -> tuple[ToldRun, ...]:
    """Return the breaches told; a finding of before there were runs tells the one that went on."""
    runs = orjson.loads(record["runs"])
    if not runs and record["state"] == "breach":
        severity = Severity(record["severity"])
        since, until = Period.parse(record["since"]), Period.parse(record["period"])
        return (ToldRun(since=since, until=until, severity=severity, worst=severity),)
    return tuple(_told_run(run) for run in runs or ())


def _told_run(run: Mapping[str, Any]) -> ToldRun:
    return ToldRun(
        since=Period.parse(run["since"]),
        until=Period.parse(run["until"]),
        severity=Severity(run["severity"]),
        worst=Severity(run["worst"]),
        ended_by=None if run["ended_by"] is None else Period.parse(run["ended_by"]),
        settled=run.get("settled", False),
        retroactive=run["retroactive"],
    )
