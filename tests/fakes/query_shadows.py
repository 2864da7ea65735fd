"""Two rules in shadow beside the simulated city: one that follows, with every outcome, and one that failed."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg

from shared.plans.expand import YearTarget
from tests.fakes.query_alerts import ALERT, CLOSED_ALERT, D_ALERT
from tests.fakes.query_base import CITY, PLAN, Row

SHADOW, FAILED_SHADOW = "strict-lights", "broken"
STARTED = datetime(2025, 9, 1, 1, 0, tzinfo=UTC)
REASON = "DBAPIError: connection refused"
_LIVE: Row = {"since": "2025-04", "period": "2025-04", "severity": "yellow", "worst": "red", "state": "open"}
NEW_TARGET = f"{PLAN}/m9/only-in-shadow@2025"


async def hold_shadow(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Hold the lock on its name, as the process that runs it does while it lives."""
    await connection.execute("SELECT pg_advisory_lock(hashtext('planwatch.shadow'), hashtext($1))", SHADOW)


def shadow_rows(now: datetime) -> list[Row]:
    """The shadows; one was compared just now."""
    common = {"city": None, "plan_ids": (PLAN,), "fingerprint": "5" * 64, "started_at": STARTED}
    alive = {
        "state": "running",
        "reason": None,
        "ended_at": None,
        "compared_at": now,
    }
    failed_at = STARTED + timedelta(minutes=3)
    failed = {"state": "failed", "reason": REASON, "ended_at": failed_at, "compared_at": None}
    return [
        {**common, **alive, "name": SHADOW, "rounds_done": 42, "rounds_known": 42, "round": 42, "round_at": STARTED},
        {**common, **failed, "name": FAILED_SHADOW, "city": CITY, "rounds_done": 7, "rounds_known": 42},
    ]


def difference_rows(targets: Iterable[YearTarget]) -> list[Row]:
    """An alert of every outcome; the added one is of a target that the live plans lack."""
    sides = {
        "added": (None, _side("2025-05", "2025-06")),
        "lost": (_side("2024-01/P2M", "2024-01/P2M", alert_id=CLOSED_ALERT, state="closed"), None),
        "severity": (_side("2025-04", "2025-04", alert_id=ALERT), _side("2025-04", "2025-04", severity="red")),
        "dates": (_side("2025-03", "2025-05", alert_id=D_ALERT), _side("2025-03", "2025-04", state="made_good")),
        "same": (_side("2025-04", "2025-04", alert_id=ALERT), _side("2025-04", "2025-04")),
    }
    shown = zip(sides.items(), targets, strict=False)
    return [_row(outcome, live, shadow, target) for (outcome, (live, shadow)), target in shown]


def _side(since: str, period: str, **other: Any) -> Row:
    return {**_LIVE, "since": since, "period": period, "opened_at": STARTED.isoformat(), "alert_id": None, **other}


def _row(outcome: str, live: Row | None, shadow: Row | None, target: YearTarget) -> Row:
    name = target.definition.name
    return {
        "name": SHADOW,
        "target_id": NEW_TARGET if outcome == "added" else target.id,
        "area": target.area,
        "kind": "lagging",
        "place": 1,
        "outcome": outcome,
        "plan_id": PLAN,
        "city": CITY,
        "area_name": "宿迁市",
        "name_zh": name.zh,
        "name_en": name.en,
        "quote": target.quote,
        "simulated": True,
        "live": live,
        "shadow": shadow,
    }
