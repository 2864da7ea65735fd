"""A target that its plan suspends: grey with a mark of its own, counted apart, and everywhere with who, why and until when."""

import json

import pytest

from tests.fakes.query_alerts import ALERT
from tests.fakes.query_base import PLAN
from tests.integration.query.conftest import Query

pytestmark = pytest.mark.integration

TARGET = f"{PLAN}/m1/starts-50yi@2025"
SUSPENSION = {
    "target": "m1/starts-50yi",
    "area": None,
    "since": "2025-04-01",
    "until": "2025-12-31",
    "reason": {"zh": "防汛停工", "en": "Work stopped for flood control"},
    "approved_by": "示例市人民政府",
    "reference": "示例发〔2025〕9号",
}
TOLD = {
    "since": "2025-04-01",
    "until": "2025-12-31",
    "reason_zh": "防汛停工",
    "reason_en": "Work stopped for flood control",
    "approved_by": "示例市人民政府",
    "reference": "示例发〔2025〕9号",
}


async def suspend(query: Query) -> str:
    """Suspend the target and its latest verdict, as rules would; return the verdict's id."""
    await query.owner.execute(
        "UPDATE rules.target_versions SET definition = definition || $1::jsonb WHERE target_id = $2",
        json.dumps({"suspensions": [SUSPENSION]}),
        TARGET,
    )
    verdict_id = (await query.get(f"/v1/targets/{TARGET}")).json()["verdict"]["id"]
    await query.owner.execute(
        "UPDATE rules.verdicts SET status = 'suspended', light = NULL WHERE verdict_id = $1", verdict_id
    )
    return str(verdict_id)


async def test_a_suspended_target_is_grey_says_why_and_is_counted_apart(query: Query) -> None:
    before = (await query.get(f"/v1/plans/{PLAN}")).json()["targets"]
    verdict_id = await suspend(query)
    target = (await query.get(f"/v1/targets/{TARGET}")).json()
    assert (target["light"], target["suspended"], target["suspensions"]) == ("grey", True, [TOLD])
    assert (target["verdict"]["status"], target["verdict"]["light"]) == ("suspended", "grey")
    assert target["verdict"]["gap"] is not None
    after = (await query.get(f"/v1/plans/{PLAN}")).json()["targets"]
    assert (after["grey"] - before["grey"], after["suspended"], before["suspended"]) == (1, 1, 0)
    assert [one["id"] for one in await query.items(f"/v1/plans/{PLAN}/targets?suspended=true")] == [TARGET]
    others = await query.items(f"/v1/plans/{PLAN}/targets?suspended=false&light=grey")
    assert len(others) == before["grey"]
    verdict = (await query.get(f"/v1/verdicts/{verdict_id}")).json()
    assert (verdict["suspension"], verdict["definition"]["suspensions"]) == (TOLD, [SUSPENSION])
    other = (await query.get("/v1/targets/suqian-2024/m1/starts-10yi@2025")).json()["verdict"]["id"]
    assert (await query.get(f"/v1/verdicts/{other}")).json()["suspension"] is None


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("暂缓", "2025-04-01 至 2025-12-31", "示例市人民政府批准", "依据 示例发〔2025〕9号", "防汛停工")),
        (
            "en",
            ("Suspended", "2025-04-01 to 2025-12-31", "approved by 示例市人民政府", "Work stopped for flood control"),
        ),
    ],
)
async def test_its_pages_show_approver_reason_paper_and_end_with_a_mark_that_is_not_green(
    query: Query, language: str, words: tuple[str, ...]
) -> None:
    verdict_id = await suspend(query)
    for path in (f"/targets/{TARGET}", f"/verdicts/{verdict_id}"):
        page = (await query.get(f"{path}?lang={language}")).text
        assert [one for one in words if one not in page] == [], path
        assert '<span class="badge badge-grey">' in page
        assert "M6 5.5v5M10 5.5v5" in page
        assert ("暂停" in page, "badge-green" in page.partition("</h1>")[2][:400]) == (False, False)
    overview = (await query.get(f"/?plan={PLAN}&lang={language}")).text
    assert 'class="count count-suspended"' in overview
    assert "M6 5.5v5M10 5.5v5" in (await query.get(f"/plans/{PLAN}")).text
    listed = (await query.get(f"/?plan={PLAN}&suspended=true")).text
    assert (f"/targets/{TARGET}" in listed, "starts-10yi@2025" in listed) == (True, False)


async def test_the_alert_says_that_the_plan_suspends_it_and_a_suspension_by_people_says_who_approved(
    query: Query,
) -> None:
    await query.owner.execute(
        "UPDATE alerts.alerts SET state = 'suspended', suspended_until = '2025-12-31', suspension_approver = '示例市人民政府',"
        " suspension_reason = '防汛停工', finding = finding || $1::jsonb WHERE alert_id = $2",
        json.dumps({"suspensions": [TOLD]}),
        ALERT,
    )
    page = (await query.get(f"/alerts/{ALERT}?lang=en")).text
    assert "suspended by the plan" in page
    assert "Work stopped for flood control" in page
    await query.owner.execute("UPDATE alerts.alerts SET suspended_by = '示例甲' WHERE alert_id = $1", ALERT)
    page = (await query.get(f"/alerts/{ALERT}?lang=zh")).text
    assert "至 2025-12-31 · 示例市人民政府批准：防汛停工" in page
    assert "由规划暂缓" not in page


async def test_missing_figures_are_not_excused_by_an_alert_that_rests(query: Query) -> None:
    target = await query.owner.fetchval("SELECT target_id FROM alerts.alerts WHERE alert_id = $1", ALERT)
    await query.owner.execute(
        "UPDATE alerts.alerts SET state = 'suspended', suspended_until = '2025-12-31', suspended_by = '示例甲',"
        " suspension_approver = '示例乙', suspension_reason = '停产' WHERE alert_id = $1",
        ALERT,
    )
    resting = (await query.get(f"/v1/plans/{PLAN}")).json()["targets"]
    assert resting["suspended"] == 1
    verdict = (await query.get(f"/v1/targets/{target}")).json()["verdict"]["id"]
    await query.owner.execute(
        "UPDATE rules.verdicts SET status = 'no_data', light = NULL WHERE verdict_id = $1", verdict
    )
    silent = (await query.get(f"/v1/plans/{PLAN}")).json()["targets"]
    assert (silent["grey"], silent["suspended"]) == (resting["grey"], 0)
    assert await query.items(f"/v1/plans/{PLAN}/targets?suspended=true") == []
    for path in (f"/targets/{target}", f"/plans/{PLAN}"):
        assert "M6 5.5v5M10 5.5v5" not in (await query.get(path)).text.partition('class="legend')[0], path
    assert "暂缓" not in (await query.get(f"/targets/{target}")).text.partition("</h1>")[2][:400]
