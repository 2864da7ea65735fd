"""Where sources differ on a row, readers see which one governs and what the others say, now and looking back."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from shared.kernel.period import Period
from tests.fakes.query_base import CITY, Row, insert
from tests.fakes.query_entities import FIRM, PROJECT, firm_rows, project_rows, rating_rows, recognition_rows
from tests.integration.query.conftest import Query

pytestmark = pytest.mark.integration

SAID = datetime(2025, 10, 9, 2, 0, tzinfo=UTC)
BUREAU, PRESS, FORUM = "示例统计局", "示例日报", "示例论坛"
FEEDS = {"enterprises": "enterprise", "projects": "project", "ratings": "rating", "recognitions": "recognition"}


@pytest.fixture
async def ranked(query: Query) -> Query:
    """The simulated city, whose sources name no authority, with two ranked ones known from the beginning."""
    lines = [
        {
            "version": 1,
            "place": place,
            "pattern": name,
            "rank": 10 * place,
            "name_zh": name,
            "name_en": name,
            "note": "",
        }
        for place, name in enumerate((BUREAU, PRESS), start=1)
    ]
    await insert(
        query.owner, "rules.authorities", [{**line, "recorded_at": datetime(2024, 1, 1, tzinfo=UTC)} for line in lines]
    )
    return query


async def test_the_best_authority_governs_and_the_others_stand_beside_it(ranked: Query) -> None:
    before = project_rows()[-1]
    await _say(ranked, "projects", {**before, "completed_ytd_yuan": 2}, by=BUREAU, number=1)
    await _say(ranked, "projects", {**before, "completed_ytd_yuan": 1, "started_on": None}, by=PRESS, number=2)
    found: Any = (await ranked.get(f"/v1/projects/{PROJECT}")).json()
    report = found["reports"][0]
    assert (found["completed_ytd_yuan"], report["completed_ytd_yuan"], report["authority"]) == (2, 2, BUREAU)
    assert report["conflict"]
    assert [(one["authority"], one["rank"], one["differs"]) for one in report["others"]] == [
        (PRESS, 20, {"completed_ytd_yuan": 1, "started_on": None}),
        (None, None, {"completed_ytd_yuan": before["completed_ytd_yuan"]}),
    ]
    assert not found["reports"][1]["conflict"]
    (listed,) = [one for one in await ranked.items("/v1/projects") if one["code"] == PROJECT]
    assert (listed["completed_ytd_yuan"], listed["authority"]) == (2, BUREAU)


async def test_looking_back_the_source_governs_that_was_the_best_then(ranked: Query) -> None:
    before = project_rows()[-1]
    await _say(ranked, "projects", {**before, "completed_ytd_yuan": 1}, by=PRESS, number=1)
    await _say(ranked, "projects", {**before, "completed_ytd_yuan": 2}, by=BUREAU, number=2)
    await _say(ranked, "projects", {**before, "completed_ytd_yuan": 3}, by=FORUM, number=3)
    await _say(ranked, "projects", before, by=BUREAU, number=4, removed=True)
    seen = [await _governing(ranked, SAID + timedelta(hours=hours)) for hours in range(5)]
    assert seen == [before["completed_ytd_yuan"], 1, 2, 2, 1]


async def test_a_row_every_source_took_back_is_not_there(ranked: Query) -> None:
    before = rating_rows()[-1]
    await _say(ranked, "ratings", {**before, "class": "C"}, by=BUREAU, number=1)
    for number, by in ((2, BUREAU), (3, None)):
        assert [one["year"] for one in (await _firm(ranked))["ratings"]] == [2024, 2023]
        await _say(ranked, "ratings", before, by=by, number=number, removed=True)
    assert [one["year"] for one in (await _firm(ranked))["ratings"]] == [2023]


async def test_every_kind_of_row_of_a_firm_follows_the_rule(ranked: Query) -> None:
    title = next(row for row in recognition_rows() if row["kind"] == "national_giant")
    await _say(
        ranked, "enterprises", {**firm_rows()[-2], "revenue_ytd_yuan": 7, "above_scale": False}, by=BUREAU, number=1
    )
    await _say(ranked, "ratings", {**rating_rows()[-1], "class": "A", "score": None}, by=PRESS, number=2)
    await _say(ranked, "recognitions", {**title, "revoked_on": date(2025, 1, 2)}, by=PRESS, number=3)
    firm = await _firm(ranked)
    held = next(one for one in firm["recognitions"] if one["kind"] == "national_giant")
    assert (firm["revenue_ytd_yuan"], firm["ratings"][0]["class"], held["revoked_on"]) == (7, "A", "2025-01-02")
    assert firm["reports"][0]["others"][0]["differs"]["above_scale"] is True
    assert firm["ratings"][0]["others"][0]["differs"] == {"class": "D", "score": "38.5"}
    assert held["others"][0]["differs"] == {"revoked_on": None}


async def test_the_pages_show_the_conflict(ranked: Query) -> None:
    await _say(ranked, "enterprises", {**firm_rows()[-2], "tax_ytd_yuan": 90_000}, by=BUREAU, number=1)
    await _say(ranked, "projects", {**project_rows()[-1], "start_evidence": "pending"}, by=PRESS, number=2)
    firm, project = (
        (await ranked.get(f"/enterprises/{FIRM}")).text,
        (await ranked.get(f"/projects/{PROJECT}?lang=en")).text,
    )
    assert "多个来源不一致" in firm
    assert f"采用 {BUREAU}" in firm
    assert "税收（累计）" in firm
    assert f"governs {PRESS}" in project
    assert "start evidence accepted" in project.lower()


async def _firm(query: Query) -> Any:
    return (await query.get(f"/v1/enterprises/{FIRM}")).json()


async def _governing(query: Query, at: datetime) -> int:
    found: Any = (await query.get(f"/v1/projects/{PROJECT}?as_of={quote(at.isoformat())}")).json()
    listed: Any = (await query.get(f"/v1/projects?as_of={quote(at.isoformat())}")).json()["items"]
    amount: int = found["completed_ytd_yuan"]
    assert [one["completed_ytd_yuan"] for one in listed if one["code"] == PROJECT] == [amount]
    return amount


async def _say(query: Query, feed: str, row: Row, *, by: str | None, number: int, removed: bool = False) -> None:
    """Write a complete submission of an authority's source (None: of the city's own), known `number` hours after `SAID`."""
    period, at = Period.parse(row["period"]), SAID + timedelta(hours=number)
    source = row["source"] if by is None else f"source-of-{by}"
    sent = {"submission_id": f"sub_said_{number}", "source": source, "sequence": 700 + number, "recorded_at": at}
    whole = {
        "authority": by,
        "simulated": True,
        "city": CITY,
        "feed": feed,
        "period": str(period),
        "period_end": period.end,
        "action": "merge",
        "events": 1,
        "received": 1,
        "parked": 0,
        "completed_at": at,
        "correlation_id": f"said-{number}",
    }
    await insert(query.owner, "rules.submissions", [{**sent, **whole}])
    await insert(query.owner, f"rules.{FEEDS[feed]}_versions", [{**row, **sent, "row_number": 1, "removed": removed}])
