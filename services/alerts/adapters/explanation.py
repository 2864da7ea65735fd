"""Why a notice is sent (N4), in one or two sentences."""

from collections.abc import Callable

from services.alerts.adapters import chinese
from services.alerts.domain.alert import Alert, Change, Changed, Ground
from services.alerts.domain.notice import Cause
from shared.contracts.findings import FindingChanged


def explanation(changed: Changed, cause: Cause, event: FindingChanged) -> str:
    """Say why this notice was sent."""
    match cause:
        case Cause.RETROACTIVE:
            return _retroactive(changed, event)
        case Cause.RETRACTED:
            return _retracted(changed, event)
        case Cause.REOPENED:
            return _reopened(changed, event)
        case _:
            return _EXPLANATIONS[cause](changed)


def _light(alert: Alert) -> str:
    return f"{chinese.LIGHTS[alert.severity]}灯"


def _new(changed: Changed) -> str:
    return f"该事项新触发{_light(changed.alert)}预警{_again(changed)}。"


def _again(changed: Changed) -> str:
    return f"，系该事项第{changed.earlier + 1}次预警" if changed.earlier else ""


def _retroactive(changed: Changed, event: FindingChanged) -> str:
    """No submission led to what a changed plan or its lights found in figures that stayed the same."""
    since = chinese.period_name(changed.alert.run.since)
    found = "以前时期的数据经补充评判"
    if changed.alert.retroactive:
        found = "以前时期的数据经修订或补报后重新评判" if event.triggers else "规划或评判标准调整后，以前时期经重新评判"
    return f"{found}，该事项自{since}起已触发{_light(changed.alert)}预警，当时未予预警，现予追溯{_again(changed)}。"


def _worsened(changed: Changed) -> str:
    before, light = _light(changed.previous or changed.alert), _light(changed.alert)
    return f"预警等级由{before}升为{light}。" if before != light else "预警等级未变，但名单中新增了企业。"


def _eased(changed: Changed) -> str:
    before, light = _light(changed.previous or changed.alert), _light(changed.alert)
    return f"预警等级由{before}降为{light}。" if before != light else "预警等级未变，名单中的企业有所减少。"


def _ended(changed: Changed) -> str:
    if changed.alert.ground is Ground.TARGET_WITHDRAWN:
        return f"规划修订后不再设此目标，原{_light(changed.alert)}预警解除。"
    if changed.change is Change.MADE_GOOD:
        return "最新数据已恢复正常，预警解除；因曾亮红灯，按后续补上记为黄灯留存，不视为一贯正常。"
    return f"最新数据已恢复正常，原{_light(changed.alert)}预警解除。"


def _retracted(changed: Changed, event: FindingChanged) -> str:
    told = changed.previous or changed.alert
    why = "因数据修订" if event.triggers else "因规划或评判标准调整"
    if changed.merged_into is not None:
        into = changed.merged_into.alert_id
        return f"{why}，原{_light(told)}预警与另一预警系同一情况，并入预警{into}，原预警撤回。"
    ended = "" if told.is_active else "（此前已解除）"
    return f"{why}，原{_light(told)}预警{ended}不成立，予以撤回；撤回不同于恢复正常。"


def _reopened(changed: Changed, event: FindingChanged) -> str:
    told = changed.previous
    if told is not None and told.ground is Ground.TARGET_WITHDRAWN:
        return f"规划重新列入此目标，恢复{_light(changed.alert)}预警。"
    why = "数据经修订后" if event.triggers else "规划或评判标准调整后"
    return f"{why}重新评判，此前的解除不成立，恢复{_light(changed.alert)}预警。"


def _resumed(changed: Changed) -> str:
    return f"该预警的暂缓已经结束，现为{_light(changed.alert)}预警。"


_EXPLANATIONS: dict[Cause, Callable[[Changed], str]] = {
    Cause.NEW: _new,
    Cause.WORSENED: _worsened,
    Cause.EASED: _eased,
    Cause.CLOSED: _ended,
    Cause.RESUMED: _resumed,
}
