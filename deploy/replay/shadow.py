"""Runs changed plans in shadow: beside the live rules, on the same rounds, telling nobody; only the difference is kept."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from deploy.replay.accepted import AcceptedSubmissions
from deploy.replay.databases import Connection, drop_database, scratch_database, snapshot_of
from deploy.replay.difference import difference_of
from deploy.replay.errors import NotReadableError
from deploy.replay.journal import JournalRound, read_journal, rounds_for
from deploy.replay.live_openings import read_live_openings
from deploy.replay.openings import Openings, Pair, of_plans, paired
from deploy.replay.progress import shown_stages
from deploy.replay.replay_rules import RulesReplay, read_parked
from deploy.replay.rules_database import opened_rules
from deploy.replay.shadow_record import ROLE, ShadowRecord, forget_record, held_name
from deploy.replay.told_findings import told_in_order
from deploy.replay.trial_plans import load_before
from services.rules.adapters.postgres_uow import PostgresDatabase
from services.rules.application.catalogue import PlanDefinition
from shared.kernel.ids import text_hash

_LOOKS_EVERY_SECONDS = 1.0
_MARKS = (
    "SELECT (SELECT count(*) FROM rules.evaluations) AS rounds, (SELECT count(*) FROM alerts.alert_events) AS events"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadow:
    """What runs in shadow: plans under a name, in one city or all. The plans in use say who owes which feed."""

    name: str
    live_url: str
    data_dir: Path
    duties_dir: Path | None
    plans: tuple[PlanDefinition, ...]
    fingerprint: str
    city: str | None = None

    @property
    def plan_ids(self) -> frozenset[str]:
        """The plans whose alerts are compared."""
        return frozenset(plan.plan_id for plan in self.plans)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the shadow stands beside the live rules, after which round of the journal."""

    last: JournalRound | None
    pairs: tuple[Pair, ...]


Told = Callable[[Standing], None]


async def run_shadow(command: Shadow, *, once: bool, told: Told) -> None:
    """Catch up with the live journal and follow it until cancelled, or end once caught up; tell each new difference."""
    try:
        async with held_name(command.live_url, command.name) as connection:
            record = ShadowRecord(connection, command.name)
            await record.begin(
                city=command.city,
                plan_ids=command.plan_ids,
                fingerprint=command.fingerprint,
            )
            async with _recorded(record), _follower(command, record) as follower:
                await follower.run(once=once, told=told)
    except asyncpg.InsufficientPrivilegeError as error:
        raise NotReadableError from error


async def forget_shadow(live_url: str, name: str) -> None:
    """Forget a shadow that does not run, with what one that was killed left behind; raise ShadowRefusedError."""
    async with held_name(live_url, name) as connection:
        await drop_database(live_url, _scratch_name(live_url, name))
        await forget_record(connection, name)


def _scratch_name(live_url: str, name: str) -> str:
    """Return the name of a shadow's database: a server may have several live ones."""
    live = urlsplit(live_url).path
    return f"planwatch_shadow_{text_hash(live)[:8]}_{name}"


@asynccontextmanager
async def _recorded(record: ShadowRecord) -> AsyncIterator[None]:
    """Record how the block ended."""
    try:
        yield
    except asyncio.CancelledError:
        await record.end()
        raise
    except Exception as error:
        await record.end(reason=_in_a_line(error))
        raise
    await record.end()


def _in_a_line(error: Exception) -> str:
    """Return the first line of what went wrong: the rest may hold statements and their values."""
    return f"{type(error).__name__}: {error}".splitlines()[0]


@asynccontextmanager
async def _follower(command: Shadow, record: ShadowRecord) -> AsyncIterator["_Follower"]:
    name = _scratch_name(command.live_url, command.name)
    async with (
        scratch_database(command.live_url, keep=False, name=name) as scratch,
        opened_rules(scratch, command.data_dir, plans_dir=command.duties_dir) as database,
    ):
        yield _Follower(command, record, scratch, database)


@dataclass(slots=True)
class _Follower:
    """Judges the rounds of the live journal that it has not judged yet, and compares."""

    command: Shadow
    record: ShadowRecord
    scratch: str
    database: PostgresDatabase
    _replay: RulesReplay | None = None
    _met: set[int] = field(default_factory=set)
    _last: JournalRound | None = None
    _openings: Openings = field(default_factory=Openings)
    _position: int = 0

    async def run(self, *, once: bool, told: Told) -> None:
        """Look whenever anything was written, until cancelled or, if `once`, until nothing was since the last look."""
        known = None
        while True:
            marks = tuple(await self.record.connection.fetchrow(_MARKS) or ())
            if marks != known:
                await self._look(told)
                known = marks
            elif once:
                return
            else:
                await asyncio.sleep(_LOOKS_EVERY_SECONDS)

    async def _look(self, told: Told) -> None:
        """Judge what is new in the journal and compare with the live alerts of the same instant."""
        async with snapshot_of(self.command.live_url, role=ROLE) as live:
            await self._judge(live)
            await self._take_up()
            raised = await read_live_openings(live, self.command.city)
            opened = self._openings.opened(await live.fetchval("SELECT now()"))
        plans = self.command.plan_ids
        pairs = paired(of_plans(raised, plans), of_plans(opened, plans))
        if await self.record.compared(difference_of(pairs), self._last):
            told(Standing(last=self._last, pairs=pairs))

    async def _judge(self, live: Connection) -> None:
        accepted = AcceptedSubmissions(live)
        journal = await read_journal(live)
        rounds = wanted = tuple(one for one in journal if one.number not in self._met)
        if self.command.city is not None:
            wanted = rounds_for(rounds, await accepted.concerning(self.command.city))
        replay = await self._prepared(rounds, accepted)
        replay.look_again(accepted, await read_parked(live))
        if wanted:
            await self._replayed(replay, wanted, known=len(journal))
        self._met.update(one.number for one in rounds)
        self._last = journal[-1] if journal else None
        await self.record.progress(done=len(journal), known=len(journal))

    async def _replayed(self, replay: RulesReplay, wanted: Sequence[JournalRound], *, known: int) -> None:
        passed = known - len(wanted)
        replay.look_ahead(wanted)
        with shown_stages() as stages:
            stages.begin("评判 judging", len(wanted))
            for number, one in enumerate(wanted, start=1):
                await replay.judge(one, None)
                await self.record.progress(done=passed + number, known=known)
                stages.step(f"{one.at:%F}")

    async def _prepared(self, rounds: Sequence[JournalRound], accepted: AcceptedSubmissions) -> RulesReplay:
        """Load the plans before the first round there is."""
        if self._replay is None:
            plans = self.command.plans
            await load_before(rounds, plans, self.database, self.command.data_dir, correlation_id="shadow")
            self._replay = RulesReplay(self.database, accepted=accepted, parked={})
        return self._replay

    async def _take_up(self) -> None:
        """Take up what the shadow's rules told since the last time, as alerts does."""
        async with snapshot_of(self.scratch) as judged:
            async for one in told_in_order(judged, city=self.command.city, after=self._position):
                self._openings.take(one.reported, one.at)
                self._position = one.position
