"""The words of official Chinese for periods, numbers, lights, roles and statuses."""

from datetime import date
from decimal import Decimal, localcontext

from shared.kernel.period import Grain, Period

LIGHTS = {"yellow": "黄", "red": "红"}
ROLES = {"lead": "牵头单位", "support": "责任单位", "joint": "共同责任单位", "implementing": "落实单位"}
STATUSES = {
    "met": "已完成目标",
    "on_pace": "达到序时进度",
    "behind": "落后序时进度",
    "far_behind": "严重落后序时进度",
    "missed": "未按期完成目标",
    "no_data": "暂无数据",
    "cannot_judge": "暂无法评判",
    "not_due": "尚未到考核节点",
    "suspended": "暂缓评判",
}
BINDING = {"binding": "约束性", "expected": "预期性"}
FEEDS = {
    "enterprises": "企业报表",
    "projects": "项目报表",
    "ratings": "综合评价报表",
    "recognitions": "认定报表",
    "indicators": "指标数据报表",
}
RESTATEMENTS = {
    "revision": "统计修订",
    "error": "差错更正",
    "reclassification": "口径或分类调整",
    "late_report": "迟报补报",
    "other": "其他原因",
}
PACES = {
    "linear": "按月均衡推进",
    "integer": "按月均衡推进，取整数",
    "schedule": "按文件分解的进度",
    "stepped": "按节点考核",
    "baseline_linear": "由基期值向目标值均衡推进",
    "baseline_growth": "由基期值按年均增速推进",
    "at_horizon": "期末考核",
}
_YUAN_SCALES = ((Decimal(10**8), "亿元"), (Decimal(10**4), "万元"))


def period_name(text: str) -> str:
    """Return `2024-06` as 2024年6月, `2024-01/P2M` as 2024年1—2月, `2024-Q2` as 2024年第二季度."""
    period = Period.parse(text)
    match period.grain:
        case Grain.YEAR:
            return f"{period.year}年"
        case Grain.QUARTER:
            return f"{period.year}年第{'一二三四'[period.last_month // 3 - 1]}季度"
        case Grain.TWO_MONTHS:
            return f"{period.year}年1—2月"
        case Grain.MONTH:
            return f"{period.year}年{period.first_month}月"


def day_name(day: date) -> str:
    """Return 2024年7月15日."""
    return f"{day.year}年{day.month}月{day.day}日"


def number(value: Decimal) -> str:
    """Return the exact decimal without exponent and without zeros at its end."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def quantity(value: Decimal | None, unit: str) -> str:
    """Return a figure with its unit; yuan are shown in 亿元 or 万元, without rounding."""
    if value is None:
        return "暂无数据"
    if unit == "元":
        with localcontext() as context:
            context.prec = 60
            for factor, name in _YUAN_SCALES:
                if abs(value) >= factor:
                    return f"{number(value / factor)}{name}"
    return f"{number(value)}{unit}"


def rounded(value: Decimal) -> str:
    """Return a percentage or percentage points with at most one decimal, for reading; the exact value is in the system."""
    return number(round(value, 1))
