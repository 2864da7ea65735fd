"""The words about corrections: taken back, found later, opened again, made good, and at the end of a suspension."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.alerts.adapters.notice_writer import ChineseNoticeWriter
from services.alerts.adapters.occasion import WritingRules
from services.alerts.domain.alert import Alert, Changed, Suspension
from services.alerts.domain.deadline import ReplyDeadline
from services.alerts.domain.finding import Finding, ResponsibleUnit, UnitRole
from services.alerts.domain.notice import Addressee, Channel, Content, Endpoint, cause_of
from services.alerts.domain.reconcile import KeyState, Reconciled, reconcile
from services.alerts.domain.suspension import settle, suspend
from services.alerts.domain.transitions import Moment
from shared.contracts.findings import Corrected, Reason, Run
from tests.contracts.alerts_findings import corrected, finding_of_runs, firms, judgement, run, trigger

T0 = datetime(2024, 8, 9, 2, tzinfo=UTC)
LEAD = ResponsibleUnit("市示例局", UnitRole.LEAD)
MAIL = Endpoint(Channel.MAIL, "lead@units.example")
HOOK = Endpoint(Channel.WEBHOOK, "http://units.example/hook")
WRITER = ChineseNoticeWriter(
    WritingRules(
        page_url="http://planwatch.example/alerts/",
        issuer="规划目标监测预警系统",
        office="领导小组办公室",
        reply_days=5,
        deadline_from=lambda _day: ReplyDeadline(date(2024, 8, 16), provisional=False),
        mail_domain="planwatch.example",
    )
)
JUNE, RED_JUNE = run("2024-06"), run("2024-06", severity="red", actual=Decimal(12))


def history(*findings: Sequence[Run], **last: Any) -> list[Changed]:
    """Return all changes of findings with these runs; `last` is what else the last one says."""
    said: list[dict[str, Any]] = [*({} for _ in findings[1:]), last]
    return changes_of(
        *(finding_of_runs(*runs, sequence=number, **said[number]) for number, runs in enumerate(findings))
    )


def changes_of(*findings: Finding) -> list[Changed]:
    """Return all changes that these findings lead to, one after the other."""
    state = KeyState()
    changes: list[Changed] = []
    for found in findings:
        decision = reconcile(found, state, at=Moment(T0, date(2024, 8, 16)))
        assert isinstance(decision, Reconciled)
        state = state.after(found, decision.changes)
        changes += decision.changes
    return changes


def write(changed: Changed, to: Endpoint = MAIL) -> Content:
    cause = cause_of(changed)
    assert cause is not None
    return WRITER.write(changed, Addressee(LEAD, to), cause=cause, notice_id="notice_1", now=T0)


def body(changed: Changed) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(write(changed, HOOK).body_text)
    return parsed


def says(mail: Content, *phrases: str) -> None:
    assert mail.body_html is not None
    for phrase in phrases:
        assert phrase in mail.body_text
        assert phrase in mail.body_html


def test_retraction_shows_before_and_after_and_whose_correction_it_was() -> None:
    changed = history([JUNE], [], corrected=(corrected("2024-06"),), triggers=(trigger(),))[-1]
    mail, data = write(changed), body(changed)["data"]

    assert mail.subject == "【预警撤回】示例市 开工10亿元以上项目数 达到序时进度（2024年6月）"
    says(
        mail,
        "示例市2024年6月“开工10亿元以上项目数”的数据经修订后重新评判，达到序时进度，此前发出的预警不成立，现予撤回。",
        "应达30个，实际22个，落后序时进度（黄灯）",
        "应达30个，实际31个，达到序时进度",
        "sub_0009（示例统计局，2024年6月项目报表），原因：差错更正，依据：示例更正说明〔2024〕3号，2024年8月9日入库",
        "原预警的签收、反馈等要求即行终止。",
        "因数据修订，原黄灯预警不成立，予以撤回；撤回不同于恢复正常。",
    )
    assert "工作日" not in mail.body_text
    assert (body(changed)["type"], data["ground"], data["reply_by"]) == ("alert.retracted", "data_corrected", None)
    assert data["before"] == {
        "status": "behind",
        "expected": "30",
        "actual": "22",
        "period": "2024-06",
        "severity": "yellow",
    }
    assert data["after"] == {
        "status": "on_pace",
        "expected": "30",
        "actual": "31",
        "period": "2024-06",
        "severity": None,
    }
    assert (data["corrections"][0]["reason"], data["merged_into"]) == ("error", None)
    assert (data["finding"]["state"], data["finding"]["judgement"]["status"]) == ("clear", "on_pace")


def test_retraction_that_does_not_know_how_it_is_judged_now_says_no_numbers() -> None:
    changed = history([JUNE], [])[-1]

    assert write(changed).subject.startswith("【预警撤回】示例市 开工10亿元以上项目数 预警不成立")
    says(write(changed), "不再列为预警情形")
    assert body(changed)["data"]["after"]["actual"] is None


def test_retraction_of_d_ratings_counts_the_firms_that_were_told() -> None:
    rated = {"kind": "rating_d", "judgement": None, "name_zh": "综合评价D类企业"}
    first = finding_of_runs(run("2023", judgement=None), subjects=firms("甲", "乙"), **rated)
    last = finding_of_runs(sequence=2, corrected=(Corrected(since="2023", until="2023"),), **rated)
    mail = write(changes_of(first, last)[-1])

    assert mail.subject == "【预警撤回】示例市 综合评价D类企业 预警不成立（2023年）"
    says(mail, "共2户（黄灯）", "不再列为预警情形")


def test_merged_alert_names_the_one_that_goes_on() -> None:
    changes = history([run("2024-03", "2024-03", "2024-04"), JUNE], [run("2024-03", "2024-06")])
    retraction = next(one for one in changes if one.merged_into)
    assert retraction.merged_into is not None

    says(write(retraction), f"并入预警{retraction.merged_into.alert_id}")
    assert body(retraction)["data"]["merged_into"] == retraction.merged_into.alert_id


def test_many_corrections_are_cut_and_say_so() -> None:
    changed = history([JUNE], [], triggers=tuple(trigger(submission_id=f"sub_{n}") for n in range(8)))[-1]

    says(write(changed), "另有3个批次，详见预警页面")


def test_breach_found_later_says_so_and_counts_from_today() -> None:
    may = run("2024-05", retroactive=True)
    changed = history([may], triggers=(trigger(period="2024-05"),))[-1]
    mail, data = write(changed), body(changed)["data"]

    assert mail.subject == "【追溯预警·黄】示例市 开工10亿元以上项目数 落后序时进度（2024年5月）"
    says(
        mail,
        "的数据经修订或补报后重新评判，落后序时进度，当时未予预警，现予追溯黄灯预警，办理期限自今日起计算。",
        "截至2024年5月仍未恢复正常",
        "2024年5月项目报表），原因：差错更正",
        "2024年8月16日前（含当日，自本通知发出之日起5个工作日）",
        "以前时期的数据经修订或补报后重新评判，该事项自2024年5月起已触发黄灯预警",
    )
    assert (body(changed)["type"], data["retroactive"], data["reply_by"]) == ("alert.opened", True, "2024-08-16")
    assert (data["breached_on"], data["due_on"]) == ("2024-05-31", "2024-08-16")


def test_what_changed_lights_found_or_took_back_is_not_called_a_correction_of_figures() -> None:
    """No submission led to it."""
    found, taken_back = (write(one) for one in history([run("2024-05", retroactive=True)], []))
    says(
        found,
        "规划或评判标准调整后，以前时期经重新评判，该事项自2024年5月起已触发黄灯预警",
        "“开工10亿元以上项目数”经重新评判，",
    )
    says(taken_back, "因规划或评判标准调整，原黄灯预警不成立，予以撤回")
    assert "修订或补报" not in found.body_text
    assert "数据修订，" not in taken_back.body_text


def test_late_figures_are_not_called_a_correction() -> None:
    late = trigger(period="2024-05", reason=None, reference=None)
    mail = write(history([run("2024-05", retroactive=True)], triggers=(late,))[-1])

    assert "报送批次：sub_0009（示例统计局，2024年5月项目报表），2024年8月9日入库" in mail.body_text
    assert "修订批次" not in mail.body_text


def test_breach_found_when_it_was_over_asks_for_nothing() -> None:
    changed = history([run("2024-03", "2024-04", "2024-05", severity="red", retroactive=True)])[0]
    mail = write(changed)

    assert mail.subject == "【追溯预警】示例市 开工10亿元以上项目数 严重落后序时进度（2024年4月）"
    says(mail, "当时未予预警，该情况已于2024年5月恢复正常，现予追溯告知。", "本次预警无需再行签收和反馈。")
    assert "工作日" not in mail.body_text
    assert body(changed)["data"]["ended_by"] == "2024-05"


def test_red_made_good_is_yellow_with_memory() -> None:
    changed = history([RED_JUNE], [run("2024-06", "2024-06", "2024-07", severity="red")])[-1]
    mail = write(changed)

    assert mail.subject == "【预警解除·曾亮红灯】示例市 开工10亿元以上项目数 达到序时进度（2024年7月）"
    says(mail, "因曾亮红灯，按后续补上记为黄灯留存")
    assert (body(changed)["type"], body(changed)["data"]["state"]) == ("alert.made_good", "made_good")


def test_what_recovered_while_another_breach_goes_on_says_when() -> None:
    changed = history([JUNE], [run("2024-06", "2024-06", "2024-07"), run("2024-09")])[1]
    mail = write(changed)

    assert mail.subject == "【预警解除】示例市 开工10亿元以上项目数 恢复正常（2024年7月）"
    says(mail, "2024年6月触发，2024年7月解除")


def test_reopened_alert_must_be_acknowledged_and_answered_anew() -> None:
    over = run("2024-06", "2024-06", "2024-07")
    changed = history([JUNE], [over], [run("2024-06", "2024-07")], triggers=(trigger(),))[-1]
    mail = write(changed)

    assert mail.subject == "【重新预警·黄】示例市 开工10亿元以上项目数 落后序时进度（2024年7月）"
    says(mail, "此前的解除不成立，现恢复黄灯预警。", "请重新签收", "2024年8月16日前", "差错更正")
    assert body(changed)["type"] == "alert.reopened"


def test_what_changed_lights_reopened_is_not_called_a_correction_of_figures() -> None:
    over = run("2024-06", "2024-06", "2024-07")
    mail = write(history([JUNE], [over], [run("2024-06", "2024-07")])[-1])
    says(mail, "规划或评判标准调整后重新评判，此前的解除不成立，恢复黄灯预警。")


def test_target_that_comes_back_is_not_said_to_have_been_corrected() -> None:
    gone = judgement(reasons=(Reason(code="target_withdrawn", zh="计划修订后已无此目标", en="no such target"),))
    withdrawn = [finding_of_runs(JUNE), finding_of_runs(sequence=2, judgement=gone)]
    changes = changes_of(*withdrawn, finding_of_runs(run("2024-06", "2024-07"), sequence=3))

    says(write(changes[-1]), "规划重新列入此目标")


@pytest.mark.parametrize(
    ("acknowledged", "asks"),
    [
        pytest.param(False, "请及时在预警页面签收，并按此前通知的要求办理、反馈。", id="not acknowledged"),
        pytest.param(True, "此前通知的反馈要求恢复执行，无需重新签收。", id="acknowledged"),
    ],
)
def test_end_of_a_suspension_tells_how_the_alert_stands(*, acknowledged: bool, asks: str) -> None:
    changed = settle(_resting(acknowledged=acknowledged), now=T0 + timedelta(days=60))
    assert isinstance(changed, Changed)
    mail = write(changed)

    assert mail.subject == "【暂缓结束·黄】示例市 开工10亿元以上项目数 落后序时进度（2024年6月）"
    says(mail, "暂缓已经结束，现恢复黄灯预警。", asks)
    assert body(changed)["type"] == "alert.resumed"


def _resting(*, acknowledged: bool) -> Alert:
    rest = Suspension(by="甲", unit=None, approver="乙", reason="停产检修", until=date(2024, 9, 1))
    decision = suspend(history([JUNE])[0].alert, rest, now=T0, longest=timedelta(days=365))
    assert isinstance(decision, Changed)
    return replace(decision.alert, acknowledged_at=T0, acknowledged_by="甲") if acknowledged else decision.alert


@pytest.mark.parametrize(("binding", "word"), [("binding", "约束性"), ("expected", "预期性")])
def test_notice_says_whether_the_target_binds(binding: str, word: str) -> None:
    changed = history([JUNE], binding=binding)[0]

    assert f"目标性质：{word}" in write(changed).body_text
    assert word in (write(changed).body_html or "")
    assert body(changed)["data"]["binding"] == binding


def test_alert_is_seen_as_its_own_breach_and_seeing_it_again_changes_nothing() -> None:
    older, current = history([run("2024-03", "2024-03", "2024-04"), JUNE])[::2]
    found = body(older)["data"]["finding"]

    assert (found["state"], found["period"], found["since"]) == ("breach", "2024-03", "2024-03")
    assert (body(current)["data"]["finding"]["period"], found["runs"][1]["since"]) == ("2024-06", "2024-06")
