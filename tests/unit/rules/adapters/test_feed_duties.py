"""Who owes which feed, by the real plans and the real calendar."""

from pathlib import Path

import pytest

from services.rules.adapters.feed_duties import read_duties
from services.rules.domain.duty import Duties
from services.rules.domain.feed import Feed
from shared.kernel.period import Grain

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture(scope="module")
def duties() -> Duties:
    return read_duties(ROOT / "plans", ROOT / "data")


def test_the_unit_that_the_directory_names_owes_the_feed(duties: Duties) -> None:
    (unit,) = duties.cities["321300"].units[Feed.ENTERPRISES]
    assert (unit.name, unit.answers) == ("市统计局", True)


def test_where_nobody_is_named_the_plans_office_is_told(duties: Duties) -> None:
    units = duties.cities["321200"].units[Feed.ENTERPRISES]
    assert [unit.name for unit in units] == ["市工业和信息化局", "市委考核办"]
    assert [unit.name for unit in units if unit.answers] == ["市工业和信息化局"]


def test_every_feed_of_every_city_is_owed_by_somebody_to_a_plan(duties: Duties) -> None:
    assert set(duties.cities) == {"320600", "320700", "321200", "321300"}
    for duty in duties.cities.values():
        assert duty.plan.title
        assert duty.last_year >= 2025
        assert all(duty.units[feed] for feed in Feed)


def test_the_clause_says_when_a_report_is_due_and_that_it_is_no_citys_rule(duties: Duties) -> None:
    clause = duties.clause(Feed.PROJECTS, Grain.MONTH)
    assert clause.quote == "项目报表月报（1—2月合并）：期末次月第8个工作日前报送"
    assert clause.title == "报送日历（本软件默认值）"
    assert "28日前报送" in duties.clause(Feed.ENTERPRISES, Grain.MONTH).quote
    assert duties.clause(Feed.RATINGS, Grain.MONTH).quote == ""


def test_figures_entered_once_are_no_monthly_duty(duties: Duties) -> None:
    assert (duties.owed_after.get(Feed.INDICATORS), duties.red_after) == (2, 5)
