"""Tries plans on what was reported before: which alerts they would have raised, beside those that were raised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from deploy.replay.accepted import AcceptedSubmissions
from deploy.replay.databases import Connection, scratch_database, snapshot_of
from deploy.replay.errors import NotReadableError
from deploy.replay.journal import JournalRound, read_journal, rounds_for
from deploy.replay.live_openings import read_live_openings
from deploy.replay.openings import Opening, Pair, of_plans, openings_of, paired
from deploy.replay.progress import Stages
from deploy.replay.replay_rules import Rerun, RulesReplay, read_parked
from deploy.replay.rules_database import opened_rules
from deploy.replay.told_findings import told_in_order
from deploy.replay.trial_plans import load_before
from deploy.replay.vintage import Vintage, rounds_of
from services.rules.application.catalogue import PlanDefinition
from shared.kernel.period import Period

_PERIODS = "SELECT submission_id, period FROM rules.submissions WHERE completed_at IS NOT NULL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """What to try: plans, the periods on which alerts opened (both included), and the figures of which time."""

    live_url: str
    data_dir: Path
    plans: tuple[PlanDefinition, ...]
    since: Period
    until: Period
    vintage: Vintage = Vintage.KNOWN
    city: str | None = None
    keep: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came out."""

    scratch: str
    met: Rerun
    pairs: tuple[Pair, ...]


async def backtest(command: Backtest, stages: Stages) -> Tried:
    """Try the plans in a scratch database; the live one is only read, and nobody is told anything."""
    try:
        async with (
            snapshot_of(command.live_url) as live,
            scratch_database(command.live_url, keep=command.keep) as scratch,
        ):
            met = await _judge(command, live, scratch, stages)
            async with snapshot_of(scratch) as judged:
                told = [(one.reported, one.at) async for one in told_in_order(judged, city=command.city)]
                tried = openings_of(told, await judged.fetchval("SELECT now()"))
            raised = await read_live_openings(live, command.city, until=command.until)
            pairs = paired(_wanted(raised, command), _wanted(tried, command))
            return Tried(scratch=scratch.rpartition("/")[2], met=met, pairs=pairs)
    except asyncpg.InsufficientPrivilegeError as error:
        raise NotReadableError from error


async def _judge(command: Backtest, live: Connection, scratch: str, stages: Stages) -> Rerun:
    accepted = AcceptedSubmissions(live)
    rounds = await _rounds(command, live, accepted)
    stages.begin("评判 judging", len(rounds))
    async with opened_rules(scratch, command.data_dir) as database:
        await load_before(rounds, command.plans, database, command.data_dir, correlation_id="backtest")
        replay = RulesReplay(database, accepted=accepted, parked=await read_parked(live))
        return await replay.run(rounds, None, told=lambda one: stages.step(f"{one.at:%F}"))


async def _rounds(command: Backtest, live: Connection, accepted: AcceptedSubmissions) -> Sequence[JournalRound]:
    rounds = await read_journal(live)
    if command.city is not None:
        rounds = rounds_for(rounds, await accepted.concerning(command.city))
    periods: Mapping[str, Period] = {
        record["submission_id"]: Period.parse(record["period"]) for record in await live.fetch(_PERIODS)
    }
    return rounds_of(command.vintage, rounds, periods, until=command.until.end)


def _wanted(openings: Sequence[Opening], command: Backtest) -> list[Opening]:
    """Return the alerts of the tried plans that opened within the periods asked for."""
    since, until = command.since.start, command.until.end
    plans = {plan.plan_id for plan in command.plans}
    return [one for one in of_plans(openings, plans) if since <= Period.parse(one.period).end <= until]
