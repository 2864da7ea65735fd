"""The words of notices."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from services.alerts.adapters.notice_writer import ChineseNoticeWriter
from services.alerts.adapters.occasion import WritingRules
from services.alerts.domain.alert import Alert, Changed, Ground
from services.alerts.domain.deadline import ReplyDeadline
from services.alerts.domain.finding import Finding, ResponsibleUnit, UnitRole
from services.alerts.domain.notice import Addressee, Cause, Channel, Content, Endpoint
from services.alerts.domain.reconcile import KeyState, Reconciled, reconcile
from services.alerts.domain.transitions import Moment
from shared.contracts.findings import ClauseReference, PlanReference, Reason
from tests.contracts.alerts_findings import QUOTE, event, finding, firms, judgement

T0 = datetime(2024, 7, 25, 2, tzinfo=UTC)
LEAD = ResponsibleUnit("市示例局", UnitRole.LEAD)
JOINT = ResponsibleUnit("市样本委", UnitRole.JOINT)
MAIL = Endpoint(Channel.MAIL, "lead@units.example")
HOOK = Endpoint(Channel.WEBHOOK, "http://units.example/hook")
RULES = WritingRules(
    page_url="http://planwatch.example/alerts/",
    issuer="规划目标监测预警系统",
    office="领导小组办公室",
    reply_days=5,
    deadline_from=lambda day: ReplyDeadline(day.replace(month=8, day=1), provisional=False),
    mail_domain="planwatch.example",
)


def change(found: Finding, latest: Alert | None = None) -> Changed:
    known = KeyState() if latest is None else KeyState(episodes=(latest,), ever=latest.episode)
    decision = reconcile(found, known, at=Moment(T0, T0.date()))
    assert isinstance(decision, Reconciled)
    return decision.changes[0]


def write(
    changed: Changed, cause: Cause, *, unit: ResponsibleUnit = LEAD, to: Endpoint = MAIL, rules: WritingRules = RULES
) -> Content:
    return ChineseNoticeWriter(rules).write(changed, Addressee(unit, to), cause=cause, notice_id="notice_1", now=T0)


def new(**changes: Any) -> Content:
    return write(change(finding(**changes)), Cause.NEW)


def test_mail_says_what_how_far_since_when_why_and_until_when() -> None:
    mail = new()

    assert mail.subject == "【预警·黄】示例市 开工10亿元以上项目数 落后序时进度（2024年6月）"
    assert mail.message_id == "<notice_1@planwatch.example>"
    assert mail.body_html is not None
    for phrase in (
        "市示例局：",
        "《示例市制造业行动方案》（示政发〔2024〕1号）",
        "措施1 招引重大项目",
        QUOTE,
        "30个（按月均衡推进，取整数）",
        "低8个（相当于低13.3个百分点、低26.7%）",
        "自2024年4月起",
        "sub_0001、sub_0002",
        "2024年8月1日前（含当日，自本通知发出之日起5个工作日）",
        "http://planwatch.example/alerts/alert_",
        "该事项新触发黄灯预警。",
        "2024年7月25日",
    ):
        assert phrase in mail.body_text
        assert phrase in mail.body_html
    assert "模拟数据" not in mail.body_text


def test_worsened_mail_names_both_lights_and_asks_for_a_new_acknowledgement() -> None:
    worse = change(
        finding(sequence=2, severity="red", period="2024-07", judgement=judgement(status="far_behind")),
        change(finding()).alert,
    )
    mail = write(worse, Cause.WORSENED)

    assert mail.subject == "【预警加重·红】示例市 开工10亿元以上项目数 严重落后序时进度（2024年7月）"
    assert "预警等级由黄灯升为红灯。" in mail.body_text
    assert "请重新签收" in mail.body_text


def test_closing_mail_asks_for_nothing() -> None:
    closed = change(finding(sequence=2, state="clear", period="2024-08"), change(finding()).alert)
    mail = write(closed, Cause.CLOSED)

    assert mail.subject == "【预警解除】示例市 开工10亿元以上项目数 达到序时进度（2024年8月）"
    assert "原预警予以解除。" in mail.body_text
    assert "2024年6月触发，2024年8月解除" in mail.body_text
    assert "工作日" not in mail.body_text


def test_closing_mail_of_a_target_the_plan_dropped_does_not_speak_of_recovery() -> None:
    gone = Reason(code="target_withdrawn", zh="计划修订后已无此目标", en="The amended plan has no such target")
    told = judgement(status="behind", reasons=(gone,))
    closed = change(finding(sequence=2, state="clear", period="2024-08", judgement=told), change(finding()).alert)
    mail = write(closed, Cause.CLOSED)

    assert closed.alert.ground is Ground.TARGET_WITHDRAWN
    assert mail.subject == "【预警解除】示例市 开工10亿元以上项目数 目标已撤销（2024年8月）"
    assert "规划修订后不再设此目标" in mail.body_text
    assert "恢复正常" not in mail.body_text


def test_unit_that_does_not_lead_replies_to_the_lead() -> None:
    mail = write(change(finding()), Cause.NEW, unit=JOINT)

    assert "市样本委：" in mail.body_text
    assert "反馈牵头单位，由牵头单位汇总后报领导小组办公室" in mail.body_text


def test_list_of_d_ratings_names_the_firms() -> None:
    changes = {"kind": "rating_d", "judgement": None, "name_zh": "综合评价D类企业", "period": "2023", "since": "2023"}
    first = change(finding(**changes, subjects=firms("甲", "乙")))
    mail = write(first, Cause.NEW)
    more = write(change(finding(**changes, sequence=2, subjects=firms("甲", "丙")), first.alert), Cause.WORSENED)

    assert mail.subject == "【预警·黄】示例市 综合评价D类企业 共2户（2023年）"
    assert "1. 示例企业甲（2023年度，D类）" in mail.body_text
    assert "预警等级未变，但名单中新增了企业。" in more.body_text


def test_long_list_is_cut_and_says_so() -> None:
    mail = new(kind="rating_d", judgement=None, subjects=firms(*(str(number) for number in range(45))))

    assert "另有15户，详见预警页面。" in mail.body_text


def test_simulated_data_is_named_in_subject_text_and_html() -> None:
    mail = new(simulated=True)

    assert mail.subject.endswith("〔模拟数据〕")
    assert mail.body_html is not None
    assert "【模拟数据】" in mail.body_text
    assert "【模拟数据】" in mail.body_html


def test_alert_opened_on_simulated_data_is_closed_as_simulated() -> None:
    opened = change(finding(simulated=True)).alert
    mail = write(change(finding(sequence=2, state="clear", simulated=False), opened), Cause.CLOSED)

    assert mail.subject.startswith("【预警解除】")
    assert mail.subject.endswith("〔模拟数据〕")
    assert "【模拟数据】" in mail.body_text


def test_markup_in_names_is_shown_and_never_run() -> None:
    mail = new(
        area_name="<script>alert(1)</script>",
        plan=PlanReference(id="x", title="<b>", document_number="&"),
        clause=ClauseReference(id="m1", title="t", quote="<img src=x onerror=alert(1)>", quote_sha256="0" * 64),
    )

    assert mail.body_html is not None
    assert "<script" not in mail.body_html
    assert "<img" not in mail.body_html
    assert "<img src=x onerror=alert(1)>" in mail.body_text


@pytest.mark.parametrize(
    ("unit", "numbers", "phrase"),
    [
        pytest.param(
            "元",
            {"expected": Decimal(120_0000_0000), "actual": Decimal(98_7600_0000)},
            "实际完成：98.76亿元",
            id="yuan",
        ),
        pytest.param("%", {"gap": Decimal("-2.30"), "gap_points": Decimal("-2.3")}, "低2.3个百分点", id="percentages"),
        pytest.param("个", {"actual": None, "gap": None}, "实际完成：暂无数据", id="no figure"),
    ],
)
def test_numbers_are_exact_and_carry_their_units(unit: str, numbers: dict[str, Any], phrase: str) -> None:
    assert phrase in new(unit=unit, judgement=judgement(**numbers)).body_text


def test_provisional_calendar_is_said_to_be_provisional() -> None:
    rules = WritingRules(
        page_url="http://planwatch.example",
        issuer="示例系统",
        office="示例办公室",
        reply_days=5,
        deadline_from=lambda _day: ReplyDeadline(date(2031, 1, 9), provisional=True),
        mail_domain="planwatch.example",
    )

    assert "2031年放假安排尚未公布，日期暂定" in write(change(finding()), Cause.NEW, rules=rules).body_text


def test_webhook_carries_the_finding_as_reported() -> None:
    content = write(change(finding()), Cause.NEW, to=HOOK)
    body = json.loads(content.body_text)

    assert (content.message_id, content.body_html) == ("notice_1", None)
    assert (body["type"], body["timestamp"]) == ("alert.opened", "2024-07-25T02:00:00+00:00")
    assert (body["data"]["unit"], body["data"]["role"], body["data"]["cause"]) == ("市示例局", "lead", "new")
    assert body["data"]["reply_by"] == "2024-08-01"
    assert body["data"]["finding"] == json.loads(event().model_dump_json())


def test_same_decision_gives_the_same_words() -> None:
    assert new() == new()


def test_subject_is_one_line_whatever_a_name_holds() -> None:
    subject = new(name_zh="开工\r\nBcc: someone@units.example\u2028项目数").subject

    assert subject == "【预警·黄】示例市 开工 Bcc: someone@units.example 项目数 落后序时进度（2024年6月）"
