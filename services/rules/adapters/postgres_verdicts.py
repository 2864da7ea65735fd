"""Verdicts in PostgreSQL: append-only, the highest sequence of target and period is current."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import asyncpg
import orjson

from services.rules.adapters.evidence_codec import evidence_json, figure_of, reason_json, reasons_of, step_json
from services.rules.adapters.finding_event import wire_figure
from services.rules.adapters.postgres_intake import Connection
from services.rules.domain.evidence import Input, Outlook
from services.rules.domain.judged import Judged, VerdictHead
from services.rules.domain.status import Status
from services.rules.domain.verdict import Verdict
from shared.kernel.period import Period

_HEAD = "target_id, period, verdict_id, target_version, status, actual, gap_points, gap_percent, light"

_VERDICT_HEADS = f"""
SELECT DISTINCT ON (target_id, area, period) {_HEAD}
FROM rules.verdicts WHERE city = $1 AND target_id = ANY($2) AND ($3::text[] IS NULL OR period = ANY($3))
ORDER BY target_id, area, period, sequence DESC
"""

# Asked of periods that show no light now, which are few.
_LAST_LIT = f"""
SELECT DISTINCT ON (target_id, area, period) {_HEAD}
FROM rules.verdicts JOIN unnest($2::text[], $3::text[]) AS dark (target_id, period) USING (target_id, period)
WHERE city = $1 AND light IS NOT NULL ORDER BY target_id, area, period, sequence DESC
"""

_READ_VERDICTS = """
SELECT DISTINCT ON (verdict_id) verdict_id, period, status, expected, actual, gap, gap_points, gap_percent, pace,
    reasons::text AS reasons, figures::text AS figures, simulated
FROM rules.verdicts WHERE verdict_id = ANY($1) ORDER BY verdict_id, sequence DESC
"""

_APPEND_VERDICT = """
INSERT INTO rules.verdicts (verdict_id, target_id, target_version, plan_id, area, city, period, period_end, recorded_at,
    status, expected, actual, gap, gap_points, gap_percent, pace, light, reasons, inputs, figures, outlook, simulated,
    evidence, steps, correlation_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18::jsonb, $19::jsonb, $20::jsonb,
    $21::jsonb, $22, $23::jsonb, $24::jsonb, $25)
"""


class PostgresVerdicts:
    """Verdicts over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def heads(
        self, city: str, target_ids: Collection[str], *, periods: Collection[Period] | None = None
    ) -> dict[str, dict[Period, VerdictHead]]:
        """Return the current verdicts of the targets."""
        heads: dict[str, dict[Period, VerdictHead]] = {target_id: {} for target_id in target_ids}
        wanted = None if periods is None else [str(period) for period in periods]
        records = await self._connection.fetch(_VERDICT_HEADS, city, list(target_ids), wanted)
        lit = await self._last_lit(city, [one for one in records if one["light"] is None])
        for record in records:
            of_target = heads[record["target_id"]]
            of_target[Period.parse(record["period"])] = _head(record, lit.get((record["target_id"], record["period"])))
        return heads

    async def _last_lit(self, city: str, dark: Sequence[asyncpg.Record]) -> dict[tuple[str, str], VerdictHead]:
        """Return the last verdict with a light of each period that shows none now, by target and period."""
        if not dark:
            return {}
        places = ([one["target_id"] for one in dark], [one["period"] for one in dark])
        records = await self._connection.fetch(_LAST_LIT, city, *places)
        return {(record["target_id"], record["period"]): _head(record) for record in records}

    async def read(self, verdict_ids: Collection[str]) -> dict[str, Judged]:
        """Return verdicts by id."""
        records = await self._connection.fetch(_READ_VERDICTS, list(verdict_ids))
        return {record["verdict_id"]: _judged(record) for record in records}

    async def append(self, verdicts: Sequence[Verdict], *, now: datetime, correlation_id: str) -> None:
        """Keep new verdicts, in order."""
        await self._connection.executemany(
            _APPEND_VERDICT, [_verdict_values(verdict, now, correlation_id) for verdict in verdicts]
        )


def _head(record: asyncpg.Record, lit: VerdictHead | None = None) -> VerdictHead:
    return VerdictHead(
        verdict_id=record["verdict_id"],
        target_version=record["target_version"],
        status=Status(record["status"]),
        actual=record["actual"],
        gap_points=record["gap_points"],
        gap_percent=record["gap_percent"],
        lit=lit,
    )


def _judged(record: asyncpg.Record) -> Judged:
    return Judged(
        verdict_id=record["verdict_id"],
        period=Period.parse(record["period"]),
        status=Status(record["status"]),
        expected=record["expected"],
        actual=record["actual"],
        gap=record["gap"],
        gap_points=record["gap_points"],
        gap_percent=record["gap_percent"],
        pace=record["pace"],
        reasons=reasons_of(orjson.loads(record["reasons"])),
        figures=tuple(figure_of(one) for one in orjson.loads(record["figures"])),
        simulated=record["simulated"],
    )


def verdict_json(verdict: Verdict) -> Mapping[str, Any]:
    """Return what is kept of a verdict beside whose it is, by column."""
    light = verdict.status.light
    return {
        "status": str(verdict.status),
        "expected": verdict.expected,
        "actual": verdict.actual,
        "gap": verdict.gap,
        "gap_points": verdict.gap_points,
        "gap_percent": verdict.gap_percent,
        "pace": verdict.target.pace.kind,
        "light": None if light is None else str(light),
        "reasons": [reason_json(reason) for reason in verdict.reasons],
        "inputs": [_input_json(one) for one in verdict.inputs],
        "figures": [wire_figure(figure).model_dump(mode="json") for figure in verdict.figures],
        "outlook": None if verdict.outlook is None else _outlook_json(verdict.outlook),
        "simulated": verdict.simulated,
        "evidence": evidence_json(verdict.evidence),
        "steps": [step_json(step) for step in verdict.steps],
    }


def _verdict_values(verdict: Verdict, now: datetime, correlation_id: str) -> tuple[object, ...]:
    target = verdict.target
    return (
        verdict.verdict_id,
        target.id,
        target.version,
        target.plan.id,
        target.place.id,
        target.place.city,
        str(verdict.period),
        verdict.period.end,
        now,
        *(_column(value) for value in verdict_json(verdict).values()),
        correlation_id,
    )


def _column(value: object) -> object:
    return _json(value) if isinstance(value, list | dict) else value


def _input_json(one: Input) -> Mapping[str, Any]:
    return {
        "name": one.name,
        "feed": str(one.feed),
        "periods": [str(period) for period in one.periods],
        "known_by": one.known_by,
        "submissions": list(one.submissions),
        "submission_count": one.submission_count,
        "considered": one.considered,
        "matched": one.matched,
        "digest": one.digest,
        "entities": list(one.entities),
    }


def _outlook_json(outlook: Outlook) -> Mapping[str, Any]:
    """Return the pipeline with a sentence for people; `untold` firms lack a report of the last 12 months."""
    return {
        "kind": "above_scale_pipeline",
        "net_so_far": outlook.net_so_far,
        "candidates": outlook.candidates,
        "untold": outlook.untold,
        "digest": outlook.digest,
        "zh": f"目前净增{outlook.net_so_far}户；近12个月营业收入已达线、尚未入库的候选企业{outlook.candidates}户"
        f"（另有{outlook.untold}户因缺报无法判断）",
        "en": f"Net increase so far {outlook.net_so_far}; {outlook.candidates} firms outside the register passed the line"
        f" in the last 12 months ({outlook.untold} more cannot be told for lack of reports)",
    }


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
