"""Changed plans run beside the live ones: the difference shows, nobody is told, and a run again ends in the same."""

import json
import secrets
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from deploy.replay.errors import NotReadableError, ShadowRunningError
from services.ingest.domain.feeds import FeedName
from tests.integration.deploy.replay.command_line import planwatch
from tests.integration.deploy.replay.live_history import LiveHistory, live_history
from tests.integration.deploy.replay.shadowing import (
    becomes,
    caught_up,
    following,
    kept,
    live_rows,
    outcomes,
    recorded,
    scratch_databases,
    shadow_of,
    started,
)
from tests.integration.deploy.replay.story import TEN, live_through, make_lenient, sample_plans, starts

STARTS = 42
"""60 a year are 40 by August and 45 by September."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The plans in use, which take up to 10 points behind for green, and changed files by which any are yellow."""

    live: Path
    strict: Path


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    live = sample_plans(tmp_path)
    return Rules(live, make_lenient(live, strict=tmp_path / "strict"))


@pytest.fixture
async def history(database_url: str, rules: Rules) -> AsyncIterator[LiveHistory]:
    """Eight months on pace."""
    async with live_history(database_url) as history:
        history.clock.now = datetime(2025, 10, 20, tzinfo=UTC)
        await history.load(rules.live)
        await history.push(FeedName.PROJECTS, "2025-08", starts(STARTS))
        await history.take_up()
        yield history


async def report_september(history: LiveHistory) -> None:
    """Report that nothing more was started: three too few, which is green by the plans in use."""
    await history.push(FeedName.PROJECTS, "2025-09", starts(STARTS))
    await history.take_up()


async def test_an_alert_the_changed_rule_alone_opens_shows_as_added_and_nobody_is_told(
    history: LiveHistory, rules: Rules
) -> None:
    command = shadow_of(history, rules.strict, rules.live, name="added")
    async with following(command) as follows:
        assert TEN not in outcomes(await follows.until(lambda _: True))
        await report_september(history)
        live = await live_rows(history)
        shown = await follows.until(lambda standing: TEN in outcomes(standing))
        assert outcomes(shown)[TEN] == "added"
        assert (await recorded(history))["state"] == "running"
        with pytest.raises(ShadowRunningError):
            await caught_up(command)
        left_behind = await scratch_databases(history, "added")
        assert await live_rows(history) == live
    assert not any(TEN in row for table in ("alerts.alerts", "alerts.notices", "alerts.outbox") for row in live[table])
    difference, ended = await kept(history, "added"), await recorded(history)
    assert (ended["state"], ended["rounds_done"]) == ("ended", ended["rounds_known"])
    await history.execute(f'CREATE DATABASE "{left_behind[0]}"')
    await caught_up(command)
    assert await kept(history, "added") == difference
    assert await live_rows(history) == live
    assert (await recorded(history))["started_at"] == ended["started_at"]
    assert await scratch_databases(history, "added") == []


async def test_what_is_followed_step_by_step_is_what_catching_up_gives(database_url: str, tmp_path: Path) -> None:
    """Rows that are parked and sent again, corrections, late reports, an amended plan, people who act."""
    live, lenient = sample_plans(tmp_path), sample_plans(tmp_path / "changed")
    make_lenient(lenient, strict=tmp_path / "strict")
    async with live_history(database_url) as history:
        async with following(shadow_of(history, lenient, live, name="followed", city="321300")) as follows:
            await follows.until(lambda _: True)
            await live_through(history, live)
            await caught_up(shadow_of(history, lenient, live, name="caught-up"))
            expected = await kept(history, "caught-up")
            await becomes(history, "followed", expected)
        assert {row[4] for row in expected} > {"same"}


async def test_a_shadow_that_fails_says_why(history: LiveHistory, rules: Rules) -> None:
    async with following(shadow_of(history, rules.strict, rules.live, name="fails")) as follows:
        await follows.until(lambda _: True)
        for name in await scratch_databases(history, "fails"):
            await history.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        await report_september(history)
        with pytest.raises(DBAPIError):
            await follows.until(lambda _: False)
    found = await recorded(history)
    assert (found["state"], "does not exist" in found["reason"]) == ("failed", True)


async def test_the_shadows_role_writes_nothing_but_its_own_schema(history: LiveHistory) -> None:
    rights = await history.connection.fetch(
        "SELECT table_schema, privilege_type FROM information_schema.role_table_grants WHERE grantee = 'planwatch_shadow'"
    )
    assert {record["table_schema"] for record in rights if record["privilege_type"] != "SELECT"} == {"shadow"}


async def test_an_account_that_may_not_act_as_the_shadows_role_is_refused(history: LiveHistory, rules: Rules) -> None:
    account = f"test_{secrets.token_hex(6)}"
    await history.execute(f"CREATE ROLE {account} LOGIN PASSWORD 'secret'")
    address = f"postgresql://{account}:secret@{history.url.partition('@')[2]}"
    command = shadow_of(history, rules.strict, rules.live, name="refused")
    try:
        with pytest.raises(NotReadableError):
            await caught_up(replace(command, live_url=address))
    finally:
        await history.execute(f"DROP ROLE {account}")
    assert await history.value("SELECT count(*) FROM shadow.shadows") == 0


async def test_a_person_starts_one_stops_it_and_forgets_it(history: LiveHistory, rules: Rules) -> None:
    await report_september(history)
    start = ("shadow", str(rules.strict), "--name", "by-hand", "--json")
    first = await started(history, rules.live, *start)
    assert first.stdout is not None
    shown = json.loads(await first.stdout.readline())
    assert {one["target_id"]: one["outcome"] for one in shown["alerts"]}[TEN] == "added"
    second = await started(history, rules.live, *start, "--once")
    _, refusal = await second.communicate()
    assert (second.returncode, "A shadow named by-hand is running" in refusal.decode()) == (1, True)
    assert (await planwatch(history, "shadow", "--forget", "by-hand")).exit_code == 1
    first.send_signal(signal.SIGTERM)
    assert await first.wait() == 0
    assert ((await recorded(history))["state"], await scratch_databases(history, "by-hand")) == ("ended", [])
    assert (await planwatch(history, "shadow", "--forget", "by-hand")).exit_code == 0
    assert await history.value("SELECT count(*) FROM shadow.shadows") == 0
    assert (await planwatch(history, "shadow", "--forget", "by-hand")).exit_code == 1


async def test_wrong_use_is_told(history: LiveHistory, rules: Rules) -> None:
    for wrong in (
        (),
        (str(rules.strict / "nowhere"),),
        (str(rules.strict), "--name", "Zwei Wörter"),
        (str(rules.strict), "--forget", "strict"),
    ):
        assert (await planwatch(history, "shadow", *wrong, plans=rules.live)).exit_code == 2, wrong
