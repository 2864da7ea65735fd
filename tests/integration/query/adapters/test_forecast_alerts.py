"""What an alert about a target that will hardly be attained says."""

from typing import Any

import pytest

from shared.plans.expand import expand_targets
from shared.plans.loader import load_plan
from tests.fakes.query_alerts import FORECAST_ALERT, SETTLED_ALERT, write_foreseen
from tests.fakes.query_base import PLAN, ROOT
from tests.integration.query.conftest import Query

TARGET = "suqian-2024/m1/starts-50yi@2025"


@pytest.fixture
async def foreseen(query: Query) -> Query:
    targets = expand_targets(load_plan(ROOT / "plans" / PLAN))
    await write_foreseen(query.owner, {target.id: target for target in targets})
    return query


async def test_the_alert_says_what_is_expected_how_surely_and_below_which_bound(foreseen: Query) -> None:
    alert: dict[str, Any] = (await foreseen.get(f"/v1/alerts/{FORECAST_ALERT}")).json()
    assert (alert["kind"], alert["target_id"]) == ("forecast", TARGET)
    told = alert["finding"]["forecast"]
    assert (told["point"], told["low"], told["high"], told["probability"]) == ("4", "2", "7", "0.0123")
    assert (told["below"], told["hold"], told["in_a_row"]) == ("0.5", 2, 2)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("预测难以完成", "80%区间", "1.23%", "完成概率连续2期低于50%即预警；至此连续2期低于该界限。")),
        ("en", ("Unlikely to be attained", "80 % interval", "1.23%", "below 50 % in 2 periods in a row; so far in 2.")),
    ],
)
async def test_its_page_shows_it_in_both_languages_and_leads_to_the_target(
    foreseen: Query, language: str, words: tuple[str, ...]
) -> None:
    page = (await foreseen.get(f"/alerts/{FORECAST_ALERT}?lang={language}")).text
    for phrase in words:
        assert phrase in page
    assert f'href="/targets/{TARGET}' in page.replace("%40", "@")


async def test_lists_of_alerts_say_of_which_kind_it_is(foreseen: Query) -> None:
    for path in ("/alerts", f"/targets/{TARGET}"):
        assert "预测难以完成" in (await foreseen.get(path)).text


async def test_what_the_end_of_the_year_settled_did_not_recover(foreseen: Query) -> None:
    alert: dict[str, Any] = (await foreseen.get(f"/v1/alerts/{SETTLED_ALERT}")).json()
    assert (alert["state"], alert["ground"]) == ("closed", "outcome_known")
    assert "已不再需要预测：期末已评判，或规划不再设界限" in (await foreseen.get(f"/alerts/{SETTLED_ALERT}")).text
