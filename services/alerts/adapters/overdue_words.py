"""The words of a notice that presses for overdue reports (催报通知), where they differ from those about targets."""

from collections.abc import Mapping

from services.alerts.adapters import chinese
from services.alerts.adapters.occasion import Occasion, WritingRules
from services.alerts.domain.alert import Alert, Changed, State
from services.alerts.domain.finding import FindingKind
from services.alerts.domain.notice import Cause
from shared.contracts.findings import FindingChanged

CAUSE_NAMES: Mapping[Cause, str] = {
    Cause.NEW: "催报",
    Cause.RETROACTIVE: "逾期补报告知",
    Cause.WORSENED: "催报升级",
    Cause.EASED: "部分补报",
    Cause.CLOSED: "催报解除",
    Cause.RETRACTED: "催报撤回",
    Cause.REOPENED: "重新催报",
    Cause.RESUMED: "暂缓结束",
}
_CONSEQUENCES: Mapping[Cause, str] = {
    Cause.NEW: "现予催报（{light}）。请你单位尽快报送，或督促有关单位报送。",
    Cause.RETROACTIVE: "报表现已到达，特此告知。",
    Cause.WORSENED: "现再次催报（{light}）。请你单位重新签收，并尽快报送或督促有关单位报送。",
    Cause.EASED: "现为{light}催报。请你单位继续抓紧报送。",
    Cause.CLOSED: "催报予以解除。",
    Cause.RETRACTED: "此前的催报不成立，现予撤回。",
    Cause.REOPENED: "现恢复催报（{light}）。请你单位重新签收，并尽快报送或督促有关单位报送。",
    Cause.RESUMED: "暂缓已经结束，现恢复催报（{light}）。请你单位尽快报送，或督促有关单位报送。",
}
_TURNS: Mapping[Cause, tuple[str, str]] = {
    Cause.WORSENED: ("升", "又有报表逾期未报。"),
    Cause.EASED: ("降", "部分逾期报表已到达。"),
}
_EXPLANATIONS: Mapping[Cause, str] = {
    Cause.NEW: "有报表过了报送截止日仍未到达，触发{light}催报。",
    Cause.RETROACTIVE: "报表曾逾期，现已到达，当时未予催报。",
    Cause.CLOSED: "逾期报表已全部到达。",
    Cause.RETRACTED: "有关报表在截止日前已经接收，催报不成立，予以撤回。",
    Cause.REOPENED: "有报表仍未到达，恢复{light}催报。",
    Cause.RESUMED: "该催报的暂缓已经结束，现为{light}。",
}


def is_overdue(changed: Changed) -> bool:
    """Whether the alert is about reports that did not come."""
    return changed.alert.key.kind is FindingKind.FEED_OVERDUE


def headline(changed: Changed, event: FindingChanged) -> str:
    """Return what was found, in a few words."""
    if changed.alert.state is State.RETRACTED:
        return "已按时报送"
    return f"逾期未报{len(event.subjects)}期" if event.state == "breach" else "已补报"


def result_lines(changed: Changed, event: FindingChanged) -> tuple[tuple[str, str], ...]:
    """Return how many reports are missing and since when, or which ones were."""
    alert = changed.alert
    if event.state == "breach":
        return (("逾期期数", f"{len(event.subjects)}期"), ("持续情况", _since(alert)))
    return (("逾期各期", _span(alert)),)


def opening(occasion: Occasion) -> str:
    """Return the first paragraph: which reports of which feed, what they are needed for, and what follows."""
    changed, event = occasion.changed, occasion.event
    number = f"（{event.plan.document_number}）" if event.plan.document_number else ""
    light = f"{chinese.LIGHTS[changed.alert.severity]}灯"
    matter = f"{event.area_name}{_span(changed.alert)}{event.name_zh}"
    consequence = _CONSEQUENCES[occasion.cause].format(light=light)
    return f"监测《{event.plan.title}》{number}所需的{matter}，{headline(changed, event)}，{consequence}"


def requests(occasion: Occasion, rules: WritingRules) -> tuple[str, ...]:
    """Return what to do, one sentence each."""
    deadline = occasion.reply_by(rules)
    if deadline is None and occasion.cause is Cause.RETRACTED:
        return ("原通知的签收、反馈等要求即行终止。", "有关报表已按时接收，无需再报。")
    if deadline is None and occasion.changed.alert.is_active:
        return ("此前通知的签收和反馈要求仍然有效，请继续抓紧报送。",)
    if deadline is None:
        return ("本次催报无需再行签收和反馈。", "请按报送日历按期报送以后各期。")
    until = f"{chinese.day_name(deadline.day)}前（含当日）"
    provisional = f"（{deadline.day.year}年放假安排尚未公布，日期暂定）" if deadline.provisional else ""
    return (
        "收到本通知后，请及时在预警页面签收。",
        f"请通过原渠道尽快补报所列各期，并于{until}{provisional}将未报原因反馈至{rules.office}。",
        "报表全部到达后，催报自动解除。缺报期间，有关目标已有的预警予以保留，不视为恢复正常。",
    )


def explanation(changed: Changed, cause: Cause) -> str:
    """Say why this notice was sent."""
    before, light = _light(changed.previous or changed.alert), _light(changed.alert)
    if cause in _TURNS:
        verb, same = _TURNS[cause]
        return f"催报等级由{before}{verb}为{light}。" if before != light else same
    return _EXPLANATIONS[cause].format(light=light)


def _light(alert: Alert) -> str:
    return f"{chinese.LIGHTS[alert.severity]}灯"


def _since(alert: Alert) -> str:
    return f"自{chinese.period_name(alert.run.since)}一期起"


def _span(alert: Alert) -> str:
    first, last = chinese.period_name(alert.run.since), chinese.period_name(alert.run.until)
    return first if first == last else f"{first}至{last}"
