"""The pages as HTML: the same facts as the API, safe against user text, and the acknowledgement form."""

import re

import pytest

from services.query.adapters.pages.language import COOKIE
from services.query.adapters.security_headers import CONTENT_SECURITY_POLICY
from tests.fakes.query_alerts import ALERT, CLOSED_ALERT, D_ALERT
from tests.fakes.query_base import PLAN
from tests.fakes.query_entities import FIRM, PROJECT
from tests.fakes.query_shadows import SHADOW
from tests.integration.query.conftest import Query

pytestmark = pytest.mark.integration

TARGET = f"/targets/{PLAN}/m1/starts-10yi@2025"
PAGES = (
    "/",
    f"/plans/{PLAN}",
    TARGET,
    "/alerts?state=all",
    f"/alerts/{ALERT}",
    f"/alerts/{CLOSED_ALERT}",
    f"/alerts/{D_ALERT}",
    "/signals",
    "/feeds",
    f"/enterprises/{FIRM}",
    f"/projects/{PROJECT}",
    "/corrections",
    "/shadows",
    f"/shadows/{SHADOW}",
    f"{TARGET}?as_of=2025-06-30",
    "/alerts?state=all&as_of=2025-06-30",
)
OWN = {"Origin": "http://query.example"}
FORM = {"actor": "模拟签收人", "unit": "市商务局", "comment": "已知悉"}


async def test_every_page_is_complete_in_both_languages_and_carries_no_inline_script_or_style(query: Query) -> None:
    for path in PAGES:
        mark = "&" if "?" in path else "?"
        for language, lang in (("zh", "zh-CN"), ("en", "en")):
            answer = await query.get(f"{path}{mark}lang={language}")
            assert answer.status_code == 200, (path, answer.text)
            assert f'<html lang="{lang}">' in answer.text
            assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
            assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", answer.text), path
            assert "unsafe-inline" not in answer.headers["content-security-policy"]


async def test_every_page_names_simulated_data_in_plain_words(query: Query) -> None:
    for path in PAGES:
        assert "模拟数据" in (await query.get(path)).text, path


async def test_the_chosen_language_is_remembered_and_chinese_is_the_default(query: Query) -> None:
    assert "规划目标监测" in (await query.client.get("/alerts", headers={"Accept-Language": "en"})).text
    chosen = await query.get("/alerts?lang=en")
    assert f"{COOKIE}=en" in chosen.headers["set-cookie"]
    assert "samesite=lax" in chosen.headers["set-cookie"].lower()
    assert "Plan monitoring" in (await query.get("/alerts")).text


async def test_the_language_switch_keeps_filters(query: Query) -> None:
    assert (
        'href="/alerts?state=all&amp;severity=red&amp;lang=en"'
        in (await query.get("/alerts?state=all&severity=red")).text
    )


async def test_empty_pages_say_what_will_appear(empty: Query) -> None:
    for path, words in (
        ("/", "还没有载入任何规划"),
        ("/alerts", "没有符合条件的预警"),
        ("/signals", "没有符合条件的事件"),
        ("/feeds", "还没有收到任何报送"),
    ):
        answer = await empty.get(path)
        assert answer.status_code == 200
        assert words in answer.text
        assert "模拟数据" not in answer.text


async def test_a_form_that_leaves_filters_empty_shows_everything(query: Query) -> None:
    assert (await query.get(f"/?plan={PLAN}&year=&light=")).status_code == 200
    assert (await query.get("/alerts?state=active&severity=&unit=")).status_code == 200


async def test_errors_are_pages_here_and_problems_under_v1(query: Query) -> None:
    for path, status in (
        ("/nothing", 404),
        ("/targets/none", 404),
        ("/alerts?limit=0", 422),
        ("/alerts?cursor=x", 422),
    ):
        answer = await query.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8"), path
        assert "回到总览" in answer.text
        assert re.search(r"反馈问题时请附上编号 \w+", answer.text)
    assert (await query.get("/v1/nothing")).headers["content-type"] == "application/problem+json"


async def test_text_of_users_is_shown_never_run(query: Query) -> None:
    attack = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    await query.owner.execute("UPDATE rules.enterprise_versions SET name = $1", attack)
    await query.owner.execute("UPDATE alerts.alert_events SET comment = $1, actor = $1", attack)
    await query.owner.execute("UPDATE rules.signals SET entity_name = $1", attack)
    for path in (f"/enterprises/{FIRM}", f"/alerts/{ALERT}", "/signals"):
        answer = await query.get(path)
        assert "&lt;script&gt;alert(1)" in answer.text, path
        assert "<script>alert" not in answer.text
        assert "<img" not in answer.text


async def test_an_acknowledgement_goes_to_alerts_and_the_page_says_so(query: Query) -> None:
    answer = await query.client.post(f"/alerts/{ALERT}/acknowledge", data=FORM, headers=OWN)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/alerts/{ALERT}?done=acknowledged#acknowledge")
    assert [(one.alert_id, one.actor, one.unit, one.comment, one.seen) for one in query.actions.taken] == [
        (ALERT, "模拟签收人", "市商务局", "已知悉", None)
    ]
    assert "签收已记录" in (await query.get(f"/alerts/{ALERT}?done=acknowledged")).text


async def test_the_form_says_what_the_page_showed(query: Query) -> None:
    history = (await query.get(f"/v1/alerts/{ALERT}")).json()["history"]
    assert f'name="seen" value="{history[-1]["id"]}"' in (await query.get(f"/alerts/{ALERT}")).text
    await query.client.post(f"/alerts/{ALERT}/acknowledge", data={**FORM, "seen": history[-1]["id"]}, headers=OWN)
    assert query.actions.taken[0].seen == history[-1]["id"]


async def test_a_refused_acknowledgement_shows_why_and_keeps_what_was_entered(query: Query) -> None:
    blank = await query.client.post(f"/alerts/{ALERT}/acknowledge", data={**FORM, "actor": " "}, headers=OWN)
    assert blank.status_code == 422
    assert "请填写签收人姓名" in blank.text
    assert "已知悉</textarea>" in blank.text
    closed = await query.client.post(f"/alerts/{CLOSED_ALERT}/acknowledge", data=FORM, headers=OWN)
    assert closed.status_code == 409
    assert "该预警已关闭" in closed.text
    assert query.actions.taken == []


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://evil.example"}, {"Origin": "null"}])
async def test_a_form_of_another_site_is_refused(query: Query, headers: dict[str, str]) -> None:
    answer = await query.client.post(f"/alerts/{ALERT}/acknowledge", data=FORM, headers=headers)
    assert answer.status_code == 403
    assert query.actions.taken == []


async def test_an_overlong_form_is_refused(query: Query) -> None:
    form = {**FORM, "comment": "字" * 20_000}
    assert (await query.client.post(f"/alerts/{ALERT}/acknowledge", data=form, headers=OWN)).status_code == 413
    assert query.actions.taken == []


async def test_a_firms_page_names_its_titles_in_both_languages(query: Query) -> None:
    chinese, english = await query.get(f"/enterprises/{FIRM}?lang=zh"), await query.get(f"/enterprises/{FIRM}?lang=en")
    for words in ("国家级专精特新“小巨人”企业", "国家级", "第六批", "星级上云企业", "四星级", "2024-09-18"):
        assert words in chinese.text, words
    for words in ("national specialised and innovative little giant", "star-rated cloud user", "four stars"):
        assert words in english.text, words
    assert "制造业单项冠军企业" not in chinese.text


async def test_a_page_of_then_says_so_at_its_top_and_leads_back_to_now(query: Query) -> None:
    for path in ("/", f"/plans/{PLAN}", TARGET, "/alerts", f"/alerts/{ALERT}", "/signals", "/feeds", "/corrections"):
        then = await query.get(f"{path}?as_of=2025-06-30")
        assert then.status_code == 200, path
        assert "截至2025-06-30 23:59（北京时间）所知" in then.text, path
        assert f'<a href="{path}">回到现在</a>' in then.text, path
        assert then.headers["planwatch-as-of"] == "2025-06-30T15:59:59.999999Z"
        assert "回到现在" not in (await query.get(path)).text


async def test_every_link_of_a_page_of_then_but_the_one_back_leads_to_then(query: Query) -> None:
    for path in ("/", TARGET, "/alerts?state=all", "/corrections"):
        html = (await query.get(f"{path}{'&' if '?' in path else '?'}as_of=2025-06-30")).text
        links = re.findall(r'<a [^>]*href="(/[^"]*)"', html)
        elsewhere = [link for link in links if "as_of=2025-06-30" not in link and not link.startswith("/openapi")]
        assert elsewhere == [path], path


async def test_what_was_open_then_cannot_be_acknowledged_from_the_past(query: Query) -> None:
    assert "<textarea" in (await query.get(f"/alerts/{ALERT}")).text
    then = await query.get(f"/alerts/{ALERT}?as_of=2025-06-30")
    assert "<textarea" not in then.text
    assert "请先回到现在" in then.text


async def test_an_instant_of_the_future_is_refused_with_a_page(query: Query) -> None:
    answer = await query.get("/alerts?as_of=2999-01-01")
    assert answer.status_code == 422
    assert "尚未到来" in answer.text


async def test_the_chart_of_then_is_given_both_histories(query: Query) -> None:
    html = (await query.get(f"{TARGET}?as_of=2025-06-30")).text
    assert f'data-source="/v1{TARGET}/verdicts?limit=500"' in html
    assert f'data-then="/v1{TARGET}/verdicts?limit=500&amp;as_of=2025-06-30"' in html
    assert "data-then" not in (await query.get(TARGET)).text


async def test_corrections_are_listed_with_who_when_and_why(query: Query) -> None:
    html = (await query.get("/corrections")).text
    for words in ("差错更正", "市发展改革委更正函（模拟）", "simulated-projects.example", "第五次全国经济普查修订"):
        assert words in html
    assert 'href="/corrections"' in (await query.get("/")).text
    assert "差错更正" not in (await query.get("/corrections?feed=indicators")).text


@pytest.mark.parametrize(
    ("state", "words"),
    [("retracted", "已撤回（因数据修订）"), ("made_good", "已补上（曾亮红灯）"), ("suspended", "暂缓")],
)
async def test_the_new_states_of_an_alert_are_marked_in_the_list_and_on_its_page(
    query: Query, state: str, words: str
) -> None:
    ended = "closed_at = updated_at, ground = 'data_corrected'," if state != "suspended" else ""
    await query.owner.execute(
        f"UPDATE alerts.alerts SET {ended} retroactive = true, state = $1 WHERE alert_id = $2", state, ALERT
    )
    assert f'<span class="tag tag-state-{state}">{words}</span>' in (await query.get(f"/alerts?state={state}")).text
    page = (await query.get(f"/alerts/{ALERT}")).text
    assert f'<span class="tag tag-state-{state}">{words}</span>' in page
    assert "追溯预警" in page
    assert ("<textarea" in page) is (state == "suspended")
