"""What ticks do over any stores: find that nothing came, once, whoever ticks and however late."""

from abc import ABC, abstractmethod
from datetime import UTC, date, datetime

from services.rules.application.catalogue import Catalogue
from services.rules.application.load_plans import LoadPlans, load_plans
from services.rules.application.ports import Database
from services.rules.application.receive_batch import ReceiveBatch, receive_batch
from services.rules.application.tick_city import TickCity, tick_city
from services.rules.domain.feed import Feed
from services.rules.domain.finding import FindingHead, FindingKey, FindingKind
from tests.contracts.rules_rows import CITY, T0, YI, Push, project, push
from tests.contracts.rules_targets import plan_of, target

STARTS = target("60", year=2026)
CATALOGUE = Catalogue((STARTS,), ())
NOW = datetime(2026, 12, 1, tzinfo=UTC)
BIG = {"planned_total_yuan": 12 * YI, "started_on": date(2026, 3, 9), "start_evidence": "accepted"}
DUE = date(2026, 10, 16)
"""The 8th working day of October 2026, Saturday the 10th included."""
KEY = FindingKey("feed/projects", CITY, FindingKind.FEED_OVERDUE)


def report(when: str, arrived: date, *, sequence: int, count: int = 1, simulated: bool = False) -> Push:
    """A report of projects that ingest recorded in the morning of a day."""
    recorded_at = datetime(arrived.year, arrived.month, arrived.day, 1, tzinfo=UTC)
    rows = [project(f"p{number}", **BIG) for number in range(count)]
    return push(Feed.PROJECTS, when, rows, sequence=sequence, recorded_at=recorded_at, simulated=simulated)


AUGUST = report("2026-08", date(2026, 9, 10), sequence=1)
SEPTEMBER = report("2026-09", date(2026, 10, 20), sequence=2)
OCTOBER = report("2026-10", date(2026, 11, 20), sequence=3)


async def prepare(database: Database, *pushes: Push) -> None:
    """Load the plan and receive submissions one by one."""
    async with database.transaction() as stores:
        await load_plans(stores, LoadPlans(plans=(plan_of(CATALOGUE.targets),), correlation_id="load"), now=T0)
    for one in pushes:
        await receive(database, one)


async def receive(database: Database, one: Push) -> None:
    """Receive one submission."""
    async with database.transaction() as stores:
        await receive_batch(stores, ReceiveBatch(rows=one.rows, announcements=(one.announcement,)), now=NOW)


async def tick(database: Database, day: date) -> bool:
    """Tick the city on a day."""
    async with database.transaction() as stores:
        return await tick_city(stores, TickCity(city=CITY, day=day), now=NOW)


async def told(database: Database) -> FindingHead | None:
    """Return what was last told of the feed of projects."""
    async with database.transaction() as stores:
        return (await stores.findings.heads(CITY, {KEY.target_id})).get(KEY)


class TickContract(ABC):
    """Every database of rules keeps to this."""

    @abstractmethod
    def make_database(self) -> Database:
        """Return an empty database whose plans are the catalogue and whose duties are those of the tests."""

    async def test_before_the_first_tick_there_is_none(self) -> None:
        async with self.make_database().transaction() as stores:
            assert await stores.journal.last_tick(CITY) is None

    async def test_only_a_tick_that_tells_something_is_kept(self) -> None:
        database = self.make_database()
        await prepare(database, AUGUST)
        assert [await tick(database, date(2026, 10, day)) for day in (16, 17, 19, 20)] == [False, True, False, False]
        async with database.transaction() as stores:
            assert await stores.journal.last_tick(CITY) == date(2026, 10, 17)
            assert await stores.journal.last_tick("320600") is None

    async def test_after_a_pause_one_tick_tells_all_and_the_next_tells_nothing_twice(self) -> None:
        database = self.make_database()
        await prepare(database, AUGUST)
        assert [await tick(database, date(2026, 11, 30)) for _ in range(2)] == [True, False]
        head = await told(database)
        assert head is not None
        assert [(str(run.since), str(run.until)) for run in head.runs] == [("2026-09", "2026-10")]

    async def test_a_report_ends_it_in_its_own_round_and_the_last_one_altogether(self) -> None:
        database = self.make_database()
        await prepare(database, AUGUST)
        await tick(database, date(2026, 11, 12))
        await receive(database, SEPTEMBER)
        head = await told(database)
        assert head is not None
        assert head.is_breach
        await receive(database, OCTOBER)
        head = await told(database)
        assert head is not None
        assert not head.is_breach
        assert not await tick(database, date(2026, 11, 21))
