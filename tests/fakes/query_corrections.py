"""Two corrections of the simulated city: a project's investment was wrong, a published share was revised."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from shared.kernel.ids import stable_id
from shared.kernel.period import Period
from tests.fakes.query_base import CITY, Row
from tests.fakes.query_entities import PROJECT, indicator_rows, project_rows

CORRECTED = datetime(2025, 9, 20, 1, 0, tzinfo=UTC)
PROJECT_CORRECTION = stable_id("sub", "correction", "projects")
FIGURE_CORRECTION = stable_id("sub", "correction", "indicators")
REVISED = "high-tech-share-of-output"
CORRECTED_PERIOD = Period.parse("2025-03")


def correction_rows() -> list[Row]:
    """The restating submissions."""
    project = _submission(PROJECT_CORRECTION, "projects", CORRECTED_PERIOD, 101)
    figure = _submission(FIGURE_CORRECTION, "indicators", Period.parse("2024"), 102)
    return [
        {**project, "simulated": True, "reason": "error", "reference": "市发展改革委更正函（模拟）"},
        {**figure, "simulated": False, "reason": "revision", "reference": "第五次全国经济普查修订"},
    ]


def corrected_projects() -> list[Row]:
    before = next(row for row in project_rows() if row["code"] == PROJECT and row["period"] == str(CORRECTED_PERIOD))
    return [{**before, **_origin(PROJECT_CORRECTION, 101), "completed_ytd_yuan": 391_000_000}]


def revised_figures() -> list[Row]:
    before = next(row for row in indicator_rows() if row["indicator"] == REVISED)
    return [{**before, **_origin(FIGURE_CORRECTION, 102), "value": Decimal("39.2")}]


def _origin(submission: str, sequence: int) -> dict[str, Any]:
    return {"submission_id": submission, "row_number": 1, "sequence": sequence, "recorded_at": CORRECTED}


def _submission(submission: str, feed: str, period: Period, sequence: int) -> dict[str, Any]:
    return {
        "submission_id": submission,
        "source": f"simulated-{feed}.example",
        "city": CITY,
        "feed": feed,
        "period": str(period),
        "period_end": period.end,
        "action": "merge",
        "sequence": sequence,
        "events": 1,
        "received": 1,
        "parked": 0,
        "recorded_at": CORRECTED,
        "completed_at": CORRECTED + timedelta(seconds=4),
        "correlation_id": f"request-{sequence}",
    }
