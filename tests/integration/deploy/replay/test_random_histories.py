"""Whatever is reported, in whatever order it arrives, and whatever people do in between: it can be rebuilt."""

from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from deploy.replay.progress import shown_stages
from deploy.replay.verify import Verification, verify
from services.ingest.domain.feeds import FeedName
from tests.contracts.ingest_submissions import firm, project, rating, recognition, sender
from tests.integration.deploy.replay.live_history import DATA, PRESS, SAMPLE, LiveHistory, live_history
from tests.integration.deploy.replay.story import CHANNELS, amend, foresee, sample_plans, suspend

PERIODS = ("2025-01/P2M", "2025-03", "2025-04", "2025-05", "2025-06")
FEEDS = (FeedName.PROJECTS, FeedName.PROJECTS, FeedName.ENTERPRISES, FeedName.RATINGS, FeedName.RECOGNITIONS)
SUBMISSIONS = 24


def some_rows(dice: Random, feed: FeedName) -> list[dict[str, object]]:
    keys = dice.sample(range(1, 41), dice.randint(0, 30))
    match feed:
        case FeedName.PROJECTS:
            return [_project(dice, key) for key in keys]
        case FeedName.ENTERPRISES:
            return [firm(key, above_scale=dice.random() < 0.5) for key in keys]
        case FeedName.RATINGS:
            return [rating(key, stage="final", **{"class": dice.choice("CD")}) for key in keys[:3]]
        case _:
            return [recognition(key) for key in keys]


def _project(dice: Random, key: int) -> dict[str, object]:
    started = {"started_on": dice.choice(["2025-02-20", "2025-03-05"]), "start_evidence": "accepted"}
    return project(key, planned_total=dice.choice(["90000", "120000", "600000"]), **started)


async def live_through(history: LiveHistory, plans: Path, dice: Random) -> None:
    """Accept submissions, let them arrive in any order, some with rows parked, and do anything in between."""
    history.channels = CHANNELS
    await history.load(plans)
    accepted: list[str] = []
    for number in range(SUBMISSIONS):
        feed, by = dice.choice(FEEDS), PRESS if number % 3 == 0 else sender()
        period, rows = dice.choice(PERIODS), some_rows(dice, feed)
        accepted.append(await history.accept(feed, period, rows, reason="revision", sender=by))
    dice.shuffle(accepted)
    amended_after, suspended_after = dice.randrange(SUBMISSIONS), dice.randrange(SUBMISSIONS // 2, SUBMISSIONS)
    parked: list[tuple[str, int]] = []
    while accepted:
        arriving = [accepted.pop() for _ in range(min(len(accepted), dice.randint(1, 3)))]
        parked += await _arrive(history, arriving, dice)
        if len(accepted) <= amended_after and "（调整）" not in (plans / "sample-2025/02-measures.yaml").read_text():
            amend(plans)
            await history.load(plans)
        if len(accepted) <= suspended_after and not (plans / "sample-2025/suspensions.yaml").exists():
            suspend(plans)
            await history.load(plans)
        await _something_else(history, parked, dice)
    await history.take_up()
    await history.days_pass(30)


async def _arrive(history: LiveHistory, arriving: Sequence[str], dice: Random) -> list[tuple[str, int]]:
    """Let submissions arrive in one batch; of the first some rows may be parked."""
    rows = await history.rows_of(arriving[0])
    parked = dice.sample(rows, min(len(rows), dice.choice([0, 0, 0, 3])))
    await history.receive(*arriving, parked=parked)
    return [(arriving[0], row) for row in parked]


async def _something_else(history: LiveHistory, parked: list[tuple[str, int]], dice: Random) -> None:
    if parked and dice.random() < 0.4:
        submission_id, row = parked.pop(dice.randrange(len(parked)))
        await history.send_again(submission_id, row)
    if dice.random() < 0.6:
        await history.take_up()
    active = await history.all_active()
    if active and dice.random() < 0.4:
        await history.acknowledge(dice.choice(active), dice.choice(["示例甲", "示例乙"]))
    if active and dice.random() < 0.2:
        await history.suspend(dice.choice(active), days=2)
    if dice.random() < 0.3:
        await history.days_pass(1)
    if dice.random() < 0.2:
        await history.days_pass(20)
        await history.tick()


_RESTED_BY_PLAN = "SELECT count(*) FROM alerts.alert_events WHERE change = 'suspended' AND actor IS NULL"


@pytest.mark.parametrize("seed", range(2))
async def test_a_random_history_is_rebuilt(database_url: str, tmp_path: Path, seed: int) -> None:
    dice = Random(seed)  # noqa: S311  a test's dice
    async with live_history(database_url) as history:
        await live_through(history, foresee(sample_plans(tmp_path), below="1", hold=1), dice)
        assert await history.value(_RESTED_BY_PLAN) > 0
        with shown_stages() as stages:
            one = await verify(Verification(live_url=history.url, data_dir=DATA, plans_dir=SAMPLE), stages)
    different = [(kind.kind, kind.first[:1]) for kind in one.comparisons if not kind.equal]
    assert different == []
    assert one.acted.refused == []
    assert {kind.kind for kind in one.comparisons if kind.live == 0} <= {"signals"}
