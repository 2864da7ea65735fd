"""PostgreSQL keeps the contracts, as the service's own role, and the tables are those of the migrations."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.alerts.adapters.postgres_alerts import PostgresAlertStore
from services.alerts.adapters.postgres_notices import PostgresNoticeQueue
from services.alerts.adapters.tables import METADATA, SCHEMA
from services.alerts.application.ports import AlertStore
from services.alerts.domain.notice import Channel
from shared.adapters.postgres import connected_engine, session_factory
from tests.contracts.alerts_findings import finding
from tests.contracts.alerts_plan_suspensions import PlanSuspensionContract
from tests.contracts.alerts_queue import NoticeQueueContract, Parts
from tests.contracts.alerts_store import AlertStoreContract, record

T0 = datetime(2024, 7, 25, 2, tzinfo=UTC)


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    async with connected_engine(database_url, role="planwatch_alerts") as engine:
        yield engine


async def _rows(engine: AsyncEngine, query: str) -> list[tuple[str, ...]]:
    async with engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(text(query))]


class TestPostgresAlertStore(AlertStoreContract, PlanSuspensionContract):
    @pytest.fixture
    def store(self, engine: AsyncEngine) -> AlertStore:
        self.engine = engine
        return PostgresAlertStore(session_factory(engine), topic_prefix="test.")

    async def changes(self, store: AlertStore) -> list[tuple[str, str]]:
        rows = await _rows(self.engine, "SELECT change, state FROM alerts.alert_events ORDER BY event_id")
        return [(change, state) for change, state in rows]

    async def test_every_change_waits_in_the_outbox(self, store: AlertStore) -> None:
        await record(store, finding(), finding(sequence=2, severity="red"))

        rows = await _rows(self.engine, "SELECT topic, body::jsonb ->> 'change' FROM alerts.outbox ORDER BY position")
        assert rows == [("test.alerts.v1", "opened"), ("test.alerts.v1", "worsened")]

    async def test_two_batches_over_the_same_keys_wait_for_each_other(self, store: AlertStore) -> None:
        keys = [f"example/t{number}" for number in range(8)]
        forward = [finding(target_id=key) for key in keys]
        backward = [finding(target_id=key, sequence=2, severity="red") for key in reversed(keys)]
        await asyncio.gather(record(store, *forward), record(store, *backward))

        rows = await _rows(self.engine, "SELECT count(*)::text, min(severity) FROM alerts.alerts")
        assert rows == [("8", "red")]


class TestPostgresNoticeQueue(NoticeQueueContract):
    @pytest.fixture
    def parts(self, engine: AsyncEngine) -> Parts:
        self.engine = engine
        sessions = session_factory(engine)
        return Parts(PostgresAlertStore(sessions, topic_prefix="test."), PostgresNoticeQueue(sessions))

    async def states(self, parts: Parts) -> dict[str, int]:
        rows = await _rows(self.engine, "SELECT state, count(*)::text FROM alerts.notices GROUP BY state")
        return {state: int(count) for state, count in rows}

    async def test_replicas_that_claim_at_once_never_get_the_same_notice(self, parts: Parts) -> None:
        await parts.record(*(finding(target_id=f"example/t{number}") for number in range(40)))

        claims = await asyncio.gather(*(parts.claim(limit=10) for _ in range(4)))
        claimed = [notice.notice_id for batch in claims for notice in batch]
        assert len(claimed) == len(set(claimed))
        rest = await parts.queue.claim(Channel.MAIL, limit=40, now=T0, lease=timedelta(minutes=1))
        assert len(claimed) + len(rest) == 40


async def test_tables_are_those_of_the_migrations(database_url: str) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_schemas": True,
                "compare_server_default": False,
                "include_name": lambda name, kind, _parents: kind != "schema" or name == SCHEMA,
            },
        )
        return list(compare_metadata(context, METADATA))

    async with connected_engine(database_url, role=None) as engine, engine.connect() as connection:
        assert await connection.run_sync(differences) == []
