"""What any intake must do. Run against the in-memory one and PostgreSQL."""

import pytest

from services.rules.application.ports import Database, Settled
from services.rules.domain.feed import Feed
from tests.contracts.rules_rows import CITY, T0, Push, firm, project, push

WHOLE = push(Feed.PROJECTS, "2024-06", [project("a"), project("b"), project("c")], sequence=7, simulated=True)
ID = WHOLE.submission_id


class IntakeContract:
    """Inherit, and give a fixture `database`."""

    @pytest.fixture
    def database(self) -> Database:
        raise NotImplementedError

    async def _arrive(
        self, database: Database, *, rows: slice = slice(0, 0), announced: bool = False, parked: tuple[int, ...] = ()
    ) -> tuple[Settled, ...]:
        async with database.transaction() as stores:
            touched = await stores.intake.store_rows(WHOLE.rows[rows])
            touched |= await stores.intake.announce([WHOLE.announcement] if announced else [])
            for row in parked:
                touched |= await stores.intake.count_parked(ID, row)
            return await stores.intake.settle(touched, now=T0)

    async def test_a_submission_is_complete_with_its_last_row(self, database: Database) -> None:
        assert await self._arrive(database, announced=True) == ()
        assert await self._arrive(database, rows=slice(0, 2)) == ()
        (settled,) = await self._arrive(database, rows=slice(2, 3))
        assert (settled.submission.submission_id, settled.again) == (ID, False)
        assert settled.submission.simulated
        assert settled.submission.correlation_id == "correlation-7"

    async def test_or_with_its_announcement_when_that_comes_last(self, database: Database) -> None:
        assert await self._arrive(database, rows=slice(0, 3)) == ()
        assert len(await self._arrive(database, announced=True)) == 1

    async def test_a_submission_without_events_is_complete_at_once(self, database: Database) -> None:
        empty = push(Feed.PROJECTS, "2024-06", [], sequence=1)
        async with database.transaction() as stores:
            touched = await stores.intake.announce([empty.announcement])
            assert len(await stores.intake.settle(touched, now=T0)) == 1
        async with database.transaction() as stores:
            ledger = await stores.facts.ledger(CITY)
        assert ledger.first(Feed.PROJECTS, empty.announcement.period) is not None

    async def test_what_comes_again_changes_nothing(self, database: Database) -> None:
        await self._arrive(database, rows=slice(0, 3), announced=True)
        assert await self._arrive(database, rows=slice(0, 3), announced=True) == ()

    async def test_the_same_row_twice_in_a_batch_counts_once(self, database: Database) -> None:
        async with database.transaction() as stores:
            touched = await stores.intake.store_rows([*WHOLE.rows[:2], *WHOLE.rows[:2]])
            touched |= await stores.intake.announce([WHOLE.announcement])
            assert await stores.intake.settle(touched, now=T0) == ()

    async def test_a_parked_row_counts_to_its_submission(self, database: Database) -> None:
        assert await self._arrive(database, rows=slice(0, 2), announced=True) == ()
        (settled,) = await self._arrive(database, parked=(3,))
        assert settled.submission.parked == 1

    async def test_a_row_parked_twice_counts_once(self, database: Database) -> None:
        assert await self._arrive(database, rows=slice(0, 1), announced=True, parked=(3,)) == ()
        assert await self._arrive(database, parked=(3,)) == ()

    async def test_a_row_that_is_known_is_not_counted_as_parked(self, database: Database) -> None:
        await self._arrive(database, rows=slice(0, 3), announced=True)
        assert await self._arrive(database, parked=(2,)) == ()

    async def test_the_row_sent_again_replaces_the_parked_one(self, database: Database) -> None:
        await self._arrive(database, rows=slice(0, 2), announced=True, parked=(3,))
        (settled,) = await self._arrive(database, rows=slice(2, 3))
        assert (settled.submission.parked, settled.again) == (0, True)

    async def test_it_tells_which_of_the_rows_it_stores_were_parked_before(self, database: Database) -> None:
        await self._arrive(database, rows=slice(0, 1), announced=True, parked=(2, 3))
        async with database.transaction() as stores:
            await stores.intake.store_rows(WHOLE.rows[2:3])
            assert stores.intake.unparked == ((ID, 3),)
        async with database.transaction() as stores:
            await stores.intake.store_rows(WHOLE.rows)
            assert stores.intake.unparked == ((ID, 2),)

    async def test_a_row_may_be_parked_before_anything_else_of_its_submission_came(self, database: Database) -> None:
        assert await self._arrive(database, parked=(1,)) == ()
        (settled,) = await self._arrive(database, rows=slice(1, 3), announced=True)
        assert settled.submission.parked == 1

    async def test_submissions_settle_in_the_order_of_their_sequence(self, database: Database) -> None:
        later = push(Feed.ENTERPRISES, "2024-06", [firm("x")], sequence=9)
        earlier = push(Feed.ENTERPRISES, "2024-05", [firm("x")], sequence=2)
        assert await _settled(database, later, earlier) == [2, 9]

    async def test_a_rolled_back_transaction_leaves_nothing(self, database: Database) -> None:
        with pytest.raises(LookupError):
            await self._fail(database)
        assert len(await self._arrive(database, rows=slice(0, 3), announced=True)) == 1

    async def _fail(self, database: Database) -> None:
        async with database.transaction() as stores:
            await stores.intake.store_rows(WHOLE.rows)
            raise LookupError


async def _settled(database: Database, *pushes: Push) -> list[int]:
    async with database.transaction() as stores:
        touched = await stores.intake.store_rows([row for one in pushes for row in one.rows])
        touched |= await stores.intake.announce([one.announcement for one in pushes])
        return [one.submission.sequence for one in await stores.intake.settle(touched, now=T0)]
