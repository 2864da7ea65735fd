"""Q2: at any instant, every list answers what a model that forgot nothing says was known then."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest

from shared.plans.expand import expand_targets
from tests.fakes.query import plan, plan_row, target_row
from tests.fakes.query_alerts import lagging_finding
from tests.fakes.query_base import PLAN
from tests.fakes.query_past import INDICATOR, Past, chance_of, random_past, some_instant, write_past
from tests.integration.query.conftest import Query

pytestmark = pytest.mark.integration

VALUES = f"/v1/indicators/{INDICATOR}/values"
NEVER_REFUSED = {200, 404}  # a thing nobody knew of yet is not found


@pytest.mark.parametrize("seed", [2024, 2025])
async def test_at_a_hundred_instants_of_a_random_past_every_list_equals_the_model(empty: Query, seed: int) -> None:
    past = await _written(empty, seed)
    for at in _instants(past, chance_of(seed), 100):
        assert await _figures(empty, at) == past.known_figures(at), at
        assert await _projects(empty, at) == past.known_projects(at), at
        assert await _targets(empty, at) == past.known_targets(at), at
        assert await _signals(empty, at) == past.known_signals(at), at
        assert await _alerts(empty, at) == past.known_alerts(at), at
        opened = {alert: held for alert, held in past.known_alerts(at).items() if held[0] == "open"}
        assert await _alerts(empty, at, "&state=open") == opened, at
        for target in past.targets:
            assert await _verdicts(empty, target.id, at) == _judged(past, target.id, at), (target.id, at)


async def test_what_changed_since_then_put_on_what_was_known_then_gives_what_is_known_now(empty: Query) -> None:
    past = await _written(empty, 7)
    chance = chance_of(7)
    for _ in range(40):
        before, after = sorted(_instants(past, chance, 2))
        known = past.known_figures(before)
        for one in await _items(empty, f"{VALUES}?updatedAfter={_text(before)}&asOf={_text(after)}"):
            cell = (one["period"], one["area"])
            if one["action"] == "Delete":
                del known[cell]  # only what was known is taken away
            else:
                known[cell] = (Decimal(one["value"]), one["submission_id"])
        assert known == past.known_figures(after), (before, after)


async def test_every_version_says_from_when_to_when_it_counted(empty: Query) -> None:
    past = await _written(empty, 11)
    versions = await _items(empty, f"{VALUES}?includeHistory=true&limit=7")
    assert len(versions) == len({(one["submission_id"], one["row_number"]) for one in versions})
    for at in _instants(past, chance_of(11), 40):
        counted = {
            (one["period"], one["area"]): (Decimal(one["value"]), one["submission_id"])
            for one in versions
            if _counted(one, at) and not one["removed"]
        }
        assert counted == past.known_figures(at), at


def _counted(version: dict[str, Any], at: datetime) -> bool:
    until = version["valid_to"]
    return datetime.fromisoformat(version["valid_from"]) <= at and (until is None or datetime.fromisoformat(until) > at)


async def _written(query: Query, seed: int) -> Past:
    loaded = plan()
    targets = expand_targets(loaded)
    past = random_past(seed, targets)
    finding = lagging_finding({target.id: target for target in targets}).model_dump(mode="json")
    rows = {target.id: target_row(target) for target in past.targets}
    await write_past(query.owner, past, plan=plan_row(loaded), targets=rows, finding=finding)
    return past


def _instants(past: Past, chance: random.Random, count: int) -> Iterator[datetime]:
    """Any instant, often exactly one at which something became known, or the moment before it."""
    told = [row["recorded_at"] for rows in (past.verdicts, past.signals, past.target_versions) for row in rows]
    told += [event["updated_at"] for life in past.alerts.values() for event in life]
    told += [one["completed_at"] for one in past.submissions if one["completed_at"] is not None]
    for _ in range(count):
        exact = chance.choice(told) - timedelta(microseconds=chance.randrange(2))
        yield exact if chance.random() < 0.6 else some_instant(chance)


def _text(at: datetime) -> str:
    return quote(at.isoformat())


async def _items(query: Query, path: str) -> list[dict[str, Any]]:
    answer = await query.get(path)
    assert answer.status_code in NEVER_REFUSED, answer.text
    return await query.items(path) if answer.status_code == 200 else []


async def _known(query: Query, path: str, at: datetime, more: str = "") -> list[dict[str, Any]]:
    answer = await query.get(f"{path}?as_of={_text(at)}&limit=500{more}")
    assert answer.status_code in NEVER_REFUSED, answer.text
    assert datetime.fromisoformat(answer.headers["planwatch-as-of"]) == at
    items: list[dict[str, Any]] = answer.json()["items"] if answer.status_code == 200 else []
    return items


async def _figures(query: Query, at: datetime) -> dict[tuple[str, str], tuple[Decimal, str]]:
    rows = await _known(query, VALUES, at)
    return {(one["period"], one["area"]): (Decimal(one["value"]), one["submission_id"]) for one in rows}


async def _projects(query: Query, at: datetime) -> dict[str, tuple[str, int, str]]:
    rows = await _known(query, "/v1/projects", at)
    return {one["code"]: (one["period"], one["completed_ytd_yuan"], one["submission_id"]) for one in rows}


async def _targets(query: Query, at: datetime) -> dict[str, tuple[int, str | None, str]]:
    rows = await _known(query, f"/v1/plans/{PLAN}/targets", at)
    return {one["id"]: (one["version"], (one["verdict"] or {}).get("id"), one["light"]) for one in rows}


async def _signals(query: Query, at: datetime) -> dict[str, str]:
    return {one["id"]: one["period"] for one in await _known(query, "/v1/signals", at)}


async def _alerts(query: Query, at: datetime, more: str = "") -> dict[str, tuple[str, str, str, str | None]]:
    rows = await _known(query, "/v1/alerts", at, more)
    return {one["id"]: (one["state"], one["severity"], one["period"], one["ground"]) for one in rows}


async def _verdicts(query: Query, target_id: str, at: datetime) -> dict[str, str]:
    rows = await _known(query, f"/v1/targets/{target_id}/verdicts", at)
    return {one["period"]: one["id"] for one in rows}


def _judged(past: Past, target_id: str, at: datetime) -> dict[str, str]:
    """Of a target nobody knew of yet, verdicts cannot be asked for."""
    known = any(row["target_id"] == target_id and row["recorded_at"] <= at for row in past.target_versions)
    return past.known_verdicts(target_id, at) if known else {}
