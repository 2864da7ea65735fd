"""Findings for tests about alerts: invented figures of an invented city."""

from decimal import Decimal
from typing import Any

from services.alerts.adapters.finding_codec import decode_finding
from services.alerts.domain.finding import Finding
from shared.contracts.findings import (
    ClauseReference,
    Figure,
    FindingChanged,
    Judgement,
    PlanReference,
    Reason,
    ResponsibleUnit,
    Subject,
)
from shared.kernel.ids import text_hash

QUOTE = "每年开工亿元以上项目200个、10亿元以上项目60个"
LEAD = "市示例局"
JOINT = "市样本委"
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


def finding(**changes: Any) -> Finding:
    """Return the domain's view of `event`."""
    return decode_finding(event(**changes).model_dump_json().encode())
