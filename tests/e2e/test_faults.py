"""What must hold when servers go away and processes are killed: nothing accepted is lost, nothing is doubled."""

import asyncio
from datetime import date
from typing import Any

import pytest

from deploy.local.demo.story import Push
from shared.kernel.period import Period
from shared.simulation.city import SimulatedCity
from tests.e2e.conftest import FEEDS, System, eventually
from tests.e2e.test_feed_becomes_alert import started_projects

pytestmark = pytest.mark.asyncio(loop_scope="module")

CITY = SimulatedCity(7, firms=5000)


async def submit(system: System, feed: str, period: str, rows: Any) -> str:
    receipt = await system.client.push(Push(source=FEEDS, feed=feed, period=period, rows=rows))
    return str(receipt["id"])


async def test_accepted_while_kafka_is_down_arrives_when_it_is_back(system: System) -> None:
    await system.stack.stop_kafka()
    submission = await submit(system, "projects", "2024-03", started_projects(5, until=date(2024, 3, 31)))
    state = await system.client.http.get(
        f"{system.client.ingest_url}/v1/submissions/{submission}", headers={"Authorization": f"Bearer {system.key}"}
    )
    assert state.json()["state"] in ("accepted", "publishing")
    await system.stack.start_kafka()
    await system.client.wait_until_judged(submission, seconds=120)


async def test_with_postgresql_down_the_answer_is_503_and_never_202(system: System) -> None:
    await system.stack.stop_postgres()
    answer = await system.client.http.post(
        f"{system.client.ingest_url}/v1/feeds/projects/submissions",
        json={"period": "2024-04", "action": "merge", "rows": started_projects(6, until=date(2024, 4, 30))},
        headers={"Authorization": f"Bearer {system.key}"},
    )
    assert answer.status_code == 503, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    ready = await system.client.http.get(f"{system.client.ingest_url}/readyz")
    assert ready.status_code == 503
    await system.stack.start_postgres()
    await system.stack.wait_until_ready()
    submission = await submit(system, "projects", "2024-04", started_projects(6, until=date(2024, 4, 30)))
    await system.client.wait_until_judged(submission, seconds=120)


@pytest.mark.parametrize(("killed", "month"), [("ingest", 5), ("rules", 6), ("alerts", 7), ("query", 8)])
async def test_a_service_killed_in_the_middle_of_work_loses_and_doubles_nothing(
    system: System, killed: str, month: int
) -> None:
    period = Period.month(2024, month)
    firms = list(CITY.enterprises(period))
    projects = await submit(system, "projects", str(period), started_projects(month, until=period.end))
    enterprises = await submit(system, "enterprises", str(period), firms)
    await system.stack.kill(killed)
    await system.stack.wait_until_ready()
    for submission in (projects, enterprises):
        await system.client.wait_until_judged(submission, seconds=120)

    count = (
        "SELECT count(*) AS rows, count(DISTINCT uscc) AS firms FROM rules.enterprise_versions WHERE submission_id = $1"
    )
    (kept,) = await system.database(count, enterprises)
    assert (kept["rows"], kept["firms"]) == (len(firms), len(firms))
    (judged,) = await system.database(
        "SELECT count(*) AS verdicts, count(DISTINCT verdict_id) AS ids FROM rules.verdicts"
        " WHERE period = $1 AND target_id LIKE '%starts-10yi@2024' AND status = 'far_behind'",
        str(period),
    )  # fmt: skip
    assert judged["verdicts"] == judged["ids"] == 1


async def test_no_notice_was_lost_and_a_repeat_carries_the_same_message_id(system: System) -> None:
    async def unsent_count() -> bool:
        rows = await system.database("SELECT count(*) AS waiting FROM alerts.notices WHERE state = 'queued'")
        return bool(rows[0]["waiting"] == 0)

    await eventually(unsent_count)
    notices = await system.database("SELECT message_id FROM alerts.notices WHERE channel = 'mail' AND state = 'sent'")
    expected = {str(row["message_id"]).strip("<>") for row in notices}
    received = {str(mail["message-id"]).strip("<>") for mail in system.mailbox.mails}
    assert received == expected
    open_alerts = await system.database(
        "SELECT target_id, area, kind, count(*) AS open FROM alerts.alerts"
        " WHERE state IN ('open', 'acknowledged', 'suspended') GROUP BY target_id, area, kind HAVING count(*) > 1"
    )
    assert open_alerts == []


async def test_after_all_of_it_every_service_is_healthy(system: System) -> None:
    health = await asyncio.gather(*(system.client.http.get(f"{url}/healthz") for url in system.stack.urls.values()))
    assert [answer.status_code for answer in health] == [200, 200, 200, 200]
