"""Five revisions of one cell, in any order, end in PostgreSQL as they do in memory in the order in which they were accepted."""

import random
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import asyncpg
import pytest

from services.alerts.adapters.finding_codec import decode_finding
from services.alerts.adapters.postgres_alerts import PostgresAlertStore
from services.alerts.application.record_findings import ReportedFinding, record_findings
from services.rules.adapters.postgres_uow import PostgresDatabase
from services.rules.application.load_plans import LoadPlans, load_plans
from services.rules.application.receive_batch import receive_batch
from shared.adapters.postgres import connected_engine, session_factory
from shared.reference.units_of_measure import UnitsOfMeasure
from tests.contracts.rules_revisions import REVISED, REVISIONS, Revisions, surroundings
from tests.contracts.rules_rows import T0, Push
from tests.contracts.rules_sources import RANKS
from tests.contracts.rules_targets import plan_of
from tests.fakes.chain import AREAS, TELLING, Chain, command_of, end_of, events_of
from tests.integration.rules.example_plans import ExamplePlans

UNITS = Path(__file__).resolve().parents[3] / "data" / "units_of_measure.csv"
_VERDICTS = (
    "SELECT DISTINCT ON (target_id, period) target_id, period, verdict_id FROM rules.verdicts"
    " ORDER BY target_id, period, sequence DESC"
)
_SIGNALS = (
    "SELECT signal_id, fingerprint FROM (SELECT DISTINCT ON (signal_id) * FROM rules.signals"
    " ORDER BY signal_id, sequence DESC) AS current WHERE active"
)
_ALERTS = (
    "SELECT target_id, area, since_period, until_period, worst, severity,"
    " CASE WHEN state = 'open' THEN 'active' ELSE state || ' ' || ground END"
    " FROM alerts.alerts WHERE state <> 'retracted'"
)
_TOLD = "SELECT event::text FROM rules.findings ORDER BY recorded_at, target_id, area, kind, sequence"


@pytest.fixture
async def rules(database_url: str, topic_prefix: str) -> AsyncIterator[ExamplePlans]:
    async with connected_engine(database_url, role="planwatch_rules") as engine:
        units = UnitsOfMeasure.load(UNITS)
        database = PostgresDatabase(session_factory(engine), areas=AREAS, units=units, topic_prefix=topic_prefix)
        yield ExamplePlans(database, REVISED)


@pytest.fixture
async def alerts(database_url: str, topic_prefix: str) -> AsyncIterator[PostgresAlertStore]:
    async with connected_engine(database_url, role="planwatch_alerts") as engine:
        yield PostgresAlertStore(session_factory(engine), topic_prefix=topic_prefix)


async def _receive(rules: ExamplePlans, pushes: Iterable[Push]) -> None:
    async with rules.transaction() as stores:
        command = LoadPlans(plans=(plan_of(REVISED.targets),), correlation_id="load", authorities=RANKS)
        await load_plans(stores, command, now=T0)
    for one in pushes:
        async with rules.transaction() as stores:
            await receive_batch(stores, command_of(events_of([one])), now=T0)


async def _rows(database_url: str, statement: str) -> list[tuple[str, ...]]:
    connection = await asyncpg.connect(database_url)
    try:
        return [tuple(row) for row in await connection.fetch(statement)]
    finally:
        await connection.close()


@pytest.mark.parametrize("revisions", REVISIONS.values(), ids=REVISIONS)
async def test_revisions_in_another_order_end_in_postgresql_as_in_memory(
    rules: ExamplePlans, alerts: PostgresAlertStore, database_url: str, revisions: Revisions
) -> None:
    memory = await Chain.loaded(REVISED, ranks=RANKS)
    await memory.push(*surroundings(), *revisions.pushes())
    shuffled = [*revisions.pushes()]
    random.Random(str(revisions.feed)).shuffle(shuffled)  # noqa: S311  a test's dice
    await _receive(rules, (*surroundings(), *shuffled, shuffled[0]))
    for (told,) in await _rows(database_url, _TOLD):
        reported = ReportedFinding(decode_finding(told.encode()), "correlation")
        await record_findings([reported], store=alerts, telling=TELLING, now=T0)
    end = end_of(memory)
    assert set(await _rows(database_url, _VERDICTS)) == end.verdicts
    assert set(await _rows(database_url, _SIGNALS)) == end.signals
    standing = await _rows(database_url, _ALERTS)
    assert set(standing) == end.alerts
    assert len(standing) == len(end.alerts)
