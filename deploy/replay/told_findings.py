"""Findings as the replayed rules put them on the log."""

from collections.abc import AsyncIterator, Collection, Mapping
from datetime import datetime
from typing import NamedTuple

import asyncpg
import orjson

from deploy.replay.databases import Connection
from services.alerts.adapters.finding_consumer import reported_finding
from services.alerts.application.record_findings import ReportedFinding
from services.alerts.domain.finding import FindingKey
from shared.adapters.consumer_loop import Received

_OUTBOX = """
SELECT position, topic, key, headers::text AS headers, body, recorded_at FROM rules.outbox
WHERE position > $1 ORDER BY position
"""


class Told(NamedTuple):
    """A finding, when it was told, and where in the outbox."""

    reported: ReportedFinding
    at: datetime
    position: int


class ToldFindings:
    """Every finding told, by key and sequence, and in the order in which they were told."""

    def __init__(self, findings: Mapping[FindingKey, Mapping[int, ReportedFinding]]) -> None:
        self._findings = {key: dict(of_key) for key, of_key in findings.items()}

    @classmethod
    async def read(
        cls, database: Connection, *, city: str | None = None, without: Collection[str] = ()
    ) -> "ToldFindings":
        """Read the outbox of rules, of one city or all, without events of these ids."""
        found: dict[FindingKey, dict[int, ReportedFinding]] = {}
        async for record in database.cursor(_OUTBOX, 0):
            headers = orjson.loads(record["headers"])
            reported = reported_finding(_received(record, headers))
            finding = reported.finding
            if headers.get("ce_id") not in without and city in (None, finding.city):
                found.setdefault(finding.key, {})[finding.sequence] = reported
        return cls(found)

    def between(self, key: FindingKey, after: int, until: int) -> list[ReportedFinding]:
        """Return the findings of a key after one sequence, up to another, in order."""
        of_key = self._findings.get(key, {})
        return [of_key[sequence] for sequence in sorted(of_key) if after < sequence <= until]

    @property
    def keys(self) -> tuple[FindingKey, ...]:
        """Every key of which anything was told."""
        return tuple(self._findings)


async def told_in_order(database: Connection, *, city: str | None = None, after: int = 0) -> AsyncIterator[Told]:
    """Read the findings of one city, or of all, in the order in which they were told; those after a position alone."""
    async for record in database.cursor(_OUTBOX, after):
        reported = reported_finding(_received(record, orjson.loads(record["headers"])))
        if city in (None, reported.finding.city):
            yield Told(reported, record["recorded_at"], record["position"])


def _received(record: asyncpg.Record, headers: Mapping[str, str]) -> Received:
    pairs = tuple((name, value.encode()) for name, value in headers.items())
    return Received(record["topic"], 0, 0, record["key"].encode(), record["body"].encode(), pairs)
