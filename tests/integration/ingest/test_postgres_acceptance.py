"""The contract of accepting on PostgreSQL, and what only PostgreSQL can show."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from services.ingest.adapters.postgres_acceptance import PostgresAcceptanceStore
from services.ingest.adapters.postgres_publishing import PostgresPublishQueue
from services.ingest.application.accept_submission import Accepted, Rejected, Replayed, accept_submission
from services.ingest.domain.errors import StoreUnavailableError, SubmissionInProgressError
from shared.adapters.postgres import SessionFactory, connected_engine, session_factory
from tests.contracts.ingest_acceptance import AcceptanceContract, Parts
from tests.contracts.ingest_submissions import T0, claim, command, firm, intake


class TestPostgresAcceptance(AcceptanceContract):
    @pytest.fixture
    def parts(self, sessions: SessionFactory) -> Any:
        return Parts(PostgresAcceptanceStore(sessions, lambda: T0), PostgresPublishQueue(sessions))


async def test_two_at_once_with_one_idempotency_key_are_written_once(sessions: SessionFactory) -> None:
    needs = intake(PostgresAcceptanceStore(sessions, lambda: T0))
    rows = [firm(serial) for serial in range(1, 200)]
    answers = await asyncio.gather(
        *(accept_submission(command(rows, claim=claim()), needs) for _ in range(5)), return_exceptions=True
    )
    accepted = [answer for answer in answers if isinstance(answer, Accepted)]
    assert len(accepted) == 1
    others = [answer for answer in answers if not isinstance(answer, Accepted)]
    assert all(isinstance(answer, Replayed | SubmissionInProgressError) for answer in others), others
    assert await _count(sessions, "submissions") == 1


async def test_two_at_once_of_one_series_see_each_other(sessions: SessionFactory) -> None:
    """Without the lock both would take the other's value for new."""
    needs = intake(PostgresAcceptanceStore(sessions, lambda: T0))
    pushes = [accept_submission(command([firm(1, revenue_ytd=str(value))]), needs) for value in range(4)]
    answers = await asyncio.gather(*pushes)
    assert [type(answer) for answer in answers].count(Accepted) == 1
    assert [type(answer) for answer in answers].count(Rejected) == 3


async def test_highest_sequence_is_what_was_accepted_last(sessions: SessionFactory) -> None:
    needs = intake(PostgresAcceptanceStore(sessions, lambda: T0))
    pushes = [
        accept_submission(command([firm(1, revenue_ytd=str(value))], reason="revision"), needs) for value in range(8)
    ]
    assert all(isinstance(answer, Accepted) for answer in await asyncio.gather(*pushes))
    async with sessions() as session:
        last = "SELECT s.sequence FROM ingest.known_rows JOIN ingest.submissions s USING (submission_id)"
        highest = "SELECT max(sequence) FROM ingest.submissions"
        assert await session.scalar(text(last)) == await session.scalar(text(highest))


async def test_replacement_right_after_the_first_submission_is_not_quadratic(sessions: SessionFactory) -> None:
    """The series has no statistics yet; comparing every row with every row would take ten seconds here."""
    needs = intake(PostgresAcceptanceStore(sessions, lambda: T0))
    rows = [firm(serial) for serial in range(1, 12_001)]
    assert isinstance(await accept_submission(command(rows), needs), Accepted)
    async with asyncio.timeout(5):
        again = await accept_submission(command(rows, action="replace"), needs)
    assert isinstance(again, Accepted)
    assert (again.receipt.unchanged, again.receipt.removed) == (12_000, 0)


async def test_the_role_may_touch_its_own_schema_only(sessions: SessionFactory) -> None:
    async with sessions() as session:
        with pytest.raises(ProgrammingError, match="permission denied"):
            await session.execute(text("CREATE TABLE query.x (y integer)"))


async def test_away_database_is_said_so() -> None:
    async with connected_engine("postgresql://nobody@127.0.0.1:9/none", role=None) as engine:
        store = PostgresAcceptanceStore(session_factory(engine), lambda: T0)
        with pytest.raises(StoreUnavailableError):
            await accept_submission(command([firm(1)]), intake(store))


async def _count(sessions: SessionFactory, table: str) -> int:
    async with sessions() as session:
        return int((await session.execute(text(f"SELECT count(*) FROM ingest.{table}"))).scalar_one())
