"""PostgreSQL stores of rules over a fresh migrated database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.rules.adapters.postgres_uow import PostgresDatabase
from shared.adapters.postgres import SessionFactory, connected_engine, session_factory
from shared.reference.areas import Areas
from shared.reference.units_of_measure import UnitsOfMeasure

DATA = Path(__file__).resolve().parents[3] / "data"


@pytest.fixture
async def sessions(database_url: str) -> AsyncIterator[SessionFactory]:
    async with connected_engine(database_url, role="planwatch_rules") as engine:
        yield session_factory(engine)


@pytest.fixture
def database(sessions: SessionFactory, topic_prefix: str) -> PostgresDatabase:
    return PostgresDatabase(
        sessions,
        areas=Areas.load(DATA / "areas.csv"),
        units=UnitsOfMeasure.load(DATA / "units_of_measure.csv"),
        topic_prefix=topic_prefix,
    )
