"""The words about targets that will hardly be attained (预测预警)."""

import json
from decimal import Decimal
from typing import Any

import pytest

from services.alerts.adapters.finding_view import document_of
from services.alerts.adapters.forecast_words import probability
from services.alerts.domain.alert import Alert
from services.alerts.domain.notice import Cause, cause_of
from shared.kernel.errors import InvalidMessageError
from tests.contracts.alerts_findings import corrected, expected, foreseen, judgement, run, trigger
from tests.unit.alerts.adapters.test_notice_writer import HOOK, change, write

LOW, HIGH = expected(), expected("0.6994", in_a_row=0, point="61")
GOES_ON = run("2024-05", "2024-06", forecast=LOW)


def opened() -> Alert:
    return change(foreseen(GOES_ON)).alert


def test_mail_says_what_is_expected_how_surely_below_which_bound_and_for_how_long() -> None:
    mail = write(change(foreseen(GOES_ON)), Cause.NEW)
    assert mail.subject == "【预测预警·黄】示例市 开工10亿元以上项目数 预计完成概率3%（2024年6月）"
    assert mail.body_text.startswith("预测预警通知")
    assert mail.body_html is not None
    for phrase in (
        "经监测和预测，示例市2024年6月“开工10亿元以上项目数”预计完成概率3%，现予黄灯预警。",
        "39个，80%区间30个至52个（由5期数据预测至2024年12月末）",
        "3%，连续2期低于50%（界限50%，连续2期低于界限即预警）",
        "自2024年5月起",
        "目标性质",
        "预计完成概率连续2期低于50%，新触发黄灯预测预警。",
    ):
        assert phrase in mail.body_text
        assert phrase in mail.body_html


def test_closing_mail_says_that_it_is_likely_again() -> None:
    recovered = run("2024-05", "2024-10", "2024-11", forecast=LOW)
    on_pace = judgement(status="on_pace")
    mail = write(change(foreseen(recovered, sequence=2, forecast=HIGH, judgement=on_pace), opened()), Cause.CLOSED)
    assert mail.subject == "【预测预警解除】示例市 开工10亿元以上项目数 预计完成概率69.9%（2024年11月）"
    assert "69.9%，不低于50%" in mail.body_text
    assert "按最新数据预测，完成概率已不低于界限，原黄灯预测预警解除。" in mail.body_text


def test_a_year_that_is_over_is_no_recovery() -> None:
    settled = run("2024-05", "2024-11", "2024-12", forecast=LOW, settled=True)
    mail = write(change(foreseen(settled, sequence=2, judgement=judgement(status="missed")), opened()), Cause.CLOSED)
    assert mail.subject == "【预测预警解除】示例市 开工10亿元以上项目数 未按期完成目标（2024年12月）"
    assert "目标期末已经评判，不再需要预测，原黄灯预测预警解除；未完成目标的，以进度预警为准。" in mail.body_text
    assert "恢复正常" not in mail.body_text
    assert "按进度预警的要求办理" in mail.body_text


def test_a_plan_that_sets_no_bound_any_more_is_no_recovery_either() -> None:
    settled = run("2024-05", "2024-07", "2024-08", forecast=LOW, settled=True)
    mail = write(change(foreseen(settled, sequence=2, judgement=judgement(status="behind")), opened()), Cause.CLOSED)
    assert "规划不再对完成概率设界限，原黄灯预测预警解除；落后的，以进度预警为准。" in mail.body_text
    assert "恢复正常" not in mail.body_text
    assert "期末已经评判" not in mail.body_text


def test_a_correction_takes_it_back_with_what_was_expected_before_and_now() -> None:
    never = (corrected("2024-05", "2024-06", HIGH),)
    changed = change(foreseen(sequence=2, corrected=never, triggers=(trigger(),)), opened())
    mail = write(changed, Cause.RETRACTED)
    assert mail.subject.startswith("【预测预警撤回】")
    assert "修订前：预计完成概率3%，期末预测39个，80%区间30个至52个（黄灯）" in mail.body_text
    assert "修订后：预计完成概率69.9%，期末预测61个，80%区间30个至52个" in mail.body_text
    assert "原因：差错更正" in mail.body_text
    data: dict[str, Any] = json.loads(write(changed, Cause.RETRACTED, to=HOOK).body_text)["data"]
    assert [data[one]["forecast"]["probability"] for one in ("before", "after")] == ["0.0295", "0.6994"]


def test_a_low_forecast_that_has_not_held_long_enough_says_so() -> None:
    once = corrected("2024-05", "2024-06", expected("0.2911", in_a_row=1))
    mail = write(change(foreseen(sequence=2, corrected=(once,)), opened()), Cause.RETRACTED)
    assert "修订后：预计完成概率29.1%（低于界限1期，不足2期），期末预测39个" in mail.body_text


def test_what_too_few_figures_are_left_for_is_taken_back_without_a_forecast() -> None:
    changed = change(foreseen(sequence=2, corrected=(corrected("2024-05", "2024-06"),)), opened())
    assert "修订后：应达30个，实际31个，达到序时进度" in write(changed, Cause.RETRACTED).body_text


def test_one_found_when_it_was_over_is_told_once() -> None:
    settled = run("2024-05", "2024-11", "2024-12", forecast=LOW, settled=True, retroactive=True)
    changed = change(foreseen(settled, judgement=judgement(status="met")))
    assert cause_of(changed) is Cause.RETROACTIVE
    mail = write(changed, Cause.RETROACTIVE)
    assert mail.subject.startswith("【追溯预测预警】")
    assert "自2024年12月起已不再需要预测" in mail.body_text


def test_webhook_carries_the_forecast() -> None:
    body: dict[str, Any] = json.loads(write(change(foreseen(GOES_ON)), Cause.NEW, to=HOOK).body_text)
    finding = body["data"]["finding"]
    assert (body["type"], finding["kind"]) == ("alert.opened", "forecast")
    assert finding["forecast"] == LOW.model_dump(mode="json")


def test_the_finding_of_an_alert_says_the_forecast_of_its_own_breach() -> None:
    second = run("2024-08", "2024-09", forecast=expected("0.2", in_a_row=2))
    ended = run("2024-05", "2024-06", "2024-07", forecast=LOW)
    alert = change(foreseen(ended, second, sequence=2), opened()).alert
    assert "forecast" not in document_of(alert), "what ended it is told no more"
    assert document_of(opened())["forecast"]["probability"] == "0.0295"


@pytest.mark.parametrize(
    ("share", "words"),
    [("0.0004", "不到0.1%"), ("0", "0%"), ("0.0295", "3%"), ("0.5", "50%"), ("0.9999", "99.9%以上"), ("1", "100%")],
)
def test_what_is_not_decided_is_never_said_to_be_sure(share: str, words: str) -> None:
    assert probability(Decimal(share)) == words


def test_a_breach_that_stands_while_its_target_is_suspended_may_have_no_forecast_any_more() -> None:
    mail = write(change(foreseen(run("2024-05", "2024-06"))), Cause.NEW)
    assert mail.subject == "【预测预警·黄】示例市 开工10亿元以上项目数 预计难以完成（2024年6月）"


def test_a_forecast_of_no_period_is_refused() -> None:
    with pytest.raises(InvalidMessageError, match="no such month"):
        foreseen(run("2024-05", forecast=LOW.model_copy(update={"horizon": "2024-13"})))
