"""What an alert about overdue reports says, and that the page of feeds says the same."""

from typing import Any

import pytest

from shared.plans.expand import expand_targets
from shared.plans.loader import load_plan
from tests.fakes.query_alerts import OVERDUE_ALERT, write_overdue
from tests.fakes.query_base import PLAN, ROOT
from tests.integration.query.conftest import Query


@pytest.fixture
async def overdue(query: Query) -> Query:
    targets = expand_targets(load_plan(ROOT / "plans" / PLAN))
    await write_overdue(query.owner, {target.id: target for target in targets})
    return query


async def test_the_alert_lists_the_missing_reports_and_has_no_judgement(overdue: Query) -> None:
    alert: dict[str, Any] = (await overdue.get(f"/v1/alerts/{OVERDUE_ALERT}")).json()
    assert (alert["kind"], alert["target_id"], alert["finding"]["judgement"]) == ("feed_overdue", "feed/projects", None)
    assert [one["entity"] for one in alert["finding"]["subjects"]] == ["2025-09", "2025-10"]


async def test_its_page_shows_them_in_both_languages_and_leads_to_the_feeds(overdue: Query) -> None:
    for language, words in (("zh", "逾期未报的各期"), ("en", "Reports that are missing")):
        page = (await overdue.get(f"/alerts/{OVERDUE_ALERT}?lang={language}")).text
        assert words in page
        assert "2025年9月项目报表" in page
        assert 'href="/feeds"' in page
        assert "/enterprises/2025-09" not in page
        assert "/targets/feed" not in page
        assert ("报送时限" if language == "zh" else "When it is due") in page
    assert "报表逾期未报" in (await overdue.get(f"/alerts/{OVERDUE_ALERT}?lang=zh")).text


async def test_the_list_of_alerts_holds_it(overdue: Query) -> None:
    page = (await overdue.get("/alerts")).text
    assert f"/alerts/{OVERDUE_ALERT}" in page


async def test_the_feeds_mark_as_overdue_what_the_alert_presses_for(overdue: Query) -> None:
    city: dict[str, Any] = (await overdue.get("/v1/feeds")).json()["items"][0]
    cells = {(one["period"], cell["feed"]): cell["arrival"] for one in city["periods"] for cell in one["feeds"]}
    assert cells["2025-09", "projects"] == cells["2025-10", "projects"] == "overdue"
    assert cells["2024-08", "projects"] == "missing"
    assert city["missing"] == 3
    assert "逾期未报" in (await overdue.get("/feeds")).text
