"""Everything is rebuilt from the first accepted row and is the same; what was changed behind the services' back is named."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, timedelta
from decimal import Decimal
from pathlib import Path

import asyncpg
import pytest

from deploy.replay.compare import Comparison
from deploy.replay.progress import shown_stages
from deploy.replay.verify import Verification, Verified, verify
from services.ingest.domain.feeds import FeedName
from services.ingest.domain.restatement import HoldLimits
from shared.kernel.china_time import end_of_period
from shared.kernel.period import Period
from tests.integration.deploy.replay.command_line import planwatch
from tests.integration.deploy.replay.live_history import DATA, SAMPLE, LiveHistory, live_history
from tests.integration.deploy.replay.story import TEN, live_through, sample_plans, starts


@pytest.fixture
async def history(database_url: str, tmp_path: Path) -> AsyncIterator[LiveHistory]:
    async with live_history(database_url) as history:
        await live_through(history, sample_plans(tmp_path))
        yield history


async def verified(history: LiveHistory, **changes: object) -> Verified:
    with shown_stages() as stages:
        command = Verification(live_url=history.url, data_dir=DATA, plans_dir=SAMPLE, **changes)  # type: ignore[arg-type]
        return await verify(command, stages)


def of_kind(one: Verified, kind: str) -> Comparison:
    return next(compared for compared in one.comparisons if compared.kind == kind)


def unequal(one: Verified) -> list[str]:
    return [compared.kind for compared in one.comparisons if not compared.equal]


async def test_replay_gives_the_same_of_every_kind(history: LiveHistory) -> None:
    """Corrections, an old report that arrives late, an amended plan, a D rating taken back, rows parked and sent again."""
    one = await verified(history)
    assert unequal(one) == []
    assert (of_kind(one, "submissions").live, of_kind(one, "rows").live) == (12, 135)
    assert min(of_kind(one, kind).live for kind in ("verdicts", "signals", "findings")) > 10
    assert [of_kind(one, kind).live for kind in ("alerts", "history", "notices")] == [5, 22, 15]
    assert (one.met.parked, one.met.not_accepted) == ({"sub_0007": (4,)}, [])
    assert (one.acted.refused, one.acted.waiting) == ([], 0)


async def test_the_command_says_so_and_leaves_nothing_behind(history: LiveHistory) -> None:
    answer = await planwatch(history, "replay", "--verify", "--json")
    assert answer.exit_code == 0, answer.output
    document = json.loads(answer.stdout)
    assert document["equal"] is True
    assert document["parked_rows"] == {"sub_0007": [4]}
    assert await history.value("SELECT count(*) FROM pg_database WHERE datname LIKE 'planwatch_replay_%'") == 0


TAMPERED = (
    (
        f"UPDATE rules.verdicts SET actual = actual + 1 WHERE target_id = '{TEN}' AND period = '2025-04'",
        "verdicts",
        ["actual", "2025-04", TEN],
    ),  # a verdict's figure
    (
        "UPDATE rules.signals SET entity_name = '改过的名称' WHERE sequence = 1",
        "signals",
        ["entity_name", "改过的名称"],
    ),  # a signal's name
    (
        f"UPDATE rules.findings SET event = event || '{{\"severity\": \"green\"}}' WHERE target_id = '{TEN}'",
        "findings",
        ["event.severity", "green", TEN],
    ),  # what a finding told
    (
        "DELETE FROM rules.verdicts WHERE sequence = (SELECT min(sequence) FROM rules.verdicts)",
        "verdicts",
        ["replayed only"],
    ),  # a verdict that is gone
    (
        "UPDATE rules.project_versions SET planned_total_yuan = 1 WHERE submission_id = 'sub_0002' AND row_number = 1",
        "rows",
        ["planned_total_yuan", "project sub_0002:000000001"],
    ),  # a stored row
    (
        "UPDATE alerts.alerts SET severity = 'red' WHERE kind = 'rating_d'",
        "alerts",
        ["severity", "现行 live red  重放 replayed yellow"],
    ),  # an alert's light
    (
        "UPDATE alerts.alert_events SET state = 'closed' WHERE change = 'eased'",
        "history",
        ["state", "现行 live closed  重放 replayed open"],
    ),  # an entry of an alert's history
    (
        "UPDATE alerts.notices SET subject = '改过的主题' WHERE cause = 'worsened'",
        "notices",
        ["subject", "改过的主题", "预警加重·红"],
    ),  # a notice's subject
    (
        "UPDATE alerts.notices SET recipient = 'else@units.example' WHERE cause = 'eased' AND channel = 'mail'",
        "notices",
        ["id_fits"],
    ),  # to whom a notice went
)


async def test_what_was_changed_afterwards_is_named(history: LiveHistory) -> None:
    for statement, _, _ in TAMPERED:
        await history.execute(statement)
    answer = await planwatch(history, "replay", "--verify", "--limit", "50")
    assert answer.exit_code == 1, answer.output
    for _, _, names in TAMPERED:
        for name in names:
            assert name in answer.stdout
    assert set(unequal(await verified(history))) == {kind for _, kind, _ in TAMPERED}


async def test_a_row_changed_in_the_store_of_what_was_accepted_changes_what_follows(history: LiveHistory) -> None:
    await history.execute("DELETE FROM ingest.submission_rows WHERE submission_id = 'sub_0002' AND row_number = 2")
    one = await verified(history)
    assert {"submissions", "rows", "rounds"} <= set(unequal(one))


async def test_a_submission_that_was_never_accepted_is_named(history: LiveHistory) -> None:
    await history.execute(
        "DELETE FROM ingest.submission_chunks WHERE submission_id = 'sub_0012';"
        " DELETE FROM ingest.submissions WHERE submission_id = 'sub_0012'"
    )
    answer = await planwatch(history, "replay", "--verify")
    assert answer.exit_code == 1
    assert "sub_0012" in answer.stdout


async def test_an_alert_that_is_gone_is_named(history: LiveHistory) -> None:
    gone = await history.value("SELECT alert_id FROM alerts.alerts WHERE kind = 'rating_d'")
    for table in ("notices", "alert_events", "alerts"):
        await history.execute(f"DELETE FROM alerts.{table} WHERE alert_id = $1", gone)
    one = await verified(history)
    assert unequal(one) == ["alerts", "history", "notices"]
    assert [(entry.key, entry.found) for entry in of_kind(one, "alerts").first] == [(gone, "replayed only")]


async def test_findings_that_alerts_has_not_taken_up_are_no_difference(history: LiveHistory) -> None:
    await history.push(FeedName.PROJECTS, "2025-08", starts(1))
    before = await history.value("SELECT count(*) FROM rules.findings")
    await history.send_again("sub_0007", 4)
    waiting = await history.value("SELECT count(*) FROM rules.findings") - before
    one = await verified(history)
    assert (unequal(one), one.met.parked) == ([], {})
    assert one.acted.waiting >= waiting > 0
    await history.take_up()
    assert [(unequal(again), again.acted.waiting) for again in [await verified(history)]] == [([], 0)]


async def test_overdue_reports_are_found_on_the_same_days_again(database_url: str, tmp_path: Path) -> None:
    async with live_history(database_url) as history:
        await history.load(sample_plans(tmp_path))
        period = Period.parse("2025-01/P2M")
        while period.last_month < 9:  # a feed is owed once its reports came in time
            history.clock.now = end_of_period(period).astimezone(UTC) + timedelta(days=4)
            await history.push(FeedName.PROJECTS, str(period), starts(3))
            period = period.next_report()
        for days in (60, 30):
            await history.days_pass(days)
            assert await history.tick()
            await history.take_up()
        await history.push(FeedName.PROJECTS, "2025-09", starts(3))
        await history.take_up()
        assert await history.value("SELECT count(*) FROM alerts.alerts WHERE kind = 'feed_overdue'") == 1
        one = await verified(history)
    assert unequal(one) == []
    assert of_kind(one, "rounds").live == 11


async def test_a_restatement_that_was_held_is_known_from_its_release_on(history: LiveHistory) -> None:
    history.limits = HoldLimits(rows_share=Decimal("0.1"), value_share=None, min_rows=1)
    held = await history.accept(FeedName.PROJECTS, "2025-06", starts(40, total="90000"), reason="error")
    waiting = await history.accept(FeedName.PROJECTS, "2025-07", starts(40, total="90000"), reason="error")
    await history.push(FeedName.PROJECTS, "2025-08", starts(2, day="2025-08-01"))
    await history.release(held)
    await history.receive(held)
    await history.take_up()
    late = await history.value(
        f"SELECT recorded_at > completed_at - interval '2 minutes' FROM rules.submissions WHERE submission_id = '{held}'"
    )
    one = await verified(history)
    assert (late, unequal(one)) == (True, [])
    assert of_kind(one, "submissions").live == 14
    assert await history.value(f"SELECT count(*) FROM rules.submissions WHERE submission_id = '{waiting}'") == 0


async def test_one_city_alone_is_verified(history: LiveHistory) -> None:
    await history.execute("UPDATE rules.verdicts SET city = '320600' WHERE sequence = 1")
    assert unequal(await verified(history, city="320900")) == []
    assert unequal(await verified(history, city="321300")) == ["verdicts"]


async def test_the_scratch_database_is_kept_when_asked_for(history: LiveHistory) -> None:
    one = await verified(history, keep=True)
    kept = await asyncpg.connect(f"{history.url.rpartition('/')[0]}/{one.scratch}")
    try:
        assert await kept.fetchval("SELECT count(*) FROM rules.verdicts") == of_kind(one, "verdicts").live
    finally:
        await kept.close()
        await history.execute(f'DROP DATABASE "{one.scratch}"')


async def test_who_may_not_create_databases_is_told_so(history: LiveHistory) -> None:
    await history.execute(
        "DO $$ BEGIN CREATE ROLE replay_reader LOGIN PASSWORD 'example' IN ROLE pg_read_all_data;"
        " EXCEPTION WHEN duplicate_object THEN NULL; END $$"
    )
    address = history.url.rpartition("@")[2]
    answer = await planwatch(history, "replay", "--verify", url=f"postgresql://replay_reader:example@{address}")
    assert answer.exit_code == 2
    assert "CREATEDB" in answer.stderr


async def test_wrong_use_and_a_server_away_have_their_exit_codes(history: LiveHistory) -> None:
    assert (await planwatch(history, "replay")).exit_code == 2
    assert (await planwatch(history, "replay", "--verify", url="postgresql://a:b@127.0.0.1:9/c")).exit_code == 3
