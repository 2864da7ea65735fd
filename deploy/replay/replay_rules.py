"""Makes rules judge the accepted submissions again, round by round as the journal has them, into a scratch database."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from deploy.replay.accepted import AcceptedSubmissions, Page, announcement_of
from deploy.replay.databases import Connection
from deploy.replay.journal import JournalRound, late_rows
from deploy.replay.stored_plans import StoredPlans
from services.ingest.application.ports import PendingSubmission
from services.rules.adapters.postgres_uow import PostgresDatabase
from services.rules.application.load_plans import LoadPlans, load_plans
from services.rules.application.receive_batch import ReceiveBatch, receive_batch
from services.rules.application.tick_city import TickCity, tick_city
from services.rules.domain.ledger import Announcement
from services.rules.domain.rows import FeedRow

Told = Callable[[JournalRound], None]

_PARKED = """
SELECT parked.submission_id, array_agg(parked.row_number ORDER BY parked.row_number) AS rows
FROM rules.parked_rows AS parked JOIN rules.submissions AS submission USING (submission_id)
WHERE submission.completed_at IS NOT NULL GROUP BY parked.submission_id
"""


@dataclass(slots=True)
class Rerun:
    """What a replay met: rows that rules parked and never stored, and submissions that ingest does not have."""

    submissions: int = 0
    rows: int = 0
    parked: dict[str, tuple[int, ...]] = field(default_factory=dict)
    not_accepted: list[str] = field(default_factory=list)

    @property
    def parked_rows(self) -> int:
        """How many rows were never stored."""
        return sum(map(len, self.parked.values()))


async def read_parked(live: Connection) -> Mapping[str, frozenset[int]]:
    """Return the rows of complete submissions that rules never stored."""
    return {record["submission_id"]: frozenset(record["rows"]) for record in await live.fetch(_PARKED)}


class RulesReplay:
    """Replays rounds in order. A row that is parked, or was until a later round, is parked here until then too."""

    def __init__(
        self,
        database: PostgresDatabase,
        *,
        accepted: AcceptedSubmissions,
        parked: Mapping[str, frozenset[int]],
    ) -> None:
        self._database = database
        self._accepted = accepted
        self._parked = parked
        self._late: Mapping[str, frozenset[int]] = {}
        self._begun: dict[str, PendingSubmission] = {}
        self._met = Rerun()

    async def run(self, rounds: Sequence[JournalRound], plans: StoredPlans | None, *, told: Told) -> Rerun:
        """Replay; without plans the rounds of plans are passed over."""
        self.look_ahead(rounds)
        for one in rounds:
            await self.judge(one, plans)
            told(one)
        return self._met

    def look_again(self, accepted: AcceptedSubmissions, parked: Mapping[str, frozenset[int]]) -> None:
        """Go on with what was accepted and is parked by now."""
        self._accepted = accepted
        self._parked = parked

    def look_ahead(self, rounds: Sequence[JournalRound]) -> None:
        """Learn which rounds come: a row that comes late waits until then."""
        self._late = late_rows(rounds)

    async def judge(self, one: JournalRound, plans: StoredPlans | None) -> None:
        """Replay one round; without plans one of plans is passed over."""
        if one.of_submissions:
            await self._submissions(one, plans)
        elif one.day is not None:
            await self._tick(one, one.day)
        elif plans is not None:
            await self._plans(one, plans)

    async def _plans(self, one: JournalRound, plans: StoredPlans) -> None:
        command = LoadPlans(
            plans=await plans.plans_of(one), correlation_id=one.correlation_id, authorities=plans.ranks_of(one)
        )
        async with self._database.transaction() as stores:
            await plans.store_unjudged(stores, one)
            await load_plans(stores, command, now=one.at)

    async def _tick(self, one: JournalRound, day: date) -> None:
        async with self._database.transaction() as stores:
            for city in one.cities:
                await tick_city(stores, TickCity(city=city, day=day, correlation_id=one.correlation_id), now=one.at)

    async def _submissions(self, one: JournalRound, plans: StoredPlans | None) -> None:
        announcements: list[Announcement] = []
        rows: list[FeedRow] = []
        for submission_id in one.submission_ids:
            begun = self._begun.get(submission_id)
            if begun is None:
                announcements += await self._begin(submission_id)
            else:
                page = await self._accepted.named(begun, one.unparked.get(submission_id, ()))
                rows += await self._kept(begun, page)
        async with self._database.transaction() as stores:
            if plans is not None:
                await plans.store_unjudged(stores, one)
            await receive_batch(stores, ReceiveBatch(rows=tuple(rows), announcements=tuple(announcements)), now=one.at)

    async def _begin(self, submission_id: str) -> Sequence[Announcement]:
        """Store the rows of a submission, which answer no question before it is announced; return its announcement."""
        submission = await self._accepted.find(submission_id)
        if submission is None:
            self._met.not_accepted.append(submission_id)
            return ()
        self._begun[submission_id] = submission
        self._met.submissions += 1
        async for page in self._accepted.pages(submission):
            rows = await self._kept(submission, page, late=self._late.get(submission_id, frozenset()))
            async with self._database.transaction() as stores:
                await stores.intake.store_rows(rows)
        return (announcement_of(submission),)

    async def _kept(
        self, submission: PendingSubmission, page: Page, *, late: Collection[int] = frozenset()
    ) -> Sequence[FeedRow]:
        """Park what is to be parked; return the rows to store."""
        never = self._parked.get(submission.submission_id, frozenset())
        parked = {row.origin.row_number for row in page.rows} & never | set(page.unreadable)
        waiting = {row.origin.row_number for row in page.rows} & set(late)
        await self._park(submission, sorted(parked | waiting))
        if parked:
            known = self._met.parked.get(submission.submission_id, ())
            self._met.parked[submission.submission_id] = tuple(sorted({*known, *parked}))
        kept = [row for row in page.rows if row.origin.row_number not in parked | waiting]
        self._met.rows += len(kept)
        return kept

    async def _park(self, submission: PendingSubmission, rows: Iterable[int]) -> None:
        async with self._database.transaction() as stores:
            for row in rows:
                await stores.intake.count_parked(submission.submission_id, row)
