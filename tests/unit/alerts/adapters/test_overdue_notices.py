"""The words that press for reports (催报)."""

import json
from typing import Any

import pytest

from services.alerts.domain.alert import Alert
from services.alerts.domain.notice import Cause, cause_of
from shared.kernel.errors import InvalidMessageError
from tests.contracts.alerts_findings import DUE, corrected, overdue, run
from tests.unit.alerts.adapters.test_notice_writer import HOOK, change, write

SEPTEMBER = run("2026-09", "2026-09", "2026-09", judgement=None)


def opened() -> Alert:
    return change(overdue("2026-09")).alert


def test_mail_says_which_reports_are_missing_until_when_they_were_due_and_what_to_do() -> None:
    mail = write(change(overdue("2026-09", "2026-10")), Cause.NEW)
    assert mail.subject == "【催报·黄】示例市 项目报表报送 逾期未报2期（2026年10月）"
    assert mail.body_html is not None
    for phrase in (
        "监测《示例市制造业行动方案》（示政发〔2024〕1号）所需的示例市2026年9月至2026年10月项目报表报送，逾期未报2期",
        "一、报送情况",
        "逾期报表：",
        "2026-09项目报表（应于期末次月第8个工作日前报送）",
        "二、报送依据",
        "用于监测",
        DUE,
        "请通过原渠道尽快补报所列各期，并于2024年8月1日前（含当日）将未报原因反馈至领导小组办公室。",
        "有关目标已有的预警予以保留，不视为恢复正常",
        "有报表过了报送截止日仍未到达，触发黄灯催报。",
    ):
        assert phrase in mail.body_text
        assert phrase in mail.body_html
    assert mail.body_text.startswith("催报通知")
    assert "序时进度" not in mail.body_text
    assert "原文" not in mail.body_text, "the calendar is no plan's words"


def test_closing_mail_says_that_the_reports_came() -> None:
    closed = change(overdue(sequence=2, period="2026-09", runs=(SEPTEMBER,)), opened())
    mail = write(closed, Cause.CLOSED)
    assert mail.subject == "【催报解除】示例市 项目报表报送 已补报（2026年9月）"
    assert "逾期报表已全部到达。" in mail.body_text
    assert "逾期各期：2026年9月" in mail.body_text


def test_a_report_that_had_come_in_time_takes_the_notice_back() -> None:
    found = overdue(sequence=2, period="2026-09", runs=(), corrected=(corrected("2026-09"),))
    mail = write(change(found, opened()), Cause.RETRACTED)
    assert mail.subject == "【催报撤回】示例市 项目报表报送 已按时报送（2026年9月）"
    assert "无需再报" in mail.body_text


def test_another_missing_report_is_pressed_for_again() -> None:
    mail = write(change(overdue("2026-09", "2026-10", sequence=2), opened()), Cause.WORSENED)
    assert "又有报表逾期未报。" in mail.body_text
    assert "请你单位重新签收" in mail.body_text


def test_one_that_came_late_unnoticed_is_told_once() -> None:
    changed = change(overdue(period="2026-09", runs=(SEPTEMBER,)))
    assert cause_of(changed) is Cause.RETROACTIVE
    mail = write(changed, Cause.RETROACTIVE)
    assert mail.subject.startswith("【逾期补报告知】")


def test_webhook_carries_the_missing_periods() -> None:
    body: dict[str, Any] = json.loads(write(change(overdue("2026-09")), Cause.NEW, to=HOOK).body_text)
    assert body["type"] == "alert.opened"
    finding = body["data"]["finding"]
    assert (finding["kind"], finding["judgement"]) == ("feed_overdue", None)
    assert [one["entity"] for one in finding["subjects"]] == ["2026-09"]


def test_an_overdue_feed_without_a_report_is_refused() -> None:
    with pytest.raises(InvalidMessageError, match="lists no report"):
        overdue("2026-09", subjects=())
