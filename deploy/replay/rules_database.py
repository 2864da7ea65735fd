"""Rules' own stores over a scratch database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from services.rules.adapters.feed_duties import read_duties
from services.rules.adapters.postgres_uow import PostgresDatabase
from services.rules.domain.duty import NO_DUTIES
from shared.adapters.postgres import connected_engine, session_factory
from shared.reference.areas import Areas
from shared.reference.units_of_measure import UnitsOfMeasure

_ROLE = "planwatch_rules"


@asynccontextmanager
async def opened_rules(url: str, data_dir: Path, *, plans_dir: Path | None = None) -> AsyncIterator[PostgresDatabase]:
    """Open them, with the reference data they need; who owes which feed is read from the plans, else no feed is owed."""
    duties = NO_DUTIES if plans_dir is None else read_duties(plans_dir, data_dir)
    async with connected_engine(url, role=_ROLE, pool_size=1) as engine:
        yield PostgresDatabase(
            session_factory(engine),
            areas=Areas.load(data_dir / "areas.csv"),
            units=UnitsOfMeasure.load(data_dir / "units_of_measure.csv"),
            topic_prefix="",
            duties=duties,
        )
