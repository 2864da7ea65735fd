"""Verdicts, signals and findings in PostgreSQL: append-only, the highest sequence of a key is current."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

import asyncpg
import orjson

from services.rules.adapters.finding_event import wire_figure, wire_reason
from services.rules.adapters.postgres_intake import Connection
from services.rules.domain.evidence import Figure, Input, Outlook
from services.rules.domain.feed import Feed
from services.rules.domain.judged import Judged, VerdictHead
from services.rules.domain.status import Status
from services.rules.domain.verdict import Verdict
from services.rules.domain.wording import Reason, Text
from shared.kernel.period import Period

_VERDICT_HEADS = """
SELECT DISTINCT ON (target_id, period) target_id, period, verdict_id, target_version, status, gap_points, gap_percent
FROM rules.verdicts WHERE city = $1 AND target_id = ANY($2) ORDER BY target_id, period, sequence DESC
"""

_READ_VERDICTS = """
SELECT DISTINCT ON (verdict_id) verdict_id, period, status, expected, actual, gap, gap_points, gap_percent, pace,
    reasons::text AS reasons, figures::text AS figures, simulated
FROM rules.verdicts WHERE verdict_id = ANY($1) ORDER BY verdict_id, sequence DESC
"""

_APPEND_VERDICT = """
INSERT INTO rules.verdicts (verdict_id, target_id, target_version, plan_id, area, city, period, period_end, recorded_at,
    status, expected, actual, gap, gap_points, gap_percent, pace, light, reasons, inputs, figures, outlook, simulated,
    correlation_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18::jsonb, $19::jsonb, $20::jsonb,
    $21::jsonb, $22, $23)
"""


class PostgresVerdicts:
    """Verdicts over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def heads(self, city: str, target_ids: Collection[str]) -> dict[str, dict[Period, VerdictHead]]:
        """Return the current verdicts of the targets."""
        heads: dict[str, dict[Period, VerdictHead]] = {target_id: {} for target_id in target_ids}
        for record in await self._connection.fetch(_VERDICT_HEADS, city, list(target_ids)):
            heads[record["target_id"]][Period.parse(record["period"])] = VerdictHead(
                verdict_id=record["verdict_id"],
                target_version=record["target_version"],
                status=Status(record["status"]),
                gap_points=record["gap_points"],
                gap_percent=record["gap_percent"],
            )
        return heads

    async def read(self, verdict_ids: Collection[str]) -> dict[str, Judged]:
        """Return verdicts by id."""
        records = await self._connection.fetch(_READ_VERDICTS, list(verdict_ids))
        return {record["verdict_id"]: _judged(record) for record in records}

    async def append(self, verdicts: Sequence[Verdict], *, now: datetime, correlation_id: str) -> None:
        """Keep new verdicts, in order."""
        await self._connection.executemany(
            _APPEND_VERDICT, [_verdict_values(verdict, now, correlation_id) for verdict in verdicts]
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
        reasons=tuple(Reason(one["code"], one["zh"], one["en"]) for one in orjson.loads(record["reasons"])),
        figures=tuple(_figure(one) for one in orjson.loads(record["figures"])),
        simulated=record["simulated"],
    )


def _figure(stored: Mapping[str, Any]) -> Figure:
    return Figure(
        label=Text(stored["label_zh"], stored["label_en"]),
        value=None if stored["value"] is None else Fraction(stored["value"]),
        unit=stored["unit"],
        feed=Feed(stored["feed"]),
        period=Period.parse(stored["period"]),
        submissions=tuple(stored["submissions"]),
    )


def _verdict_values(verdict: Verdict, now: datetime, correlation_id: str) -> tuple[object, ...]:
    target, light = verdict.target, verdict.status.light
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
        str(verdict.status),
        verdict.expected,
        verdict.actual,
        verdict.gap,
        verdict.gap_points,
        verdict.gap_percent,
        target.pace.kind,
        None if light is None else str(light),
        _json([wire_reason(reason).model_dump(mode="json") for reason in verdict.reasons]),
        _json([_input_json(one) for one in verdict.inputs]),
        _json([wire_figure(figure).model_dump(mode="json") for figure in verdict.figures]),
        None if verdict.outlook is None else _json(_outlook_json(verdict.outlook)),
        verdict.simulated,
        correlation_id,
    )


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
