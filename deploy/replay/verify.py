"""Rebuilds everything from the first accepted row in a scratch database and compares it with the live one."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from deploy.replay.accepted import AcceptedSubmissions
from deploy.replay.alert_history import read_alert_history
from deploy.replay.alert_kinds import OF_ALERTS
from deploy.replay.compare import Comparison, compare
from deploy.replay.databases import Connection, scratch_database, snapshot_of
from deploy.replay.errors import NotReadableError
from deploy.replay.journal import read_journal, rounds_for
from deploy.replay.kinds import OF_RULES, Kind
from deploy.replay.progress import Stages
from deploy.replay.replay_alerts import AlertsReplay, AlertsRerun
from deploy.replay.replay_rules import Rerun, RulesReplay, read_parked
from deploy.replay.rules_database import opened_rules
from deploy.replay.stored_plans import StoredPlans
from deploy.replay.told_findings import ToldFindings
from shared.adapters.postgres import connected_engine, session_factory

ALERTS_ROLE = "planwatch_alerts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What to verify: the live database, one city or all, and how many differences of each kind to tell in full.

    The plans say who owes which feed, which no version of them is kept of.
    """

    live_url: str
    data_dir: Path
    plans_dir: Path
    city: str | None = None
    limit: int = 10
    keep: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What came out: what the replay met, and each kind compared."""

    scratch: str
    met: Rerun
    acted: AlertsRerun
    comparisons: tuple[Comparison, ...]

    @property
    def equal(self) -> bool:
        """Whether the replay gave the same of every kind."""
        return all(one.equal for one in self.comparisons)


async def verify(command: Verification, stages: Stages) -> Verified:
    """Replay and compare; the live database is only read."""
    try:
        async with (
            snapshot_of(command.live_url) as live,
            scratch_database(command.live_url, keep=command.keep) as scratch,
        ):
            met = await _replay_rules(command, live, scratch, stages)
            acted = await _replay_alerts(command, live, scratch, stages)
            async with snapshot_of(scratch) as rebuilt:
                comparisons = await _compared((*OF_RULES, *OF_ALERTS), live, rebuilt, command=command, stages=stages)
            name = urlsplit(scratch).path.removeprefix("/")
            return Verified(scratch=name, met=met, acted=acted, comparisons=tuple(comparisons))
    except asyncpg.InsufficientPrivilegeError as error:
        raise NotReadableError from error


async def _replay_rules(command: Verification, live: Connection, scratch: str, stages: Stages) -> Rerun:
    accepted = AcceptedSubmissions(live)
    rounds = await read_journal(live)
    if command.city is not None:
        rounds = rounds_for(rounds, await accepted.concerning(command.city))
    plans = await StoredPlans(live, rounds=rounds).open()
    parked = await read_parked(live)
    stages.begin("评判 judging", len(rounds))
    async with opened_rules(scratch, command.data_dir, plans_dir=command.plans_dir) as database:
        replay = RulesReplay(database, accepted=accepted, parked=parked)
        return await replay.run(rounds, plans, told=lambda one: stages.step(f"{one.at:%F %T}"))


async def _replay_alerts(command: Verification, live: Connection, scratch: str, stages: Stages) -> AlertsRerun:
    history = await read_alert_history(live, command.city)
    async with snapshot_of(scratch) as judged:
        findings = await ToldFindings.read(judged, city=command.city, without=history.parked)
    stages.begin("预警 alerts", len(history.steps))
    async with connected_engine(scratch, role=ALERTS_ROLE, pool_size=1) as engine:
        replay = AlertsReplay(session_factory(engine), history, findings)
        return await replay.run(told=stages.step)


async def _compared(
    kinds: Sequence[Kind], live: Connection, rebuilt: Connection, *, command: Verification, stages: Stages
) -> list[Comparison]:
    stages.begin("比对 comparing", len(kinds))
    compared: list[Comparison] = []
    for kind in kinds:
        ours, theirs = kind.lines(live, command.city), kind.lines(rebuilt, command.city)
        compared.append(await compare(kind.name, ours, theirs, limit=command.limit))
        stages.step(kind.name)
    return compared
