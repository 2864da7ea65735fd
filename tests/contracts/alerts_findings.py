"""Findings for tests about alerts: invented figures of an invented city."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from services.alerts.adapters.finding_codec import decode_finding
from services.alerts.domain.finding import Finding
from shared.contracts.findings import (
    AttainmentForecast,
    ClauseReference,
    Corrected,
    Figure,
    FindingChanged,
    Judgement,
    PlanReference,
    Reason,
    ResponsibleUnit,
    Run,
    Severity,
    Subject,
    Suspension,
    Trigger,
)
from shared.kernel.ids import text_hash

QUOTE = "每年开工亿元以上项目200个、10亿元以上项目60个"
DUE = "项目报表月报：期末次月第8个工作日前报送"
LEAD = "市示例局"
JOINT = "市样本委"
MONTHS = ("2024-01/P2M", *(f"2024-{month:02d}" for month in range(3, 13)))
TARGET = "example-2024/m1/starts-10yi@2024"


def judgement(**changes: Any) -> Judgement:
    values: dict[str, Any] = {
        "verdict_id": "verdict_0001",
        "status": "behind",
        "expected": Decimal(30),
        "actual": Decimal(22),
        "gap": Decimal(-8),
        "gap_points": Decimal("-13.33"),
        "gap_percent": Decimal("-26.67"),
        "pace": "integer",
        "reasons": (Reason(code="behind", zh="落后序时进度13.3个百分点。", en="13.3 points behind."),),
    }
    return Judgement(**{**values, **changes})


def event(**changes: Any) -> FindingChanged:
    """Return a lagging target's finding; a clear one when only `state` says so."""
    values: dict[str, Any] = {
        "target_id": TARGET,
        "area": "321300",
        "area_name": "示例市",
        "city": "321300",
        "kind": "lagging",
        "state": "breach",
        "severity": "yellow",
        "sequence": 1,
        "period": "2024-06",
        "since": "2024-04",
        "name_zh": "开工10亿元以上项目数",
        "name_en": "started projects of 1 billion yuan and more",
        "unit": "个",
        "value": "60个",
        "plan": PlanReference(id="example-2024", title="示例市制造业行动方案", document_number="示政发〔2024〕1号"),
        "clause": ClauseReference(id="m1", title="措施1 招引重大项目", quote=QUOTE, quote_sha256=text_hash(QUOTE)),
        "units": (ResponsibleUnit(name=LEAD, role="lead"), ResponsibleUnit(name=JOINT, role="joint")),
        "judgement": judgement(),
        "figures": (
            Figure(
                label_zh="本年累计开工10亿元以上项目",
                label_en="projects of 1 billion yuan and more started this year",
                value=Decimal(22),
                unit="个",
                feed="projects",
                period="2024-06",
                submissions=("sub_0001", "sub_0002"),
            ),
        ),
        "subjects": (),
        "simulated": False,
    }
    if changes.get("state") == "clear":
        values |= {"severity": None, "judgement": judgement(status="on_pace", actual=Decimal(31), gap=Decimal(1))}
    return FindingChanged(**{**values, **changes})


def firms(*names: str) -> tuple[Subject, ...]:
    return tuple(Subject(entity=f"uscc-{name}", name=f"示例企业{name}", detail="2023年度，D类") for name in names)


def overdue_event(*periods: str, **changes: Any) -> FindingChanged:
    """Return the finding of a feed whose reports of these periods are missing; of none it is clear."""
    values: dict[str, Any] = {
        "target_id": "feed/projects",
        "kind": "feed_overdue",
        "name_zh": "项目报表报送",
        "name_en": "Delivery of the project report",
        "unit": "期",
        "value": "按期报送",
        "units": (ResponsibleUnit(name=LEAD, role="lead", answers=True),),
        "judgement": None,
        "figures": (),
        "subjects": tuple(
            Subject(entity=one, name=f"{one}项目报表", detail="应于期末次月第8个工作日前报送") for one in periods
        ),
        "clause": ClauseReference(
            id="feed-calendar/projects/month", title="报送日历", quote=DUE, quote_sha256=text_hash(DUE)
        ),
    }
    if periods:
        values |= {"period": periods[-1], "since": periods[0], "severity": "yellow"}
        values |= {"runs": (run(periods[0], periods[-1], judgement=None),)}
    else:
        values |= {"state": "clear", "severity": None}
    return event(**{**values, **changes})


def overdue(*periods: str, **changes: Any) -> Finding:
    """Return the domain's view of `overdue_event`."""
    return decode_finding(overdue_event(*periods, **changes).model_dump_json().encode())


def finding(**changes: Any) -> Finding:
    """Return the domain's view of `event`."""
    return decode_finding(event(**changes).model_dump_json().encode())


def run(since: str, until: str | None = None, ended_by: str | None = None, **changes: Any) -> Run:
    """Return a breach, yellow throughout unless said otherwise."""
    severity: Severity = changes.pop("severity", "yellow")
    told = judgement(status="far_behind" if severity == "red" else "behind", actual=changes.pop("actual", Decimal(22)))
    values = {"severity": severity, "worst": severity, "retroactive": False, "judgement": told, **changes}
    return Run(since=since, until=until or since, ended_by=ended_by, **values)


def corrected(since: str, until: str | None = None, forecast: AttainmentForecast | None = None) -> Corrected:
    """Return a breach that never was: its last period is on pace as known now."""
    now = judgement(status="on_pace", actual=Decimal(31), gap=Decimal(1))
    return Corrected(since=since, until=until or since, judgement=now, forecast=forecast)


def expected(probability: str = "0.0295", *, in_a_row: int = 2, point: str = "39") -> AttainmentForecast:
    """Return a forecast, held against a rule of below one half in two periods."""
    return AttainmentForecast(
        horizon="2024-12",
        point=Decimal(point),
        low=Decimal(30),
        high=Decimal(52),
        probability=Decimal(probability),
        points=5,
        below=Decimal("0.5"),
        hold=2,
        in_a_row=in_a_row,
    )


def foreseen(*runs: Run, **changes: Any) -> Finding:
    """Return the finding of forecasts with these breaches: in breach while the last one goes on, which says its forecast."""
    goes_on = bool(runs) and runs[-1].ended_by is None
    values: dict[str, Any] = {"kind": "forecast", "forecast": runs[-1].forecast if goes_on else None}
    return finding_of_runs(*runs, **{**values, **changes})


def planned(**changes: Any) -> Suspension:
    """Return what a plan suspends, approved for the third quarter of 2024."""
    values: dict[str, Any] = {
        "since": date(2024, 7, 1),
        "until": date(2024, 9, 30),
        "reason_zh": "防汛停工",
        "reason_en": "Work stopped for flood control",
        "approved_by": "示例市人民政府",
        "reference": "示例发〔2024〕9号",
    }
    return Suspension(**{**values, **changes})


def trigger(**changes: Any) -> Trigger:
    values: dict[str, Any] = {
        "submission_id": "sub_0009",
        "source": "示例统计局",
        "feed": "projects",
        "period": "2024-06",
        "action": "merge",
        "reason": "error",
        "reference": "示例更正说明〔2024〕3号",
        "recorded_at": datetime(2024, 8, 9, 2, tzinfo=UTC),
    }
    return Trigger(**{**values, **changes})


def event_of_runs(*runs: Run, **changes: Any) -> FindingChanged:
    """Return the finding of a key with these breaches: in breach while the last one goes on."""
    values: dict[str, Any] = {"runs": runs, "state": "clear", "period": "2024-12", "since": "2024-12"}
    if runs and runs[-1].ended_by is None:
        last = runs[-1]
        values |= {"state": "breach", "severity": last.severity, "period": last.until, "since": last.since}
        values |= {"judgement": last.judgement}
    elif runs and runs[-1].ended_by is not None:
        values |= {"period": runs[-1].ended_by, "since": runs[-1].ended_by}
    return event(**{**values, **changes})


def finding_of_runs(*runs: Run, **changes: Any) -> Finding:
    """Return the domain's view of `event_of_runs`."""
    return decode_finding(event_of_runs(*runs, **changes).model_dump_json().encode())


def runs_of_year(lights: Sequence[str]) -> list[Run]:
    """Return the uninterrupted breaches of a year: silence neither opens nor ends one."""
    runs: list[Run] = []
    current: list[tuple[str, str]] = []
    for month, light in zip(MONTHS, lights, strict=True):
        if light in ("yellow", "red"):
            current.append((month, light))
        elif light == "ok" and current:
            runs.append(_breach(current, ended_by=month))
            current = []
    return [*runs, _breach(current, ended_by=None)] if current else runs


def _breach(breach: list[tuple[str, str]], ended_by: str | None) -> Run:
    worst = "red" if any(light == "red" for _, light in breach) else "yellow"
    return run(breach[0][0], breach[-1][0], ended_by, severity=breach[-1][1], worst=worst)
