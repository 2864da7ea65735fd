"""Tries plans on what was reported before: which alerts they would have raised, beside those that were raised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg

from deploy.replay.accepted import AcceptedSubmissions
from deploy.replay.databases import Connection, scratch_database, snapshot_of
from deploy.replay.errors import NotReadableError
from deploy.replay.journal import JournalRound, read_journal, rounds_for
from deploy.replay.openings import Opening, Pair, openings_of, paired, worst_of
from deploy.replay.progress import Stages
from deploy.replay.replay_rules import Rerun, RulesReplay, read_parked
from deploy.replay.rules_database import opened_rules
from deploy.replay.told_findings import told_in_order
from deploy.replay.vintage import Vintage, rounds_of
from services.alerts.domain.finding import FindingKey, FindingKind
from services.rules.adapters.plan_files import read_authorities
from services.rules.adapters.postgres_uow import PostgresDatabase
from services.rules.application.catalogue import PlanDefinition
from services.rules.application.load_plans import LoadPlans, load_plans
from shared.kernel.period import Period

_BEFORE_ANYTHING = datetime(1990, 1, 1, tzinfo=UTC)
_PERIODS = "SELECT submission_id, period FROM rules.submissions WHERE completed_at IS NOT NULL"
_LIVE = """
SELECT alert.target_id, alert.area, alert.kind, alert.state, first.at, first.severity,
       first.snapshot ->> 'since_period' AS since, first.snapshot ->> 'opened_period' AS period,
       first.finding -> 'plan' ->> 'id' AS plan_id, first.finding ->> 'name_zh' AS name, alert.area_name,
       first.finding -> 'clause' ->> 'quote' AS quote,
       ARRAY(SELECT array[event.period, event.severity] FROM alerts.alert_events AS event
             WHERE event.alert_id = alert.alert_id) AS lights
FROM alerts.alerts AS alert JOIN LATERAL (
    SELECT * FROM alerts.alert_events AS event WHERE event.alert_id = alert.alert_id ORDER BY event_id LIMIT 1
) AS first ON true
WHERE $1::text IS NULL OR alert.city = $1
"""


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
                tried = openings_of([one async for one in told_in_order(judged, city=command.city)])
            raised = await _live_openings(live, command.city, until=command.until)
            pairs = paired(_wanted(raised, command), _wanted(tried, command))
            return Tried(scratch=scratch.rpartition("/")[2], met=met, pairs=pairs)
    except asyncpg.InsufficientPrivilegeError as error:
        raise NotReadableError from error


async def _judge(command: Backtest, live: Connection, scratch: str, stages: Stages) -> Rerun:
    accepted = AcceptedSubmissions(live)
    rounds = await _rounds(command, live, accepted)
    stages.begin("评判 judging", len(rounds))
    async with opened_rules(scratch, command.data_dir) as database:
        await _load(command, database, rounds)
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


async def _load(command: Backtest, database: PostgresDatabase, rounds: Sequence[JournalRound]) -> None:
    """Load the plans before anything is reported; they never change."""
    first = min((one.at for one in rounds), default=_BEFORE_ANYTHING) - timedelta(days=1)
    ranks = read_authorities(command.data_dir)
    loaded = LoadPlans(plans=command.plans, correlation_id="backtest", authorities=ranks)
    async with database.transaction() as stores:
        await load_plans(stores, loaded, now=first)


def _worst(record: asyncpg.Record, until: Period) -> str:
    """Return the worst light an alert had by a period: what came later is not tried."""
    lights = [light for period, light in record["lights"] if Period.parse(period).end <= until.end]
    return worst_of([record["severity"], *lights])


async def _live_openings(live: Connection, city: str | None, *, until: Period) -> Sequence[Opening]:
    return [
        Opening(
            key=FindingKey(record["target_id"], record["area"], FindingKind(record["kind"])),
            plan_id=record["plan_id"],
            name=record["name"],
            area_name=record["area_name"],
            quote=record["quote"],
            since=record["since"],
            period=record["period"],
            severity=record["severity"],
            worst=_worst(record, until),
            opened_at=record["at"],
            state=record["state"],
        )
        for record in await live.fetch(_LIVE, city)
    ]


def _wanted(openings: Sequence[Opening], command: Backtest) -> list[Opening]:
    """Return the alerts of the tried plans that opened within the periods asked for; plans decide nothing of feeds."""
    plans = {plan.plan_id for plan in command.plans}
    return [
        one
        for one in openings
        if one.plan_id in plans
        and one.key.kind is not FindingKind.FEED_OVERDUE
        and command.since.start <= Period.parse(one.period).end <= command.until.end
    ]
