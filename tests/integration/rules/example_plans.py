"""PostgreSQL, with a catalogue that tests give in place of stored plans."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace

from services.rules.adapters.postgres_uow import PostgresDatabase
from services.rules.application.catalogue import Catalogue
from services.rules.application.ports import Stores
from tests.fakes.rules import FixedPlans
from tests.fakes.rules_facts import State


class ExamplePlans:
    """Begins transactions whose plans are the catalogue."""

    def __init__(self, database: PostgresDatabase, catalogue: Catalogue) -> None:
        self._database = database
        self._catalogue = catalogue

    def transaction(self) -> AbstractAsyncContextManager[Stores]:
        return self._transaction()

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Stores]:
        async with self._database.transaction() as stores:
            yield replace(stores, plans=FixedPlans(State(), self._catalogue))  # type: ignore[arg-type]
