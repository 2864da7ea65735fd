"""The alerts of the simulated city, as alerts would have written them."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import asyncpg

from shared.contracts.findings import (
    AttainmentForecast,
    ClauseReference,
    Figure,
    FindingChanged,
    FindingKind,
    Judgement,
    PlanReference,
    Reason,
    ResponsibleUnit,
    Severity,
    Subject,
)
from shared.kernel.ids import stable_id, text_hash
from shared.plans.expand import YearTarget
from shared.plans.responsible import ROLES
from tests.fakes.query_base import insert

CITY = "321300"
ALERT = stable_id("alert", "open")
CLOSED_ALERT = stable_id("alert", "closed")
D_ALERT = stable_id("alert", "rating d")
OPENED = datetime(2025, 5, 28, 2, 4, tzinfo=UTC)
WORSENED = OPENED + timedelta(days=92)
_UNACKNOWLEDGED = {"state": "open", "acknowledged_at": None, "acknowledged_by": None}
_NOT_CLOSED = {"state": "open", "closed_at": None, "ground": None}
_LETTER = """市商务局：

《宿迁市加快建设长三角先进制造业基地行动方案（2024-2025年）》第1条“加强重大项目引建”规定：50亿元以上项目10个。
截至2025年8月，实际开建2个，按序时进度应达6个，差4个（落后40个百分点）。

（模拟数据）"""


async def write_alerts(connection: "asyncpg.Connection[asyncpg.Record]", targets: Mapping[str, YearTarget]) -> None:
    """Write an open red alert with a failed notice, one for D ratings, and a closed one of the year before."""
    lagging = lagging_finding(targets)
    earlier = _finding(targets["suqian-2024/m1/starts-1yi@2024"], "yellow", "2024-01/P2M", "2024-01/P2M")
    rated = _rated(targets["suqian-2024/m1/starts-50yi@2025"])
    await _write(connection, ALERT, lagging, _alert(lagging, state="open", severity="red"))
    await _write(connection, D_ALERT, rated, _alert(rated, state="acknowledged", severity="yellow"))
    await _write(connection, CLOSED_ALERT, earlier, _alert(earlier, state="closed", severity="yellow"))
    first = await _event(connection, ALERT, "opened", OPENED, severity="yellow")
    await _event(connection, D_ALERT, "opened", OPENED, **_UNACKNOWLEDGED)
    await _event(connection, D_ALERT, "acknowledged", OPENED + timedelta(hours=3))
    await _event(connection, CLOSED_ALERT, "opened", OPENED - timedelta(days=400), **_NOT_CLOSED)
    await _event(connection, CLOSED_ALERT, "closed", OPENED)
    worse = await _event(connection, ALERT, "worsened", WORSENED)
    await insert(
        connection, "alerts.notices", [_notice(first, "sent"), _notice(worse, "queued"), _notice(worse, "failed")]
    )


def lagging_finding(targets: Mapping[str, YearTarget]) -> FindingChanged:
    return _finding(targets["suqian-2024/m1/starts-50yi@2025"], "red", "2025-08", "2025-04")


async def write_many(
    connection: "asyncpg.Connection[asyncpg.Record]", targets: Mapping[str, YearTarget], count: int
) -> None:
    """Write so many more open alerts of other areas, a minute apart, each with its opening."""
    finding = _finding(targets["suqian-2024/m1/starts-10yi@2025"], "yellow", "2025-08", "2025-05")
    row = {**_alert(finding, state="open", severity="yellow"), "finding": finding.model_dump_json()}
    names = list(row)
    records = []
    for number in range(count):
        opened = OPENED - timedelta(minutes=number // 2)  # two at a time share the instant
        changed = {**row, "area": f"area-{number}", "opened_at": opened, "updated_at": opened}
        records.append((f"alert_{number:032d}", *(changed[name] for name in names)))
    await connection.copy_records_to_table(
        "alerts", schema_name="alerts", columns=["alert_id", *names], records=records
    )
    await connection.execute(
        "INSERT INTO alerts.alert_events"
        " (alert_id, at, change, state, severity, period, finding_sequence, correlation_id, snapshot)"
        " SELECT alert_id, opened_at, 'opened', state, severity, period, finding_sequence, 'request-1', to_jsonb(alert)"
        " FROM alerts.alerts AS alert WHERE NOT EXISTS (SELECT FROM alerts.alert_events e WHERE e.alert_id = alert.alert_id)"
    )


async def _write(connection: Any, alert_id: str, finding: FindingChanged, row: Mapping[str, Any]) -> None:
    await insert(
        connection, "alerts.alerts", [{"alert_id": alert_id, **row, "finding": finding.model_dump(mode="json")}]
    )


async def _event(connection: Any, alert_id: str, change: str, at: datetime, **stood: str | None) -> int:
    """Write an entry of the history; `stood` is what was otherwise then than it is at last."""
    event_id: int = await connection.fetchval(
        "INSERT INTO alerts.alert_events"
        " (alert_id, at, change, state, severity, period, finding_sequence, correlation_id, snapshot)"
        " SELECT $1, $2, $3, snapshot ->> 'state', snapshot ->> 'severity', '2025-08', 1, 'request-1', snapshot"
        " FROM (SELECT to_jsonb(alert) || jsonb_build_object('updated_at', $2::timestamptz) || $4::jsonb AS snapshot"
        " FROM alerts.alerts AS alert WHERE alert_id = $1) AS held RETURNING event_id",
        alert_id,
        at,
        change,
        json.dumps(stood),
    )
    return event_id


def _alert(finding: FindingChanged, *, state: str, severity: str) -> dict[str, Any]:
    return {
        "target_id": finding.target_id,
        "area": finding.area,
        "area_name": finding.area_name,
        "city": CITY,
        "kind": finding.kind,
        "episode": 2 if severity == "red" else 1,
        "state": state,
        "severity": severity,
        "opened_at": OPENED if state != "closed" else OPENED - timedelta(days=400),
        "opened_period": finding.since,
        "since_period": finding.since,
        "period": finding.period,
        "updated_at": {"open": WORSENED, "acknowledged": OPENED + timedelta(hours=3), "closed": OPENED}[state],
        "closed_at": OPENED if state == "closed" else None,
        "ground": "data_recovered" if state == "closed" else None,
        "finding_sequence": finding.sequence,
        "acknowledged_at": OPENED + timedelta(hours=3) if state == "acknowledged" else None,
        "acknowledged_by": "模拟签收人" if state == "acknowledged" else None,
        "simulated": True,
    }


def _finding(target: YearTarget, severity: Severity, period: str, since: str) -> FindingChanged:
    definition = target.definition
    return FindingChanged(
        target_id=target.id,
        area=CITY,
        area_name="宿迁市",
        city=CITY,
        kind="lagging",
        state="breach",
        severity=severity,
        sequence=5,
        period=period,
        since=since,
        name_zh=definition.name.zh,
        name_en=definition.name.en,
        unit=definition.unit,
        value=f"≥{definition.value}{definition.unit}",
        plan=_plan(target),
        clause=_clause(target, definition.quote),
        units=_units(target),
        judgement=Judgement(
            verdict_id=stable_id("verdict", target.id, period),
            status="far_behind",
            expected=Decimal(6),
            actual=Decimal(2),
            gap=Decimal(-4),
            gap_points=Decimal(-40),
            gap_percent=Decimal("-66.666667"),
            pace="integer",
            reasons=(
                Reason(
                    code="far_behind",
                    zh="已开建2个，按序时进度应达6个，相差4个，落后40个百分点。",
                    en="2 projects were started; 6 are due by now: 40 points behind.",
                ),
            ),
        ),
        figures=(
            Figure(
                label_zh="符合条件的已开工项目",
                label_en="Started projects that count",
                value=Decimal(2),
                unit="个",
                feed="projects",
                period=period,
                submissions=(stable_id("sub", "projects", period),),
            ),
        ),
        subjects=(),
        simulated=True,
    )


def _rated(target: YearTarget) -> FindingChanged:
    kind: FindingKind = "rating_d"
    return _finding(target, "yellow", "2024", "2024").model_copy(
        update={
            "target_id": "suqian-2024/m17/class-d-final",
            "kind": kind,
            "name_zh": "上年度综合评价为D类的企业",
            "name_en": "Firm rated D in last year's resource-use evaluation",
            "judgement": None,
            "figures": (),
            "subjects": tuple(
                Subject(
                    entity=f"91321300MA1TEST0{number}X",
                    name=f"模拟企业000{number}（宿迁）新材料有限公司",
                    detail="2024年度终评D类，2025-08-08公布",
                )
                for number in range(6)
            ),
        }
    )


def _plan(target: YearTarget) -> PlanReference:
    head = target.head
    return PlanReference(id=head.id, title=head.title.zh, document_number=head.document_number)


def _clause(target: YearTarget, quote: str) -> ClauseReference:
    return ClauseReference(id=target.clause.id, title=target.clause.title, quote=quote, quote_sha256=text_hash(quote))


def _units(target: YearTarget) -> tuple[ResponsibleUnit, ...]:
    named = target.responsible
    return tuple(
        ResponsibleUnit(name=name, role=role, answers=name == named.answering)
        for role in ROLES
        for name in named.of(role)
    )


def _notice(event_id: int, state: str) -> dict[str, Any]:
    return {
        "notice_id": stable_id("notice", str(event_id), state),
        "alert_id": ALERT,
        "alert_event_id": event_id,
        "thread": "thread",
        "unit": "市商务局" if state != "failed" else "市发展改革委",
        "role": "support",
        "channel": "mail" if state != "failed" else "webhook",
        "recipient": "shangwu@units.example" if state != "failed" else "https://fgw.units.example/hooks/planwatch",
        "cause": "new" if state == "sent" else "worsened",
        "state": state,
        "subject": "【模拟数据】红色预警：每年开建50亿元以上项目10个",
        "body_text": _LETTER,
        "message_id": stable_id("message", str(event_id), state),
        "created_at": OPENED if state == "sent" else WORSENED,
        "queued_at": OPENED if state == "sent" else WORSENED,
        "attempts": {"sent": 1, "queued": 2, "failed": 9}[state],
        "next_attempt_at": OPENED if state == "queued" else None,
        "sent_at": OPENED + timedelta(seconds=2) if state == "sent" else None,
        "last_error": None if state == "sent" else "ConnectionRefusedError",
        "correlation_id": "request-1",
    }


OVERDUE_ALERT = stable_id("alert", "overdue feed")


async def write_overdue(connection: "asyncpg.Connection[asyncpg.Record]", targets: Mapping[str, YearTarget]) -> None:
    """Write an alert that presses for two reports of projects behind the newest there is."""
    finding = _overdue(targets["suqian-2024/m1/starts-50yi@2025"])
    await _write(connection, OVERDUE_ALERT, finding, _alert(finding, state="open", severity="yellow"))
    await _event(connection, OVERDUE_ALERT, "opened", OPENED)


def _overdue(target: YearTarget) -> FindingChanged:
    kind: FindingKind = "feed_overdue"
    return _finding(target, "yellow", "2025-10", "2025-09").model_copy(
        update={
            "target_id": "feed/projects",
            "kind": kind,
            "name_zh": "项目报表报送",
            "name_en": "Delivery of the project report",
            "judgement": None,
            "figures": (),
            "subjects": tuple(
                Subject(entity=f"2025-{month:02d}", name=f"2025年{month}月项目报表", detail="已逾期3个工作日")
                for month in (9, 10)
            ),
        }
    )


FORECAST_ALERT = stable_id("alert", "a low forecast")
SETTLED_ALERT = stable_id("alert", "a forecast whose year is over")


async def write_foreseen(connection: "asyncpg.Connection[asyncpg.Record]", targets: Mapping[str, YearTarget]) -> None:
    """Write an open alert about a target that will hardly be attained, and one of the year before that its end settled."""
    low = _foreseen(targets["suqian-2024/m1/starts-50yi@2025"], "2025-08", "2025-07")
    await _write(connection, FORECAST_ALERT, low, _alert(low, state="open", severity="yellow"))
    await _event(connection, FORECAST_ALERT, "opened", OPENED)
    over = _foreseen(targets["suqian-2024/m1/starts-50yi@2024"], "2024-12", "2024-10")
    ended = over.model_copy(update={"state": "clear", "severity": None, "forecast": None})
    row = {**_alert(ended, state="closed", severity="yellow"), "ground": "outcome_known"}
    await _write(connection, SETTLED_ALERT, ended, row)
    await _event(connection, SETTLED_ALERT, "opened", OPENED - timedelta(days=400), **_NOT_CLOSED)
    await _event(connection, SETTLED_ALERT, "closed", OPENED)


def _foreseen(target: YearTarget, period: str, since: str) -> FindingChanged:
    kind: FindingKind = "forecast"
    forecast = AttainmentForecast(
        horizon=f"{target.year}-12",
        point=Decimal(4),
        low=Decimal(2),
        high=Decimal(7),
        probability=Decimal("0.0123"),
        points=7,
        below=Decimal("0.5"),
        hold=2,
        in_a_row=2,
    )
    return _finding(target, "yellow", period, since).model_copy(update={"kind": kind, "forecast": forecast})
