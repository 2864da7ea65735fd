"""rules and alerts are killed again and again while months are restated: all ends as if nobody had been killed."""

import json
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from shared.kernel.period import Period
from shared.simulation.city import SimulatedCity
from tests.e2e.conftest import System, eventually, running_system
from tests.e2e.test_feed_becomes_alert import started_projects

CITY = SimulatedCity(7, firms=600)
MONTHS = tuple(Period.month(2024, month) for month in (3, 4))
ENVIRONMENT = {
    "PLANWATCH_INGEST_HOLD_ROWS_SHARE": "none",
    "PLANWATCH_INGEST_HOLD_VALUE_SHARE": "none",
    "PLANWATCH_RULES_BATCH_SIZE": "100",
}
Rows = list[dict[str, Any]]
Reached = Callable[[System, str], Awaitable[bool]]

_VERDICTS = """
SELECT DISTINCT ON (target_id, area, period) target_id, area, period, status, expected, actual, gap
FROM rules.verdicts ORDER BY target_id, area, period, sequence DESC
"""
_SIGNALS = """
SELECT signal_id, fingerprint FROM (SELECT DISTINCT ON (signal_id) * FROM rules.signals
    ORDER BY signal_id, sequence DESC) AS current WHERE active
"""
_HISTORIES = """
SELECT target_id, area, kind, alert.state, alert.severity, since_period, until_period, worst,
    (SELECT string_agg(concat_ws(' ', change, event.state, event.severity), ', ' ORDER BY event_id)
     FROM alerts.alert_events AS event WHERE event.alert_id = alert.alert_id) AS history
FROM alerts.alerts AS alert
"""
_NOTICES = """
SELECT alert.target_id, alert.area, alert.kind, episode, cause, unit, notice.channel, notice.state,
    CASE notice.channel WHEN 'mail' THEN recipient END
FROM alerts.notices AS notice JOIN alerts.alerts AS alert USING (alert_id)
"""
_AT_WORK = """
SELECT (SELECT count(*) FROM rules.outbox WHERE published_at IS NULL)
    + (SELECT count(*) FROM alerts.outbox WHERE published_at IS NULL)
    + (SELECT count(*) FROM alerts.notices WHERE state = 'queued')
    + (SELECT count(*) FROM (SELECT target_id, area, kind, max(sequence) AS told FROM rules.findings GROUP BY 1, 2, 3)
        AS finding LEFT JOIN alerts.finding_states AS seen USING (target_id, area, kind)
       WHERE seen.sequence IS DISTINCT FROM told) AS waiting
"""


@dataclass(frozen=True, slots=True)
class End:
    """Where everything has come to, whatever the ids of submissions are; and what receivers got."""

    verdicts: Counter[tuple[Any, ...]]
    signals: Counter[tuple[Any, ...]]
    alerts: Counter[tuple[Any, ...]]
    notices: Counter[tuple[Any, ...]]


def reports(*, started: int, revenue_times: int) -> list[tuple[str, Period, Rows]]:
    """Both feeds of every month: so many projects started, and every firm's revenue so many times as much."""
    told: list[tuple[str, Period, Rows]] = []
    for month in MONTHS:
        firms = [_times(firm, revenue_times) for firm in CITY.enterprises(month)]
        told += [("projects", month, started_projects(started, until=date(2024, 3, 1))), ("enterprises", month, firms)]
    return told


def _times(firm: dict[str, Any], times: int) -> dict[str, Any]:
    revenue = firm["revenue_ytd"]
    return firm if revenue is None else {**firm, "revenue_ytd": str(Decimal(revenue) * times)}


FIRST = reports(started=1, revenue_times=1)
RESTATED = reports(started=70, revenue_times=3)


async def submit(system: System, feed: str, period: Period, rows: Rows, *, reason: str | None = None) -> str:
    envelope = {"period": str(period), "action": "merge", **({"reason": reason} if reason else {}), "rows": rows}
    answer = await system.client.http.post(
        f"{system.client.ingest_url}/v1/feeds/{feed}/submissions",
        content=json.dumps(envelope).encode(),
        headers={"Authorization": f"Bearer {system.key}", "Content-Type": "application/json"},
    )
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


# ---- when processes are killed ---------------------------------------------------------------------------------------


async def at_once(_system: System, _submission: str) -> bool:
    return True


async def some_rows_are_stored(system: System, submission: str) -> bool:
    return bool(await system.database("SELECT FROM rules.submissions WHERE submission_id = $1", submission))


async def it_is_judged(system: System, submission: str) -> bool:
    complete = "SELECT FROM rules.submissions WHERE submission_id = $1 AND completed_at IS NOT NULL"
    return bool(await system.database(complete, submission))


async def restate(system: System, kill_when: dict[int, Reached]) -> None:
    """Report the months and restate them one by one; of some, kill both services when something is reached."""
    for feed, period, rows in FIRST:
        await system.client.wait_until_judged(await submit(system, feed, period, rows), seconds=120)
    for number, (feed, period, rows) in enumerate(RESTATED):
        submission = await submit(system, feed, period, rows, reason="error")
        if number in kill_when:
            await _kill(system, submission, kill_when[number])
        await system.client.wait_until_judged(submission, seconds=120)
    await eventually(lambda: _is_at_rest(system), seconds=60)


async def _kill(system: System, submission: str, reached: Reached) -> None:
    async def look() -> bool:
        return await reached(system, submission)

    await eventually(look)
    for name in ("rules", "alerts"):
        await system.stack.kill(name)
    await system.stack.wait_until_ready()


async def _is_at_rest(system: System) -> bool:
    (row,) = await system.database(_AT_WORK)
    return bool(row["waiting"] == 0)


async def end_of(system: System) -> End:
    async def rows(query: str) -> Counter[tuple[Any, ...]]:
        return Counter(tuple(row) for row in await system.database(query))

    return End(await rows(_VERDICTS), await rows(_SIGNALS), await rows(_HISTORIES), await rows(_NOTICES))


async def assert_told_once(system: System) -> None:
    """Every notice arrived; what arrived twice is the same notice under the same id."""
    sent = await system.database("SELECT channel, message_id FROM alerts.notices WHERE state = 'sent'")
    ids = {channel: {row["message_id"] for row in sent if row["channel"] == channel} for channel in ("mail", "webhook")}
    assert {str(mail["message-id"]) for mail in system.mailbox.mails} == ids["mail"]
    assert set(system.inbox.ids) == ids["webhook"]
    assert len(sent) == len(ids["mail"]) + len(ids["webhook"])


@asynccontextmanager
async def fresh_system(folder: Path, name: str) -> AsyncIterator[System]:
    place = folder / name
    place.mkdir()
    place.chmod(0o755)
    async with running_system(place, **ENVIRONMENT) as system:
        yield system


async def test_killed_at_random_points_of_a_restatement_everything_ends_as_undisturbed(short_directory: Path) -> None:
    async with fresh_system(short_directory, "a") as system:
        await restate(system, {})
        undisturbed = await end_of(system)
    dice = random.Random(5)  # noqa: S311  a test's dice
    points: tuple[Reached, ...] = (at_once, some_rows_are_stored, it_is_judged)
    kill_when = dict(zip(dice.sample(range(len(RESTATED)), k=3), dice.sample(points, k=3), strict=True))
    async with fresh_system(short_directory, "b") as system:
        await restate(system, kill_when)
        assert await end_of(system) == undisturbed
        await assert_told_once(system)
    changes = {change for row in undisturbed.alerts for change in str(row[-1]).split(", ")}
    assert any(change.startswith("opened") for change in changes)
    assert any(change.startswith("retracted") for change in changes)
