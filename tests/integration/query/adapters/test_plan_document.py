"""A plan in its document's own order: API and page say the same, and leave no clause and no number out."""

import re

import pytest

from shared.kernel.ids import text_hash
from shared.plans.mention import Restatement, Target, Unmonitored
from tests.fakes.query import plan, plan_row
from tests.fakes.query_base import PLAN, insert
from tests.integration.query.conftest import Query

pytestmark = pytest.mark.integration

PAGE = f"/plans/{PLAN}"
API = f"/v1/plans/{PLAN}/document"


async def test_every_clause_and_number_of_the_plan_stands_in_the_order_of_the_document(query: Query) -> None:
    found = (await query.get(API)).json()
    clauses = [clause for chapter in found["chapters"] for clause in chapter["clauses"]]

    assert [clause["id"] for clause in clauses] == [clause.id for clause in plan().clauses]
    for told, clause in zip(clauses, plan().clauses, strict=True):
        numbers: tuple[Target | Restatement | Unmonitored, ...] = (
            *clause.targets,
            *clause.restatements,
            *clause.unmonitored,
        )
        assert [number["id"] for number in told["numbers"]] == [f"{clause.id}/{number.slug}" for number in numbers]
        assert [number["quote"] for number in told["numbers"]] == [number.quote for number in numbers]
        assert sum(len(fact["values"]) for fact in told["facts"]) == sum(len(fact.values) for fact in clause.facts)


async def test_a_number_leads_to_its_quote_its_units_and_the_lights_of_its_years(query: Query) -> None:
    found = (await query.get(API)).json()
    m1 = next(clause for chapter in found["chapters"] for clause in chapter["clauses"] if clause["id"] == "m1")
    starts = next(number for number in m1["numbers"] if number["id"] == "m1/starts-10yi")

    assert m1["units"]["support"] == ["市商务局", "市发展改革委", "市工业和信息化局"]
    assert (starts["quote"], starts["quote_sha256"]) == ("10亿元以上项目60个", text_hash("10亿元以上项目60个"))
    assert (starts["value"], starts["unit"], starts["feeds"], starts["monitorable"]) == (
        "60",
        "个",
        ["projects"],
        "now",
    )
    assert [one["year"] for one in starts["judged"]] == [2024, 2025]
    for one in starts["judged"]:
        assert (await query.get(f"/v1/targets/{one['id']}")).json()["light"] == one["light"]


async def test_what_cannot_be_monitored_says_why_and_what_would_be_needed(query: Query) -> None:
    found = (await query.get(API)).json()
    numbers = [one for chapter in found["chapters"] for clause in chapter["clauses"] for one in clause["numbers"]]
    cannot = [number for number in numbers if number["kind"] == "unmonitored"]

    assert found["monitorable"]["cannot"] == len(cannot) > 0
    assert all(number["reason_code"] and number["reason_zh"] and number["reason_en"] for number in cannot)
    energy = next(number for number in numbers if number["id"] == "table/8")
    assert (energy["monitorable"], energy["value"]) == ("needs_data", None)
    assert "省定目标" in energy["reason_zh"]


async def test_a_restatement_leads_to_the_target_it_repeats_and_shows_its_lights(query: Query) -> None:
    found = (await query.get(API)).json()
    numbers = {
        one["id"]: one for chapter in found["chapters"] for clause in chapter["clauses"] for one in clause["numbers"]
    }
    again = [number for number in numbers.values() if number["kind"] == "restatement"]

    assert again
    assert all(number["judged"] == numbers[number["restates"]]["judged"] for number in again)


async def test_each_contradiction_is_marked_at_its_numbers(query: Query) -> None:
    found = (await query.get(API)).json()
    numbers = {
        one["id"]: one for chapter in found["chapters"] for clause in chapter["clauses"] for one in clause["numbers"]
    }

    assert found["contradictions"]
    for place, one in enumerate(found["contradictions"]):
        own = [ref for ref in one["between"] if ref in numbers]
        assert all(place in numbers[ref]["contradictions"] for ref in own)
        assert len(one["quotes"]) == len(one["between"])


async def test_a_contradiction_with_another_plan_of_the_city_stands_in_both(query: Query) -> None:
    await insert(query.owner, "rules.plan_versions", [plan_row(plan("suqian-145"))])
    here = (await query.get(API)).json()
    there = (await query.get("/v1/plans/suqian-145/document")).json()
    shared = [one for one in here["contradictions"] if any(ref.startswith("suqian-145:") for ref in one["between"])]

    assert shared
    assert here["other_plans"] == ["suqian-145"]
    for one in shared:
        seen = [ref.removeprefix("suqian-145:") if ":" in ref else f"{PLAN}:{ref}" for ref in one["between"]]
        place = next(place for place, other in enumerate(there["contradictions"]) if other["between"] == seen)
        numbers = [one for chapter in there["chapters"] for clause in chapter["clauses"] for one in clause["numbers"]]
        assert all(place in number["contradictions"] for number in numbers if number["id"] in seen)
    assert 'href="/plans/suqian-145#' in (await query.get(PAGE)).text


async def test_the_page_shows_all_of_it_in_order(query: Query) -> None:
    found = (await query.get(API)).json()
    html = (await query.get(PAGE)).text
    places = [html.index(f'id="{clause["id"]}"') for chapter in found["chapters"] for clause in chapter["clauses"]]

    assert places == sorted(places)
    for chapter in found["chapters"]:
        for clause in chapter["clauses"]:
            for number in clause["numbers"]:
                assert f'id="{number["id"]}"' in html
    assert len(re.findall(r'<details class="quote-details">', html)) == sum(
        len(clause["numbers"]) for chapter in found["chapters"] for clause in chapter["clauses"]
    )
    assert html.count('id="contradiction-') == len(found["contradictions"])


async def test_an_unknown_plan_is_not_found(query: Query) -> None:
    assert (await query.get("/v1/plans/nowhere/document")).status_code == 404
    assert (await query.get("/plans/nowhere")).status_code == 404
