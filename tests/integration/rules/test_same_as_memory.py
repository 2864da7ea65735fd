"""PostgreSQL and the in-memory stores lead to the same facts, verdicts, signals and findings, whatever is reported."""

import random
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from services.rules.adapters.postgres_uow import PostgresDatabase
from services.rules.application.load_plans import LoadPlans, load_plans
from services.rules.application.ports import Database
from services.rules.application.receive_batch import ReceiveBatch, receive_batch
from services.rules.domain.facts import (
    RecognitionFact,
    RecognitionsQuestion,
)
from services.rules.domain.forecast import NotEnoughData
from services.rules.domain.ledger import Announcement
from services.rules.domain.rows import FeedRow
from services.rules.domain.stated_forecast import StatedForecast
from shared.adapters.postgres import SessionFactory
from tests.contracts.rules_rows import CITY, T0, Push
from tests.contracts.rules_scenario import CATALOGUE, random_submissions, submissions
from tests.contracts.rules_sources import RANKS
from tests.contracts.rules_targets import plan_of
from tests.fakes.rules import InMemoryDatabase
from tests.fakes.rules_facts import State
from tests.integration.rules.example_plans import ExamplePlans

_VERDICTS = (
    "SELECT DISTINCT ON (target_id, period) target_id, period, verdict_id, status FROM rules.verdicts"
    " ORDER BY target_id, period, sequence DESC"
)
_FORECASTS = (
    "SELECT target_id, fingerprint, reason ->> 'code' FROM (SELECT DISTINCT ON (target_id) * FROM rules.forecasts"
    " ORDER BY target_id, sequence DESC) AS stated WHERE points > 0"
)
_SIGNALS = (
    "SELECT signal_id, fingerprint FROM (SELECT DISTINCT ON (signal_id) * FROM rules.signals"
    " ORDER BY signal_id, sequence DESC) AS current WHERE active"
)
_BREACHES = (
    "SELECT target_id, area, severity, fingerprint FROM (SELECT DISTINCT ON (target_id, area, kind) *"
    " FROM rules.findings ORDER BY target_id, area, kind, sequence DESC) AS current WHERE state = 'breach'"
)

_TITLES = RecognitionsQuestion(CITY, ("national_giant", "champion"), date(2024, 3, 31))


async def _deliver(database: Database, batches: Iterable[Sequence[FeedRow | Announcement]]) -> None:
    async with database.transaction() as stores:
        await stores.authorities.store(RANKS, now=T0)
    for batch in batches:
        command = ReceiveBatch(
            rows=tuple(event for event in batch if not isinstance(event, Announcement)),
            announcements=tuple(event for event in batch if isinstance(event, Announcement)),
        )
        async with database.transaction() as stores:
            await receive_batch(stores, command, now=T0)


async def _load(database: Database) -> None:
    async with database.transaction() as stores:
        command = LoadPlans(plans=(plan_of(CATALOGUE.targets),), correlation_id="load")
        await load_plans(stores, command, now=T0)


async def _rows(sessions: SessionFactory, statement: str) -> set[tuple[Any, ...]]:
    async with sessions.begin() as session:
        return {tuple(row) for row in await session.execute(text(statement))}


async def _assert_same(sessions: SessionFactory, memory: State) -> None:
    current = {(one.target.id, str(one.period)): one for one in memory.verdicts}
    expected = {(*key, one.verdict_id, str(one.status)) for key, one in current.items()}
    assert await _rows(sessions, _VERDICTS) == expected
    stated = {one.target.id: one for one in memory.forecasts}
    known = {(key, one.fingerprint, _code(one)) for key, one in stated.items() if not one.is_empty}
    assert await _rows(sessions, _FORECASTS) == known
    signals = {signal.signal_id: (signal.fingerprint, active) for signal, active in memory.signals}
    assert await _rows(sessions, _SIGNALS) == {(key, mark) for key, (mark, active) in signals.items() if active}
    findings = {finding.key: finding for _, finding in memory.findings}
    breaches = {
        (key.target_id, key.area, str(one.severity), one.fingerprint) for key, one in findings.items() if one.is_breach
    }
    assert await _rows(sessions, _BREACHES) == breaches


def _code(stated: StatedForecast) -> str | None:
    return stated.outcome.reason.code if isinstance(stated.outcome, NotEnoughData) else None


async def _titles(database: Database) -> tuple[RecognitionFact, ...]:
    async with database.transaction() as stores:
        return await stores.facts.recognitions(_TITLES)


@pytest.mark.parametrize("seed", [None, *range(12)])
async def test_postgresql_and_memory_agree(
    database: PostgresDatabase, sessions: SessionFactory, seed: int | None
) -> None:
    dice = random.Random(seed or 0)  # noqa: S311  a test's dice
    pushes: tuple[Push, ...] = submissions() if seed is None else random_submissions(dice, 25)
    events = [event for one in pushes for event in (*one.rows, one.announcement)]
    memory = InMemoryDatabase(CATALOGUE)
    await _load(memory)
    await _deliver(memory, [events])
    dice.shuffle(events)
    examples = ExamplePlans(database, CATALOGUE)
    await _load(examples)
    await _deliver(examples, [events[start : start + 6] for start in range(0, len(events), 6)])
    await _assert_same(sessions, memory.state)
    assert await _titles(database) == await _titles(memory)
