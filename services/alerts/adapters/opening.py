"""The first paragraph of a notice: the target, what was found, and what follows."""

from services.alerts.adapters import chinese, overdue_words
from services.alerts.adapters.notice_facts import headline
from services.alerts.adapters.occasion import Occasion
from services.alerts.domain.alert import Change, Ground
from services.alerts.domain.notice import Cause

_CONSEQUENCES = {
    Cause.NEW: "现予{light}预警。{role}，请按要求办理。",
    Cause.WORSENED: "情况有所加重，现予{light}预警。{role}，请重新签收并按要求办理。",
    Cause.EASED: "情况有所好转，现为{light}预警。{role}，请继续抓好落实。",
    Cause.RETRACTED: "此前发出的预警不成立，现予撤回。",
    Cause.RESUMED: "暂缓已经结束，现恢复{light}预警。{role}，请按要求办理。",
}


def opening(occasion: Occasion) -> str:
    """Return the paragraph."""
    event = occasion.event
    if overdue_words.is_overdue(occasion.changed):
        return overdue_words.opening(occasion)
    number = f"（{event.plan.document_number}）" if event.plan.document_number else ""
    matter = f"{event.area_name}{chinese.period_name(event.period)}“{event.name_zh}”"
    return f"对照《{event.plan.title}》{number}，{_found(occasion, matter)}，{_consequence(occasion)}"


def _found(occasion: Occasion, matter: str) -> str:
    found = headline(occasion.changed, occasion.event)
    match occasion.cause:
        case Cause.RETRACTED if occasion.event.triggers:
            return f"{matter}的数据经修订后重新评判，{found}"
        case Cause.RETROACTIVE if occasion.changed.alert.retroactive and occasion.event.triggers:
            return f"{matter}的数据经修订或补报后重新评判，{found}"
        case Cause.RETROACTIVE | Cause.REOPENED | Cause.RETRACTED:
            return f"{matter}经重新评判，{found}"
        case _ if occasion.event.forecast is not None:
            return f"经监测和预测，{matter}{found}"
        case _:
            return f"经监测，{matter}{found}"


def _consequence(occasion: Occasion) -> str:
    light = f"{chinese.LIGHTS[occasion.changed.alert.severity]}灯"
    role = f"你单位为{chinese.ROLES[occasion.addressee.unit.role]}"
    match occasion.cause:
        case Cause.RETROACTIVE:
            words = _retroactive(occasion)
        case Cause.CLOSED:
            words = _ended(occasion)
        case Cause.REOPENED:
            words = _reopened(occasion)
        case cause:
            words = _CONSEQUENCES[cause]
    return words.format(light=light, role=role)


def _retroactive(occasion: Occasion) -> str:
    run = occasion.changed.alert.run
    ended = run.ended_by
    if ended is None:
        return "当时未予预警，现予追溯{light}预警，办理期限自今日起计算。{role}，请按要求办理。"
    if run.settled:
        return f"当时未予预警，自{chinese.period_name(ended)}起已不再需要预测，现予追溯告知。"
    return f"当时未予预警，该情况已于{chinese.period_name(ended)}恢复正常，现予追溯告知。"


def _ended(occasion: Occasion) -> str:
    if occasion.changed.alert.ground is Ground.OUTCOME_KNOWN:
        return "已不再需要预测，原预测预警予以解除。"
    if occasion.changed.change is Change.MADE_GOOD:
        return "原预警予以解除；因曾亮红灯，按后续补上记为黄灯留存。"
    return "原预警予以解除。"


def _reopened(occasion: Occasion) -> str:
    told = occasion.changed.previous
    back = told is not None and told.ground is Ground.TARGET_WITHDRAWN
    why = "规划重新列入此目标" if back else "此前的解除不成立"
    return f"{why}，现恢复{{light}}预警。{{role}}，请重新签收并按要求办理。"
