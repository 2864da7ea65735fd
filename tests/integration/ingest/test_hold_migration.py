"""The migration that lets submissions be held, downwards and upwards over data."""

import asyncio

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import text

from deploy.migrations import alembic_config, migrate
from services.ingest.adapters.postgres_acceptance import PostgresAcceptanceStore
from services.ingest.adapters.postgres_holds import PostgresHoldStore
from services.ingest.adapters.postgres_keys import PostgresKeyStore
from services.ingest.adapters.postgres_publishing import PostgresPublishQueue
from services.ingest.application.manage_keys import secret_hash
from services.ingest.domain.hold_decision import Verb
from shared.adapters.postgres import SessionFactory, connected_engine
from tests.contracts.ingest_holds import RELEASED_AT, REVISION, SECOND, Desk, HoldParts, desk_of
from tests.contracts.ingest_submissions import T0, firm

REVISION_OF_HOLDS = "0015"
_SENT = (
    "SELECT submission_id, recorded_at, row_events FROM ingest.submissions WHERE published_at IS NULL ORDER BY sequence"
)


async def desk_with_one_of_each(sessions: SessionFactory) -> Desk:
    """Four firms are known; half of them restated three times: released, withdrawn, still held."""
    await PostgresKeyStore(sessions).add(SECOND, secret_hash("pwk_second"))
    store = PostgresAcceptanceStore(sessions, lambda: T0)
    desk = desk_of(HoldParts(store, PostgresHoldStore(sessions), PostgresPublishQueue(sessions)))
    await desk.push(*(firm(serial) for serial in range(1, 5)))
    for revenue in ("1235", "1236", "1237"):
        await desk.push(firm(1, revenue_ytd=revenue), firm(2, revenue_ytd=revenue), **REVISION)
    await desk.decide(Verb.RELEASED, "sub_2")
    await desk.decide(Verb.WITHDRAWN, "sub_3")
    return desk


async def test_what_was_not_released_is_never_sent_by_the_schema_before_it(
    sessions: SessionFactory, database_url: str
) -> None:
    desk = await desk_with_one_of_each(sessions)
    before = ScriptDirectory.from_config(alembic_config(database_url)).get_revision(REVISION_OF_HOLDS).down_revision
    await asyncio.to_thread(command.downgrade, alembic_config(database_url), str(before))
    async with connected_engine(database_url, role=None) as engine, engine.connect() as connection:
        sent = [tuple(row) for row in await connection.execute(text(_SENT))]
    assert sent == [("sub_1", T0, 4), ("sub_2", RELEASED_AT, 2)]
    await asyncio.to_thread(migrate, database_url)
    known = (firm(1, revenue_ytd="1235"), firm(2, revenue_ytd="1235"), firm(3), firm(4))
    assert (await desk.push(*known)).unchanged == 4


async def test_after_the_upgrade_known_rows_have_their_place(sessions: SessionFactory, database_url: str) -> None:
    await desk_with_one_of_each(sessions)
    before = ScriptDirectory.from_config(alembic_config(database_url)).get_revision(REVISION_OF_HOLDS).down_revision
    await asyncio.to_thread(command.downgrade, alembic_config(database_url), str(before))
    await asyncio.to_thread(migrate, database_url)
    async with connected_engine(database_url, role=None) as engine, engine.connect() as connection:
        found = await connection.execute(text("SELECT row_number, sequence FROM ingest.known_rows ORDER BY 2, 1"))
        assert [tuple(row) for row in found] == [(3, 1), (4, 1), (1, 2), (2, 2)]
