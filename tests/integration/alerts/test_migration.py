"""Alerts of before corrections are carried over with the breach each of them was, and back."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import asyncpg
import pytest
from alembic import command

from deploy.migrations import alembic_config, migrate
from services.alerts.adapters.postgres_alerts import PostgresAlertStore
from shared.adapters.postgres import connected_engine, session_factory
from shared.contracts.findings import FindingChanged
from tests.contracts.alerts_findings import event, finding_of_runs, run
from tests.contracts.alerts_store import record, rest

T0 = datetime(2024, 7, 25, 2, tzinfo=UTC)
_ALERT = """
INSERT INTO alerts.alerts (alert_id, target_id, area, area_name, city, kind, episode, state, severity, opened_at,
    opened_period, since_period, period, updated_at, closed_at, ground, finding_sequence, finding, simulated)
VALUES ($1, 'example/t1', '321300', '示例市', '321300', 'lagging', $2, $3, 'yellow', $4, $5, $6, $7, $4, $8, $9, 1, $10, false)
"""
_EVENT = """
INSERT INTO alerts.alert_events (alert_id, at, change, state, severity, period, finding_sequence, finding, snapshot, correlation_id)
VALUES ($1, $2, $3, $4, $5, $6, 1, $7, (SELECT to_jsonb(alert) FROM alerts.alerts alert WHERE alert_id = $1), 'c')
"""
_VIEWS = "SELECT count(*) FROM query.alerts a JOIN query.alert_events e USING (alert_id)"


@pytest.fixture
async def owner(database_url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


async def write_closed_and_open(owner: Any) -> None:
    """Write what the version before wrote: a red alert that was closed, and the open one after it."""
    breach = event(period="2024-04", since="2024-01/P2M", severity="red")
    cleared = event(period="2024-05", since="2024-05", state="clear")
    again = event(period="2024-08", since="2024-Q3")

    def text(found: FindingChanged) -> str:
        return found.model_dump_json()

    closed = ("closed", T0, "2024-04", "2024-05", "2024-05", T0, "data_recovered", text(cleared))
    await owner.execute(_ALERT, "alert_1", 1, *closed)
    await owner.execute(_ALERT, "alert_2", 2, "open", T0, "2024-08", "2024-Q3", "2024-08", None, None, text(again))
    await owner.execute(_EVENT, "alert_1", T0, "opened", "open", "red", "2024-04", text(breach))
    await owner.execute(_EVENT, "alert_1", T0, "closed", "closed", "yellow", "2024-05", text(cleared))
    await owner.execute(_EVENT, "alert_2", T0, "opened", "open", "yellow", "2024-08", text(again))


async def test_alerts_of_before_know_their_breach_after_the_upgrade(database_url: str, owner: Any) -> None:
    await asyncio.to_thread(command.downgrade, alembic_config(database_url), "0009")
    await write_closed_and_open(owner)
    await asyncio.to_thread(migrate, database_url)

    rows = await owner.fetch("SELECT * FROM alerts.alerts ORDER BY episode")
    first, second = ({**row} for row in rows)
    assert (first["since_period"], first["until_period"], first["worst"]) == ("2024-01/P2M", "2024-04", "red")
    assert (first["breached_on"], second["breached_on"]) == (date(2024, 2, 29), date(2024, 9, 30))
    assert (second["until_period"], second["worst"], second["previous"]) == ("2024-08", "yellow", "alert_1")
    kept = await owner.fetchval("SELECT min(snapshot ->> 'until_period') FROM alerts.alert_events")
    assert kept == "2024-04"
    assert await owner.fetchval(_VIEWS) == 3


async def test_alerts_under_corrections_can_be_taken_back_to_the_version_before(database_url: str, owner: Any) -> None:
    async with connected_engine(database_url, role="planwatch_alerts") as engine:
        store = PostgresAlertStore(session_factory(engine), topic_prefix="test.")
        await record(store, finding_of_runs(run("2024-03", "2024-03", "2024-04", worst="red"), run("2024-06")))
        (recorded,) = await record(store, finding_of_runs(run("2024-08"), sequence=2))
        await rest(store, recorded.changes[-1].alert.alert_id)
    await asyncio.to_thread(command.downgrade, alembic_config(database_url), "0009")

    states = await owner.fetch("SELECT state, ground FROM alerts.alerts ORDER BY episode")
    assert [tuple(row) for row in states] == [
        ("closed", "data_recovered"),
        ("closed", "data_recovered"),
        ("open", None),
    ]
    await asyncio.to_thread(migrate, database_url)
    assert await owner.fetchval("SELECT count(*) FROM alerts.alerts WHERE until_period IS NULL") == 0
