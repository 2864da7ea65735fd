"""Verdicts, signals and findings in PostgreSQL: append-only, the highest sequence of a key is current."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from services.rules.adapters.finding_event import finding_event, finding_metadata, wire_figure, wire_reason
from services.rules.adapters.postgres_intake import Connection
from services.rules.domain.agenda import Occasion, VerdictHead
from services.rules.domain.evidence import Input, Outlook
from services.rules.domain.finding import Finding, FindingHead, FindingKey, FindingKind
from services.rules.domain.signal import Signal, SignalChanges, SignalRule
from services.rules.domain.verdict import Status, Verdict
from shared.adapters.outbox import append_to_outbox, outgoing
from shared.contracts.topics import FINDINGS
from shared.kernel.period import Period
from shared.reference.areas import Areas

_VERDICT_HEADS = """
SELECT DISTINCT ON (target_id, area, period) target_id, period, verdict_id, target_version, status
FROM rules.verdicts WHERE city = $1 ORDER BY target_id, area, period, sequence DESC
"""

_APPEND_VERDICT = """
INSERT INTO rules.verdicts (verdict_id, target_id, target_version, plan_id, area, city, period, period_end, recorded_at,
    status, expected, actual, gap, gap_points, gap_percent, pace, light, reasons, inputs, figures, outlook, simulated,
    correlation_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18::jsonb, $19::jsonb, $20::jsonb,
    $21::jsonb, $22, $23)
"""

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

_FINDING_HEADS = """
SELECT DISTINCT ON (target_id, area, kind) target_id, area, kind, sequence, state, period, fingerprint
FROM rules.findings WHERE city = $1 ORDER BY target_id, area, kind, sequence DESC
"""

_TELL = """
INSERT INTO rules.findings (target_id, area, kind, sequence, city, state, severity, period, fingerprint, event,
    recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11)
"""


class PostgresVerdicts:
    """Verdicts over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def heads(self, city: str) -> dict[Occasion, VerdictHead]:
        """Return the current verdicts of the city's targets."""
        return {
            (record["target_id"], Period.parse(record["period"])): VerdictHead(
                record["verdict_id"], record["target_version"], Status(record["status"])
            )
            for record in await self._connection.fetch(_VERDICT_HEADS, city)
        }

    async def append(self, verdicts: Sequence[Verdict], *, now: datetime, correlation_id: str) -> None:
        """Keep new verdicts, in order."""
        await self._connection.executemany(
            _APPEND_VERDICT, [_verdict_values(verdict, now, correlation_id) for verdict in verdicts]
        )


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


class PostgresFindings:
    """Findings and their outbox over one session."""

    def __init__(self, session: AsyncSession, connection: Connection, *, areas: Areas, topic_prefix: str) -> None:
        self._session = session
        self._connection = connection
        self._areas = areas
        self._prefix = topic_prefix

    async def heads(self, city: str) -> dict[FindingKey, FindingHead]:
        """Return the last finding told of each key."""
        return {
            FindingKey(record["target_id"], record["area"], FindingKind(record["kind"])): FindingHead(
                record["sequence"], record["state"] == "breach", Period.parse(record["period"]), record["fingerprint"]
            )
            for record in await self._connection.fetch(_FINDING_HEADS, city)
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
        _json(signal.detail),
        signal.simulated,
        signal.fingerprint,
        now,
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
