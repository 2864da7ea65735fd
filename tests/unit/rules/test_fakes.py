"""The in-memory stores keep the contracts of the real ones."""

import pytest

from services.rules.application.catalogue import Catalogue
from services.rules.application.ports import Database
from tests.contracts.rules_facts import FactStoreContract
from tests.contracts.rules_intake import IntakeContract
from tests.contracts.rules_row_sources import ROWS_CATALOGUE, RowSourcesContract
from tests.contracts.rules_sources import SOURCES_CATALOGUE, FigureSourcesContract
from tests.fakes.rules import InMemoryDatabase


class TestInMemoryFacts(FactStoreContract):
    @pytest.fixture
    def database(self) -> Database:
        return InMemoryDatabase(Catalogue((), ()))


class TestInMemoryIntake(IntakeContract):
    @pytest.fixture
    def database(self) -> Database:
        return InMemoryDatabase(Catalogue((), ()))


class TestInMemoryFigureSources(FigureSourcesContract):
    orders = 120

    @pytest.fixture
    def database(self) -> Database:
        return InMemoryDatabase(SOURCES_CATALOGUE)


class TestInMemoryRowSources(RowSourcesContract):
    @pytest.fixture
    def database(self) -> Database:
        return InMemoryDatabase(ROWS_CATALOGUE)
