"""The words of a notice about a target that will hardly be attained (预测预警), where they differ from those about lagging."""

from collections.abc import Mapping
from decimal import Decimal

from services.alerts.adapters import chinese
from services.alerts.adapters.finding_view import forecast_of
from services.alerts.domain.alert import Alert, Change, Changed, Ground, State
from services.alerts.domain.finding import FindingKind
from services.alerts.domain.notice import Cause
from shared.contracts.findings import AttainmentForecast, FindingChanged

CAUSE_NAMES: Mapping[Cause, str] = {
    Cause.NEW: "预测预警",
    Cause.RETROACTIVE: "追溯预测预警",
    Cause.WORSENED: "预测预警加重",
    Cause.EASED: "预测预警好转",
    Cause.CLOSED: "预测预警解除",
    Cause.RETRACTED: "预测预警撤回",
    Cause.REOPENED: "重新预测预警",
    Cause.RESUMED: "暂缓结束",
}
_PLACES = 2
_LEAST = Decimal("0.001")

Lines = list[tuple[str, str]]


def is_forecast(changed: Changed) -> bool:
    """Whether the alert is about what is expected at the end."""
    return changed.alert.key.kind is FindingKind.FORECAST


def headline(changed: Changed, event: FindingChanged) -> str | None:
    """Return what was found, in a few words; None where it is what any alert says."""
    if changed.merged_into is not None or changed.alert.ground is Ground.TARGET_WITHDRAWN:
        return None
    if changed.alert.ground is Ground.OUTCOME_KNOWN and event.judgement is not None:
        return chinese.STATUSES.get(event.judgement.status, event.judgement.status)
    if changed.alert.ground is Ground.OUTCOME_KNOWN:
        return "已不再需要预测"
    if event.forecast is not None:
        return f"预计完成概率{probability(event.forecast.probability)}"
    if changed.alert.state is State.RETRACTED:
        return "预警不成立"
    return "预计难以完成" if event.state == "breach" else "预测恢复正常"


def lines(forecast: AttainmentForecast, unit: str) -> Lines:
    """Return what is expected, how surely, and which bound it is held against."""
    bound = probability(forecast.below)
    held = f"连续{forecast.in_a_row}期低于{bound}" if forecast.in_a_row else f"不低于{bound}"
    return [
        ("期末预测", f"{_expected(forecast, unit)}（由{forecast.points}期数据预测至{_horizon(forecast)}）"),
        (
            "完成概率",
            f"{probability(forecast.probability)}，{held}（界限{bound}，连续{forecast.hold}期低于界限即预警）",
        ),
    ]


def known(forecast: AttainmentForecast | None, unit: str) -> str | None:
    """Return a forecast in one phrase, as before and after a correction; None where there is none."""
    if forecast is None:
        return None
    short = f"（低于界限{forecast.in_a_row}期，不足{forecast.hold}期）" if 0 < forecast.in_a_row < forecast.hold else ""
    return f"预计完成概率{probability(forecast.probability)}{short}，期末预测{_expected(forecast, unit)}"


def told_before(before: FindingChanged, told: Alert) -> str | None:
    """Return how the forecast read when the alert was told."""
    return known(forecast_of(before, told.run), before.unit)


def explanation(changed: Changed, cause: Cause, event: FindingChanged) -> str | None:
    """Say why this notice was sent; None where it is what any alert says."""
    light = f"{chinese.LIGHTS[(changed.previous or changed.alert).severity]}灯"
    if cause is Cause.NEW and event.forecast is not None:
        again = f"，系该事项第{changed.earlier + 1}次预警" if changed.earlier else ""
        bound = probability(event.forecast.below)
        return f"预计完成概率连续{event.forecast.in_a_row}期低于{bound}，新触发{light}预测预警{again}。"
    if cause is not Cause.CLOSED or changed.alert.ground is Ground.TARGET_WITHDRAWN:
        return None
    if changed.alert.ground is Ground.OUTCOME_KNOWN and _is_final(event):
        return f"目标期末已经评判，不再需要预测，原{light}预测预警解除；未完成目标的，以进度预警为准。"
    if changed.alert.ground is Ground.OUTCOME_KNOWN:
        return f"规划不再对完成概率设界限，原{light}预测预警解除；落后的，以进度预警为准。"
    memory = "；因曾亮红灯，按后续补上记为黄灯留存" if changed.change is Change.MADE_GOOD else ""
    return f"按最新数据预测，完成概率已不低于界限，原{light}预测预警解除{memory}。"


def _is_final(event: FindingChanged) -> bool:
    return event.judgement is not None and event.judgement.status in {"met", "missed"}


def probability(share: Decimal) -> str:
    """Return a probability in per cent with at most one decimal; what is not decided is never 0 or 100 per cent."""
    if 0 < share < _LEAST:
        return "不到0.1%"
    if 1 - _LEAST < share < 1:
        return "99.9%以上"
    return f"{chinese.rounded(share * 100)}%"


def _expected(forecast: AttainmentForecast, unit: str) -> str:
    point, low, high = (
        chinese.quantity(round(one, _PLACES), unit) for one in (forecast.point, forecast.low, forecast.high)
    )
    return f"{point}，80%区间{low}至{high}"


def _horizon(forecast: AttainmentForecast) -> str:
    return f"{chinese.period_name(forecast.horizon)}末"
