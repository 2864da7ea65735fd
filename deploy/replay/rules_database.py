"""Rules' own stores over a scratch database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from services.rules.adapters.postgres_uow import PostgresDatabase
from shared.adapters.postgres import connected_engine, session_factory
from shared.reference.areas import Areas
from shared.reference.units_of_measure import UnitsOfMeasure

_ROLE = "planwatch_rules"


@asynccontextmanager
async def opened_rules(url: str, data_dir: Path) -> AsyncIterator[PostgresDatabase]:
    """Open them, with the reference data they need."""
    async with connected_engine(url, role=_ROLE, pool_size=1) as engine:
        yield PostgresDatabase(
            session_factory(engine),
            areas=Areas.load(data_dir / "areas.csv"),
            units=UnitsOfMeasure.load(data_dir / "units_of_measure.csv"),
            topic_prefix="",
        )
