"""The PostgreSQL stores keep the contracts that the in-memory ones keep."""

import pytest

from services.rules.adapters.postgres_uow import PostgresDatabase
from services.rules.application.ports import Database
from tests.contracts.rules_facts import FactStoreContract
from tests.contracts.rules_intake import IntakeContract
from tests.contracts.rules_row_sources import ROWS_CATALOGUE, RowSourcesContract
from tests.contracts.rules_sources import SOURCES_CATALOGUE, FigureSourcesContract
from tests.integration.rules.example_plans import ExamplePlans


class TestPostgresFacts(FactStoreContract):
    @pytest.fixture
    def database(self, database: PostgresDatabase) -> Database:
        return database


class TestPostgresIntake(IntakeContract):
    @pytest.fixture
    def database(self, database: PostgresDatabase) -> Database:
        return database


class TestPostgresFigureSources(FigureSourcesContract):
    orders = 12

    @pytest.fixture
    def database(self, database: PostgresDatabase) -> Database:
        return ExamplePlans(database, SOURCES_CATALOGUE)


class TestPostgresRowSources(RowSourcesContract):
    @pytest.fixture
    def database(self, database: PostgresDatabase) -> Database:
        return ExamplePlans(database, ROWS_CATALOGUE)
