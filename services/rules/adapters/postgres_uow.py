"""The unit of work: one PostgreSQL transaction that all stores share."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from services.rules.adapters.plan_catalogue import CatalogueBuilder
from services.rules.adapters.postgres_authorities import PostgresAuthorities
from services.rules.adapters.postgres_facts import PostgresFacts
from services.rules.adapters.postgres_findings import PostgresFindings
from services.rules.adapters.postgres_forecasts import PostgresForecasts
from services.rules.adapters.postgres_intake import PostgresIntake
from services.rules.adapters.postgres_journal import PostgresJournal
from services.rules.adapters.postgres_plans import CatalogueCache, PostgresPlans
from services.rules.adapters.postgres_signals import PostgresSignals
from services.rules.adapters.postgres_verdicts import PostgresVerdicts
from services.rules.domain.duty import NO_DUTIES, Duties
from shared.adapters.postgres import SessionFactory, raw_connection
from shared.reference.areas import Areas
from shared.reference.units_of_measure import UnitsOfMeasure


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresStores:
    """The stores of one transaction, and the session they share."""

    session: AsyncSession
    intake: PostgresIntake
    journal: PostgresJournal
    facts: PostgresFacts
    verdicts: PostgresVerdicts
    forecasts: PostgresForecasts
    signals: PostgresSignals
    findings: PostgresFindings
    plans: PostgresPlans
    authorities: PostgresAuthorities
    duties: Duties


class PostgresDatabase:
    """Begins transactions on the service's database. Without duties no feed is owed."""

    def __init__(
        self,
        sessions: SessionFactory,
        *,
        areas: Areas,
        units: UnitsOfMeasure,
        topic_prefix: str,
        duties: Duties = NO_DUTIES,
    ) -> None:
        self._sessions = sessions
        self._areas = areas
        self._prefix = topic_prefix
        self.duties = duties
        self._cache = CatalogueCache(CatalogueBuilder(areas, units))

    def transaction(self) -> AbstractAsyncContextManager[PostgresStores]:
        """Begin; commit when the block ends, roll back when it raises."""
        return self._transaction()

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[PostgresStores]:
        async with self._sessions.begin() as session:
            connection = await raw_connection(session)
            yield PostgresStores(
                session=session,
                intake=PostgresIntake(connection),
                journal=PostgresJournal(connection),
                facts=PostgresFacts(connection),
                verdicts=PostgresVerdicts(connection),
                forecasts=PostgresForecasts(connection),
                signals=PostgresSignals(connection),
                findings=PostgresFindings(session, connection, areas=self._areas, topic_prefix=self._prefix),
                plans=PostgresPlans(connection, self._cache),
                authorities=PostgresAuthorities(connection),
                duties=self.duties,
            )
