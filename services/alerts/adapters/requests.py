"""What a notice asks its unit to do, in official Chinese."""

from services.alerts.adapters import chinese, overdue_words
from services.alerts.adapters.occasion import Occasion, WritingRules
from services.alerts.domain.alert import Ground
from services.alerts.domain.deadline import ReplyDeadline
from services.alerts.domain.finding import FindingKind, UnitRole
from services.alerts.domain.notice import Cause

_FOLLOW = "请继续跟踪进展，防止反复。"
_NOTHING_MORE = "本次预警无需再行签收和反馈。"
_MAY_RETURN = "请持续跟踪，防止反复；再次触发时将另行通知。"
_BY_ITS_LIGHT = "目标未完成的，按进度预警的要求办理。"


def requests(occasion: Occasion, rules: WritingRules) -> tuple[str, ...]:
    """Return what to do, one sentence each."""
    if overdue_words.is_overdue(occasion.changed):
        return overdue_words.requests(occasion, rules)
    deadline = occasion.reply_by(rules)
    if deadline is not None:
        return (
            "收到本通知后，请及时在预警页面签收。",
            _reply_request(occasion, rules, deadline),
            "数据如有差错，请由原报送单位通过原渠道更正，系统将自动重新评判。",
        )
    match occasion.cause:
        case Cause.EASED:
            return ("此前通知的签收和反馈要求仍然有效，无需因本通知另行反馈。", _FOLLOW)
        case Cause.RESUMED:
            return (_after_rest(occasion), _FOLLOW)
        case Cause.RETRACTED:
            return (
                "原预警的签收、反馈等要求即行终止。",
                "对数据修订有疑问的，请与原报送单位核对。",
            )
        case _:
            settled = occasion.changed.alert.ground is Ground.OUTCOME_KNOWN
            return (_NOTHING_MORE, _BY_ITS_LIGHT if settled else _MAY_RETURN)


def _after_rest(occasion: Occasion) -> str:
    if occasion.changed.alert.acknowledged_at is None:
        return "请及时在预警页面签收，并按此前通知的要求办理、反馈。"
    return "此前通知的反馈要求恢复执行，无需重新签收。"


def _reply_request(occasion: Occasion, rules: WritingRules, deadline: ReplyDeadline) -> str:
    until = f"{chinese.day_name(deadline.day)}前（含当日，自本通知发出之日起{rules.reply_days}个工作日）"
    if deadline.provisional:
        until = f"{until[:-1]}；{deadline.day.year}年放假安排尚未公布，日期暂定）"
    work = _work(occasion)
    finding, unit = occasion.changed.alert.finding, occasion.addressee.unit
    answering = finding.answering
    if answering is None or answering.name == unit.name:
        others = "会同有关单位" if len(finding.units) > 1 else ""
        return f"请{others}{work}，于{until}将办理情况反馈至{rules.office}。"
    name = "牵头单位" if answering.role is UnitRole.LEAD else answering.name
    return f"请按照职责分工，配合{name}{work}，于{until}将有关情况反馈{name}，由{name}汇总后报{rules.office}。"


def _work(occasion: Occasion) -> str:
    if occasion.changed.alert.key.kind is FindingKind.RATING_D:
        return "对照上述条款逐户核实名单所列企业，落实相应措施"
    return "核实数据、分析原因、研究提出改进措施并抓好落实"
