"""REST: what every read and list promises, and the contents of each resource."""

import json
import time
from typing import Any

import pytest

from shared.kernel.ids import text_hash
from shared.plans.expand import expand_targets
from tests.fakes.query import plan
from tests.fakes.query_alerts import ALERT, CLOSED_ALERT, write_many
from tests.fakes.query_base import PLAN
from tests.fakes.query_corrections import PROJECT_CORRECTION
from tests.fakes.query_entities import FIRM, PROJECT
from tests.integration.query.conftest import Query

pytestmark = pytest.mark.integration

TARGET = f"{PLAN}/m1/starts-10yi@2025"
LISTS = (
    "/v1/plans",
    f"/v1/plans/{PLAN}/targets",
    f"/v1/targets/{TARGET}/verdicts",
    "/v1/indicators",
    "/v1/indicators/listed-companies/values",
    "/v1/signals",
    "/v1/alerts",
    "/v1/enterprises",
    "/v1/projects",
    "/v1/recognitions",
    "/v1/submissions",
    "/v1/corrections",
    f"/v1/enterprises/{FIRM}/versions",
    f"/v1/enterprises/{FIRM}/ratings/versions",
    f"/v1/enterprises/{FIRM}/recognitions/versions",
    f"/v1/projects/{PROJECT}/versions",
    f"/v1/targets/{TARGET}/verdicts?history=true",
    "/v1/indicators/listed-companies/values?includeHistory=true",
    "/v1/indicators/listed-companies/values?updatedAfter=2020-01-01",
    "/v1/feeds",
)
CURSORED = tuple(path for path in LISTS if path != "/v1/feeds")
READS = (
    *LISTS,
    f"/v1/plans/{PLAN}",
    f"/v1/targets/{TARGET}",
    f"/v1/alerts/{ALERT}",
    f"/v1/enterprises/{FIRM}",
    f"/v1/projects/{PROJECT}",
    f"/v1/submissions/{PROJECT_CORRECTION}",
)


async def test_every_read_has_a_tag_and_answers_304_to_it(query: Query) -> None:
    for path in READS:
        first = await query.get(path)
        assert first.status_code == 200, first.text
        again = await query.client.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b""), path


async def test_every_list_pages_one_by_one_to_the_same_items_in_the_same_order(query: Query) -> None:
    for path in CURSORED:
        mark = "&" if "?" in path else "?"
        whole = (await query.get(f"{path}{mark}limit=500")).json()
        assert whole["next"] is None
        assert whole["items"], path
        assert await query.items(f"{path}{mark}limit=1") == whole["items"], path


@pytest.mark.parametrize(
    "parameter", ["cursor=nonsense", "limit=0", "limit=501", "as_of=2999-01-01", "as_of=yesterday", "unknown=1"]
)
async def test_every_list_refuses_foreign_cursors_and_parameters_it_does_not_know(query: Query, parameter: str) -> None:
    for path in CURSORED:
        answer = await query.get(f"{path}{'&' if '?' in path else '?'}{parameter}")
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), path
        assert answer.json()["type"].startswith("urn:planwatch:problem:")


async def test_an_unknown_thing_is_a_problem_in_the_readers_language(query: Query) -> None:
    for path in (
        "/v1/plans/none",
        "/v1/plans/none/targets",
        "/v1/targets/none/m1/x@2024",
        "/v1/targets/none/m1/x@2024/verdicts",
        "/v1/verdicts/none",
        "/v1/indicators/none/values",
        "/v1/alerts/none",
        "/v1/enterprises/none",
        "/v1/projects/none",
        "/v1/projects/none/versions",
        "/v1/enterprises/none/versions",
        "/v1/enterprises/none/ratings/versions",
        "/v1/enterprises/none/recognitions/versions",
        "/v1/submissions/none",
        "/v1/indicators/none/values?includeHistory=true",
        "/v1/nothing",
    ):
        chinese, english = await query.get(path), await query.client.get(path, headers={"Accept-Language": "en"})
        assert (chinese.status_code, english.status_code) == (404, 404), path
        assert chinese.json()["type"] == english.json()["type"]
        assert chinese.json()["title"] != english.json()["title"]


async def test_every_list_is_empty_before_anything_arrived(empty: Query) -> None:
    for path in (path for path in LISTS if path.count("/") == 2):
        assert (await empty.get(path)).json() == {"items": [], "next": None}, path


async def test_no_number_of_an_answer_is_a_binary_fraction(query: Query) -> None:
    for path in READS:
        json.loads((await query.get(path)).text, parse_float=_refuse)


def _refuse(written: str) -> float:
    raise AssertionError(f"a decimal travels as a number: {written}")


async def test_a_plan_counts_its_targets_by_light_and_names_its_document(query: Query) -> None:
    found = (await query.get(f"/v1/plans/{PLAN}")).json()
    assert found["document_number"] == "宿政发〔2024〕15号"
    assert found["city_name"] == "宿迁市"
    assert found["years"] == [2024, 2025, 2030]
    assert sum(found["targets"].values()) == len(expand_targets(plan()))
    assert found["targets"]["red"] == 2


async def test_targets_come_in_natural_order_and_can_be_filtered_by_light_and_year(query: Query) -> None:
    rows = [one["id"] for one in await query.items(f"/v1/plans/{PLAN}/targets")]
    table = [str(one).split("/")[-1] for one in rows if "/table/" in str(one)]
    assert table == [f"{number}@2025" for number in range(1, 12)]
    red = await query.items(f"/v1/plans/{PLAN}/targets?light=red")
    assert [one["id"] for one in red] == [f"{PLAN}/m1/starts-50yi@2025", f"{PLAN}/m20/{_net_slug()}@2024"]
    assert {one["year"] for one in await query.items(f"/v1/plans/{PLAN}/targets?year=2024")} == {2024}


def _net_slug() -> str:
    return next(
        target.definition.slug
        for target in expand_targets(plan())
        if target.clause.id == "m20" and target.definition.pace.kind == "stepped"
    )


async def test_a_target_says_its_clause_quote_units_and_where_it_stands(query: Query) -> None:
    found = (await query.get(f"/v1/targets/{TARGET}")).json()
    assert found["clause"]["quote"] == "10亿元以上项目60个"
    assert found["clause"]["quote_sha256"] == text_hash("10亿元以上项目60个")
    assert found["units"][0] == {"name": "市商务局", "role": "support", "answers": True}
    verdict = found["verdict"]
    assert (verdict["period"], verdict["status"], found["light"]) == ("2025-08", "behind", "yellow")
    assert (verdict["expected"], verdict["actual"], verdict["gap"]) == ("40", "27", "-13")


async def test_a_target_stands_beside_its_figure_of_a_year_earlier(query: Query) -> None:
    then = (await query.get(f"/v1/targets/{TARGET}?as_of=2025-08-20")).json()
    before = then["year_before"]
    assert (then["verdict"]["period"], then["verdict"]["actual"]) == ("2025-06", "21")
    assert (before["target_id"], before["period"], before["actual"]) == (f"{TARGET[:-4]}2024", "2024-06", "30")
    assert (await query.get(f"/v1/verdicts/{before['verdict_id']}")).json()["actual"] == "30"
    page = (await query.get(f"/targets/{TARGET}?as_of=2025-08-20")).text
    assert f'href="/verdicts/{before["verdict_id"]}' in page
    assert "上年同期（2024年6月）30" in page


async def test_where_nothing_was_told_a_year_earlier_nothing_stands_beside_the_figure(query: Query) -> None:
    assert (await query.get(f"/v1/targets/{TARGET}")).json()["year_before"] is None
    assert "上年同期" not in (await query.get(f"/targets/{TARGET}")).text


async def test_a_target_the_plan_dropped_is_listed_no_more_and_says_so(query: Query) -> None:
    await query.owner.execute(
        "INSERT INTO rules.plan_versions SELECT plan_id, 2, title, document_number, issuer, issued_on, city, text_sha256,"
        " effective_on, '2', jsonb_set(document, '{target_ids}', (document -> 'target_ids') - $1::text), recorded_at"
        " FROM rules.plan_versions WHERE version = 1",
        TARGET,
    )
    rows = [one["id"] for one in await query.items(f"/v1/plans/{PLAN}/targets")]
    assert TARGET not in rows
    assert rows
    assert (await query.get(f"/v1/targets/{TARGET}")).json()["withdrawn"] is True
    assert sum((await query.get(f"/v1/plans/{PLAN}")).json()["targets"].values()) == len(expand_targets(plan())) - 1


async def test_a_verdict_names_its_inputs_figures_and_the_version_of_the_target(query: Query) -> None:
    verdict = (await query.get(f"/v1/targets/{TARGET}")).json()["verdict"]
    found = (await query.get(f"/v1/verdicts/{verdict['id']}")).json()
    assert found["target"]["version"] == verdict["target_version"]
    assert found["target"]["clause"]["quote_sha256"] == text_hash(found["target"]["clause"]["quote"])
    assert found["figures"][0]["submissions"] == found["inputs"][0]["submissions"]
    assert found["current"] is True


async def test_signals_are_filtered_by_kind_period_area_rule_and_clause(query: Query) -> None:
    everything = await query.items("/v1/signals")
    assert len(everything) == 4
    for name, value in (
        ("kind", "project_start"),
        ("rule", f"{PLAN}/m1/start-50yi"),
        ("clause", f"{PLAN}/m1"),
        ("period", "2024-03"),
        ("entity", PROJECT),
    ):
        assert [one["entity"] for one in await query.items(f"/v1/signals?{name}={value}")] == [PROJECT]
    assert await query.items("/v1/signals?area=321302") == []
    assert await query.items(f"/v1/signals?clause={PLAN}/m") == []


async def test_a_signal_that_ended_is_not_listed(query: Query) -> None:
    columns = (
        "signal_id, rule_id, plan_id, kind, area, city, period, period_end, entity, entity_name, detail, simulated"
    )
    await query.owner.execute(
        f"INSERT INTO rules.signals ({columns}, active, fingerprint, recorded_at)"
        f" SELECT {columns}, false, 'ended', now() FROM rules.signals WHERE entity = $1",
        PROJECT,
    )
    assert PROJECT not in [one["entity"] for one in await query.items("/v1/signals")]


async def test_alerts_are_filtered_by_state_severity_and_unit(query: Query) -> None:
    assert len(await query.items("/v1/alerts?state=open&state=acknowledged")) == 2
    assert [one["state"] for one in await query.items("/v1/alerts?state=closed")] == ["closed"]
    assert [one["id"] for one in await query.items("/v1/alerts?severity=red&unit=市商务局")] == [ALERT]
    assert await query.items("/v1/alerts?unit=没有的单位") == []
    assert (await query.get("/v1/alerts?state=nonsense")).status_code == 422


async def test_an_alert_carries_its_finding_history_and_notices(query: Query) -> None:
    found = (await query.get(f"/v1/alerts/{ALERT}")).json()
    assert found["finding"]["clause"]["quote"] == "50亿元以上项目10个"
    assert [event["change"] for event in found["history"]] == ["opened", "worsened"]
    assert sorted(notice["state"] for notice in found["notices"]) == ["failed", "queued", "sent"]


async def test_ten_thousand_alerts_page_quickly_without_gap_or_repeat(query: Query) -> None:
    await write_many(query.owner, {target.id: target for target in expand_targets(plan())}, 10_000)
    ids = [one["id"] for one in await query.items("/v1/alerts?limit=500")]
    assert len(ids) == len(set(ids)) == 10_003
    started = time.perf_counter()
    await query.get("/v1/alerts?state=open&severity=yellow")
    assert time.perf_counter() - started < 0.5


async def test_feeds_show_what_is_missing_and_what_is_not_read_to_its_end(query: Query) -> None:
    city: dict[str, Any] = (await query.get("/v1/feeds")).json()["items"][0]
    cells = {(one["period"], cell["feed"]): cell["arrival"] for one in city["periods"] for cell in one["feeds"]}
    assert city["missing"] == 1
    assert cells["2024-08", "projects"] == "missing"
    assert cells["2025-08", "enterprises"] == "incomplete"
    assert cells["2024", "ratings"] == "complete"


async def test_a_firm_shows_its_reports_and_ratings(query: Query) -> None:
    found = (await query.get(f"/v1/enterprises/{FIRM}")).json()
    assert (found["period"], found["area_name"]) == ("2025-07", "沭阳县")
    assert [(one["year"], one["class"]) for one in found["ratings"]] == [(2024, "D"), (2023, "C")]


async def test_a_firm_shows_its_titles_the_newest_first_and_none_that_left(query: Query) -> None:
    titles = (await query.get(f"/v1/enterprises/{FIRM}")).json()["recognitions"]
    assert [(one["kind"], one["level"], one["batch"], one["granted_on"], one["revoked_on"]) for one in titles] == [
        ("national_giant", "national", "第六批", "2024-09-02", None),
        ("cloud_star", "star_4", "2023年第一批", "2023-06-12", "2024-09-18"),
    ]
    assert (titles[0]["kind_name_zh"], titles[1]["kind_name_en"]) == (
        "国家级专精特新“小巨人”企业",
        "star-rated cloud user",
    )
    assert (titles[1]["name"], titles[1]["area_name"]) == (None, "沭阳县")


async def test_titles_are_filtered_by_kind_level_and_area(query: Query) -> None:
    for given, kinds in (
        ("", ["cloud_star", "national_giant"]),
        ("?limit=1", ["cloud_star", "national_giant"]),
        ("?kind=national_giant", ["national_giant"]),
        ("?level=star_4&area=321322", ["cloud_star"]),
        ("?area=321323", []),
    ):
        assert [one["kind"] for one in await query.items(f"/v1/recognitions{given}")] == kinds, given


async def test_openapi_documents_every_route_its_problems_and_its_304(query: Query) -> None:
    paths = (await query.get("/openapi.json")).json()["paths"]
    reads = {path: methods for path, methods in paths.items() if path.startswith("/v1/")}
    assert len(reads) == 28
    assert all({"200", "304", "422", "503"} <= set(methods["get"]["responses"]) for methods in reads.values())
    for path, methods in reads.items():
        assert "as_of" in {parameter["name"] for parameter in methods["get"]["parameters"]}, path
        assert "Planwatch-As-Of" in methods["get"]["responses"]["200"]["headers"], path
    assert "/alerts" not in paths


async def test_requests_are_counted_by_route_template(query: Query) -> None:
    await query.get(f"/v1/targets/{TARGET}")
    await query.get("/v1/nothing")
    metrics = (await query.get("/metrics")).text
    assert 'query_requests_total{route="/v1/targets/{target_id:path}",status="200"} 1.0' in metrics
    assert 'query_requests_total{route="other",status="404"} 1.0' in metrics
    assert 'query_requests_total{route="/v1/signals",status="200"} 0.0' in metrics


async def test_a_red_run_made_good_is_yellow_with_memory_and_a_suspended_light_is_none(query: Query) -> None:
    found = await query.items("/v1/plans/suqian-2024/targets?light=green")
    green = next(one for one in found if one["breaches"] == 0)
    assert not green["made_good"]
    update = (
        "UPDATE alerts.alerts SET target_id = $1, state = 'made_good', closed_at = updated_at, ground = 'data_recovered'"
        " WHERE alert_id = $2"
    )
    await query.owner.execute(update, green["id"], CLOSED_ALERT)
    remembered = (await query.get(f"/v1/targets/{green['id']}")).json()
    assert (remembered["light"], remembered["made_good"], remembered["breaches"]) == ("yellow", True, 1)
    assert remembered["verdict"]["light"] == "green"
    assert "已补上（曾亮红灯）" in (await query.get(f"/targets/{green['id']}")).text
    lagging = "suqian-2024/m1/starts-50yi@2025"
    await query.owner.execute("UPDATE alerts.alerts SET state = 'suspended' WHERE alert_id = $1", ALERT)
    suspended = (await query.get(f"/v1/targets/{lagging}")).json()
    assert (suspended["light"], suspended["suspended"]) == ("grey", True)
