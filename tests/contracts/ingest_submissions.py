"""Rows, senders and commands for tests of ingest: an invented sender of 宿迁."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from services.ingest.application.accept_submission import AcceptSubmission, Intake
from services.ingest.application.ports import AcceptanceStore, IdempotencyClaim
from services.ingest.domain.feeds import FeedName
from services.ingest.domain.indicator_figure import IndicatorRule
from services.ingest.domain.restatement import HoldLimits
from services.ingest.domain.row_check import ReferenceData
from services.ingest.domain.sender import Sender
from shared.reference.areas import Areas
from shared.reference.industries import Industries
from shared.reference.recognition_kinds import RecognitionKinds
from shared.simulation.identifiers import project_code, uscc
from tests.fakes.ingest import ListedBody

DATA = Path(__file__).resolve().parents[2] / "data"
T0 = datetime(2024, 7, 20, 1, 0, tzinfo=UTC)
TODAY = date(2024, 7, 20)
CITY = "321300"
PERIOD = "2024-06"


class ListedIndicators:
    """A catalogue of three indicators."""

    def __init__(self) -> None:
        money = {"元": Decimal("0.00000001"), "万元": Decimal("0.0001"), "亿元": Decimal(1)}
        self._rules = {
            "industrial-sales": IndicatorRule(unit="亿元", measure="level", bases=("ytd", "year"), factors=money),
            "value-added-growth": IndicatorRule(
                unit="%", measure="growth", bases=("month", "ytd", "year"), factors={"%": Decimal(1)}
            ),
            "project-starts": IndicatorRule(unit="个"),
        }

    def find(self, indicator: str) -> IndicatorRule | None:
        return self._rules.get(indicator)


REFERENCE = ReferenceData(
    areas=Areas.load(DATA / "areas.csv"),
    industries=Industries.load(DATA / "industries.csv"),
    indicators=ListedIndicators(),
    titles=RecognitionKinds.load(DATA / "recognition_kinds.csv"),
)


def sender(**changes: Any) -> Sender:
    values: dict[str, Any] = {
        "key_id": "key_1",
        "source": "example-bureau",
        "name": "示例统计局",
        "simulated": True,
        "authority": "示例统计局",
        "city": CITY,
        "feeds": tuple(FeedName),
        "created_at": T0,
    }
    return Sender(**(values | changes))


def firm(serial: int, **changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "uscc": uscc("321302", serial),
        "name": f"模拟企业{serial}",
        "area": "321302",
        "industry": "1311",
        "operating_status": "operating",
        "above_scale": True,
        "revenue_ytd": "1234.5",
    }
    return row | changes


def project(serial: int, **changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "code": project_code("2401", "321302", "01", serial),
        "name": f"模拟项目{serial}",
        "area": "321302",
        "kind": "new",
        "planned_total": "120000",
    }
    return row | changes


def rating(serial: int, **changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "uscc": uscc("321302", serial),
        "year": 2023,
        "class": "D",
        "score": "51.20",
        "stage": "preliminary",
        "published_on": "2024-06-18",
        "area": "321302",
    }
    return row | changes


def recognition(serial: int, **changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "uscc": uscc("321302", serial),
        "name": f"模拟企业{serial}",
        "kind": "cloud_star",
        "level": "star_4",
        "batch": "2024年第一批",
        "granted_on": "2024-06-11",
        "area": "321302",
    }
    return row | changes


def figure(**changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "indicator": "industrial-sales",
        "area": CITY,
        "value": "1234.5",
        "unit": "亿元",
        "measure": "level",
        "basis": "ytd",
        "status": "final",
    }
    return row | changes


def command(rows: list[Any], **changes: Any) -> AcceptSubmission:
    """Return a command; names of the envelope go into the envelope, the others into the command."""
    envelope: dict[str, object] = {"period": PERIOD}
    for name in ("period", "action", "reason", "reference", "mode", "area"):
        if name in changes:
            envelope[name] = changes.pop(name)
    values: dict[str, Any] = {
        "sender": sender(),
        "feed": FeedName.ENTERPRISES,
        "body": ListedBody(envelope, rows),
        "claim": None,
        "is_dry_run": False,
        "today": TODAY,
        "correlation_id": "correlation-1",
    }
    return AcceptSubmission(**(values | changes))


def claim(key: str = "k-1", fingerprint: bytes = b"same") -> IdempotencyClaim:
    return IdempotencyClaim(key_id="key_1", key=key, fingerprint=fingerprint)


NO_LIMITS = HoldLimits(rows_share=None, value_share=None, min_rows=20)
"""Nothing is ever held."""


def intake(store: AcceptanceStore, limits: HoldLimits = NO_LIMITS) -> Intake:
    numbers = count(1)
    return Intake(
        store=store, reference=REFERENCE, clock=lambda: T0, new_id=lambda: f"sub_{next(numbers)}", limits=limits
    )
