"""The contract of holding on PostgreSQL, and what only PostgreSQL can show."""

from typing import Any

import pytest

from services.ingest.adapters.postgres_acceptance import PostgresAcceptanceStore
from services.ingest.adapters.postgres_holds import PostgresHoldStore
from services.ingest.adapters.postgres_keys import PostgresKeyStore
from services.ingest.adapters.postgres_publishing import PostgresPublishQueue
from services.ingest.application.manage_keys import secret_hash
from shared.adapters.postgres import SessionFactory
from tests.contracts.ingest_holds import SECOND, HoldContract, HoldParts
from tests.contracts.ingest_submissions import T0


@pytest.fixture
async def hold_parts(sessions: SessionFactory) -> HoldParts:
    await PostgresKeyStore(sessions).add(SECOND, secret_hash("pwk_second"))
    return HoldParts(
        PostgresAcceptanceStore(sessions, lambda: T0), PostgresHoldStore(sessions), PostgresPublishQueue(sessions)
    )


class TestPostgresHolds(HoldContract):
    @pytest.fixture
    def parts(self, hold_parts: HoldParts) -> Any:
        return hold_parts
