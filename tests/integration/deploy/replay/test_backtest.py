"""Plans are tried on what was reported before: with what was known then, or with every report as known now."""

import json
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from deploy.replay.progress import shown_stages
from deploy.replay.verify import Verification, verify
from services.ingest.domain.feeds import FeedName
from shared.kernel.period import Period
from tests.contracts.ingest_submissions import project
from tests.integration.deploy.replay.command_line import planwatch
from tests.integration.deploy.replay.live_history import DATA, SAMPLE, LiveHistory, live_history
from tests.integration.deploy.replay.story import FIFTY, TEN, foresee, make_lenient, sample_plans

A_MONTH = 5
"""So many starts a month are on pace: 60 a year."""
SHORT = Period.parse("2025-06")
NOTICED = Period.parse("2025-08")
"""A month is reported with three starts too few; that is corrected when two more months have come."""


async def report_two_years(history: LiveHistory) -> None:
    """Report every month of 2025 and 2026 on pace, but for the prepared restatement."""
    history.clock.now = datetime(2027, 2, 1, tzinfo=UTC)
    period = Period.parse("2025-01/P2M")
    while period.year < 2027:
        rows = starts(period)
        await history.push(FeedName.PROJECTS, str(period), rows[:-3] if period == SHORT else rows)
        await history.take_up()
        if period == NOTICED:
            await history.push(FeedName.PROJECTS, str(SHORT), starts(SHORT), reason="revision")
            await history.take_up()
        period = period.next_report()


def starts(period: Period) -> list[dict[str, object]]:
    months = period.last_month - period.first_month + 1
    first = (period.year - 2025) * 1000 + period.first_month * 20
    given = {"planned_total": "600000", "started_on": period.end.isoformat(), "start_evidence": "accepted"}
    return [project(first + number, **given) for number in range(A_MONTH * months)]


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    return sample_plans(tmp_path)


@pytest.fixture
async def history(database_url: str, plans: Path) -> AsyncIterator[LiveHistory]:
    async with live_history(database_url) as history:
        await history.load(plans)
        await report_two_years(history)
        yield history


async def tried(history: LiveHistory, rules: Path, *options: str, plans: Path | None = None) -> dict[str, Any]:
    arguments = ("backtest", str(rules), "--from", "2025", "--to", "2026", "--json", *options)
    answer = await planwatch(history, *arguments, plans=plans)
    assert answer.exit_code == 0, answer.output
    return dict(json.loads(answer.stdout))


def different(document: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [
        (one["outcome"], one["target_id"], (one["tried"] or one["live"])["period"])
        for one in document["alerts"]
        if one["outcome"] != "same"
    ]


async def test_what_was_known_then_gives_the_live_alerts_and_what_is_known_now_all_but_the_prepared_one(
    history: LiveHistory, plans: Path
) -> None:
    before = await history.value("SELECT max(recorded_at) FROM rules.verdicts")
    known = await tried(history, plans)
    assert different(known) == []
    raised = {one["target_id"]: one["tried"] for one in known["alerts"]}
    assert (raised[TEN]["period"], raised[TEN]["state"]) == ("2025-06", "retracted")
    final = await tried(history, plans, "--vintage", "final")
    assert different(final) == [("lost", TEN, "2025-06")]
    assert final["totals"] == known["totals"] | {"lost": 1, "same": known["totals"]["same"] - 1}
    assert await history.value("SELECT max(recorded_at) FROM rules.verdicts") == before


async def test_only_alerts_that_opened_within_the_periods_are_listed(history: LiveHistory, plans: Path) -> None:
    before = ("backtest", str(plans), "--from", "2025-03", "--to", "2025-05")
    assert json.loads((await planwatch(history, *before, "--json")).stdout)["alerts"] == []
    within = await planwatch(history, "backtest", str(plans), "--from", "2025-06", "--to", "2025-07")
    assert within.exit_code == 0
    assert "same 1" in within.stdout


async def test_a_stricter_threshold_adds_the_alerts_it_would_have_raised(
    database_url: str, plans: Path, tmp_path: Path
) -> None:
    """In use, up to 10 points behind is green; tried is that any shortfall is yellow."""
    strict = make_lenient(plans, strict=tmp_path / "rules")
    async with live_history(database_url) as history:
        await history.load(plans)
        await report_two_years(history)
        lenient = await tried(history, plans, plans=plans)
        stricter = await tried(history, strict, plans=plans)
    assert different(lenient) == []
    assert TEN not in {one["target_id"] for one in lenient["alerts"]}
    assert ("added", TEN, "2025-06") in different(stricter)
    assert stricter["totals"]["lost"] == 0
    (added,) = [one for one in stricter["alerts"] if one["target_id"] == TEN]
    assert (added["quote"], added["live"], added["tried"]["severity"]) == ("每年开工10亿元以上项目60个", None, "yellow")
    assert FIFTY not in {one["target_id"] for one in stricter["alerts"]}


async def test_plans_with_errors_are_refused_and_wrong_use_is_told(database_url: str, plans: Path) -> None:
    async with live_history(database_url) as history:
        measures = plans / "sample-2025" / "02-measures.yaml"
        words = measures.read_text(encoding="utf-8")
        measures.write_text(words.replace("direction: up", "direction: sideways"), encoding="utf-8")
        refused = await planwatch(history, "backtest", str(plans), "--from", "2025", "--to", "2026")
        assert (refused.exit_code, "direction" in refused.stderr) == (1, True)
        measures.write_text(words, encoding="utf-8")
        for wrong in (
            (str(plans), "--from", "2026", "--to", "2025"),
            (str(plans), "--from", "2025-13", "--to", "2026"),
            (str(plans / "nowhere"), "--from", "2025", "--to", "2026"),
        ):
            assert (await planwatch(history, "backtest", *wrong)).exit_code == 2


async def test_a_rule_on_forecasts_adds_the_alerts_it_would_have_raised(
    history: LiveHistory, plans: Path, tmp_path: Path
) -> None:
    """Exactly on pace month by month: attaining 60 is about as likely as not, which is below 0.9 from May on."""
    rules = tmp_path / "rules"
    rules.mkdir()
    shutil.copy(plans / "lights.yaml", rules)
    found = await tried(history, foresee(rules, below="0.9", hold=2), plans=plans)
    added = [one for one in found["alerts"] if one["outcome"] == "added"]
    assert {(one["kind"], one["live"]) for one in added} == {("forecast", None)}
    spans = {one["target_id"]: (one["tried"]["since"], one["tried"]["period"]) for one in added}
    assert spans[TEN] == ("2025-05", "2025-06")
    assert found["totals"]["lost"] == 0


async def test_a_rule_on_forecasts_put_into_use_can_be_rebuilt(history: LiveHistory, plans: Path) -> None:
    await history.load(foresee(plans, below="0.9", hold=2))
    await history.take_up()
    assert await history.value("SELECT count(*) FROM alerts.alerts WHERE kind = 'forecast' AND retroactive") > 0
    with shown_stages() as stages:
        one = await verify(Verification(live_url=history.url, data_dir=DATA, plans_dir=SAMPLE), stages)
    assert [compared.kind for compared in one.comparisons if not compared.equal] == []
