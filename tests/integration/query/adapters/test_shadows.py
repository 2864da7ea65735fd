"""Rules in shadow: lists and pages show the difference, and that nobody was ever told."""

import re

import pytest

from tests.fakes.query_alerts import ALERT
from tests.fakes.query_base import CITY
from tests.fakes.query_shadows import FAILED_SHADOW, NEW_TARGET, REASON, SHADOW, hold_shadow
from tests.integration.query.conftest import Query

pytestmark = pytest.mark.integration

ALERTS = f"/v1/shadows/{SHADOW}/alerts"
LISTS = ("/v1/shadows", ALERTS)
READS = (*LISTS, f"/v1/shadows/{SHADOW}")


async def test_every_read_has_a_tag_and_answers_304_to_it(query: Query) -> None:
    for path in READS:
        first = await query.get(path)
        assert first.status_code == 200, first.text
        again = await query.client.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b""), path


async def test_every_list_pages_one_by_one_to_the_same_items_in_the_same_order(query: Query) -> None:
    for path in LISTS:
        whole = (await query.get(f"{path}?limit=500")).json()
        assert whole["next"] is None
        assert await query.items(f"{path}?limit=1") == whole["items"], path
        for wrong in ("cursor=nonsense", "limit=0", "unknown=1", "outcome=other"):
            assert (await query.get(f"{path}?{wrong}")).status_code == 422, (path, wrong)


async def test_a_shadow_says_how_far_it_is_and_counts_the_alerts_by_outcome(query: Query) -> None:
    await hold_shadow(query.owner)
    found = (await query.get(f"/v1/shadows/{SHADOW}")).json()
    assert (found["state"], found["rounds_done"], found["round"]) == ("running", 42, 42)
    assert found["alerts"] == {"added": 1, "lost": 1, "severity": 1, "dates": 1, "same": 1}
    failed = (await query.get(f"/v1/shadows/{FAILED_SHADOW}")).json()
    assert (failed["state"], failed["reason"], failed["compared_at"], failed["city"]) == ("failed", REASON, None, CITY)
    assert [one["name"] for one in await query.items("/v1/shadows?state=failed")] == [FAILED_SHADOW]
    unknown = await query.get("/v1/shadows/none")
    assert (unknown.status_code, unknown.json()["type"]) == (404, "urn:planwatch:problem:shadow-unknown")
    assert (await query.get("/v1/shadows/none/alerts")).status_code == 404


async def test_the_differing_alerts_come_first_with_both_sides(query: Query) -> None:
    found = (await query.get(ALERTS)).json()["items"]
    assert [one["outcome"] for one in found] == ["added", "lost", "severity", "dates", "same"]
    added, _, severity, *_ = found
    assert (added["live"], added["has_target"], added["shadow"]["alert_id"]) == (None, False, None)
    assert (severity["live"]["alert_id"], severity["has_target"]) == (ALERT, True)
    assert (severity["live"]["severity"], severity["shadow"]["severity"]) == ("yellow", "red")
    chosen = await query.items(f"{ALERTS}?outcome=lost&outcome=dates")
    assert [one["outcome"] for one in chosen] == ["lost", "dates"]
    assert [one["outcome"] for one in await query.items(f"{ALERTS}?target={NEW_TARGET}")] == ["added"]


async def test_one_whose_process_is_gone_is_lost_and_one_that_ended_is_not(query: Query) -> None:
    assert (await query.get(f"/v1/shadows/{SHADOW}")).json()["state"] == "lost"
    assert "运行它的进程已不在" in (await query.get(f"/shadows/{SHADOW}")).text
    await hold_shadow(query.owner)
    assert (await query.get(f"/v1/shadows/{SHADOW}")).json()["state"] == "running"
    assert "运行它的进程已不在" not in (await query.get(f"/shadows/{SHADOW}")).text
    assert await query.items("/v1/shadows?state=lost") == []


async def test_of_the_past_nothing_is_said_since_nothing_is_kept(query: Query) -> None:
    for path in READS:
        answer = await query.get(f"{path}?as_of=2025-09-30")
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:planwatch:problem:past-not-kept"), path
    page = await query.get("/shadows?as_of=2025-09-30")
    assert (page.status_code, "没有保存" in page.text) == (422, True)
    assert 'href="/shadows"' not in (await query.get("/alerts?as_of=2025-09-30")).text


async def test_the_page_lists_what_differs_and_says_that_nobody_was_told(query: Query) -> None:
    html = (await query.get(f"/shadows/{SHADOW}")).text
    for words in ("从未通知任何单位或个人", "新增", "不再有", "灯色不同", "期次不同", f'href="/alerts/{ALERT}"'):
        assert words in html, words
    assert len(re.findall("tag-outcome-", html)) == 4
    assert 'href="/targets/suqian-2024' in html
    assert f"/targets/{NEW_TARGET}" not in html
    assert len(re.findall("tag-outcome-", (await query.get(f"/shadows/{SHADOW}?outcome=all")).text)) == 5
    english = (await query.get(f"/shadows/{SHADOW}?lang=en&outcome=added")).text
    assert "has never told anyone anything" in english
    assert len(re.findall("tag-outcome-", english)) == 1


async def test_the_list_leads_to_each_and_a_failed_one_says_why(query: Query) -> None:
    html = (await query.get("/shadows")).text
    for name in (SHADOW, FAILED_SHADOW):
        assert f'href="/shadows/{name}"' in html
    assert REASON in (await query.get(f"/shadows/{FAILED_SHADOW}")).text
    assert 'href="/shadows"' in (await query.get("/")).text


async def test_one_that_catches_up_shows_how_far_it_is_and_no_difference_yet(query: Query) -> None:
    await query.owner.execute("UPDATE shadow.shadows SET compared_at = NULL, rounds_done = 5, round = NULL")
    await hold_shadow(query.owner)
    html = (await query.get(f"/shadows/{SHADOW}")).text
    assert "已评判5/42个批次" in html
    assert '<progress max="42" value="5">' in html
    assert "tag-outcome-" not in html


async def test_without_any_difference_the_page_says_so(query: Query) -> None:
    await query.owner.execute("UPDATE shadow.differences SET outcome = 'same'")
    assert "完全相同（5条）" in (await query.get(f"/shadows/{SHADOW}")).text


async def test_with_no_shadow_the_page_says_how_to_start_one(empty: Query) -> None:
    assert "planwatch shadow" in (await empty.get("/shadows")).text
    assert "No rule is in shadow" in (await empty.get("/shadows?lang=en")).text


async def test_text_of_plans_is_shown_never_run(query: Query) -> None:
    attack = "<script>alert(1)</script>"
    await query.owner.execute("UPDATE shadow.differences SET name_zh = $1, quote = $1, area_name = $1", attack)
    await query.owner.execute("UPDATE shadow.shadows SET reason = $1 WHERE state = 'failed'", attack)
    for name in (SHADOW, FAILED_SHADOW):
        html = (await query.get(f"/shadows/{name}")).text
        assert "&lt;script&gt;alert(1)" in html
        assert "<script>alert" not in html
