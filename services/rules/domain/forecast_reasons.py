"""The sentences that say why a target has no forecast."""

from services.rules.domain.reasons import period_zh
from services.rules.domain.target import Target
from services.rules.domain.wording import Reason


def too_few_points(points: int, needed: int) -> Reason:
    """The course is too short to be carried on."""
    known = f"{points} point" if points == 1 else f"{points} points"
    return Reason(
        "forecast_too_few_points",
        f"数据不足，不作预测：目前只有{points}期数据，至少需要{needed}期",
        f"Not enough data for a forecast: {known} known, {needed} are needed",
    )


def season_unknown(points: int) -> Reason:
    """An amount is distributed unevenly over the year, and too little of earlier years is known to learn from."""
    known = f"{points} point" if points == 1 else f"{points} points"
    return Reason(
        "forecast_season_unknown",
        f"数据不足，不作预测：本年已有{points}期数据，但往年各月的完整数据不够，无法判断年内分布",
        f"Not enough data for a forecast: {known} of the year known, but too few complete earlier years to tell how it"
        " is spread over the months",
    )


def comes_in_steps(target: Target | None = None) -> Reason:
    """Most of a stepped figure arrives at one time; its outlook is what waits for it, not the months before."""
    last = target.last if target else None
    zh = f"（{period_zh(last)}报表）" if last else ""
    en = f" (the report of {last})" if last else ""
    return Reason(
        "forecast_comes_in_steps",
        f"不按月外推：该指标大部分在集中入库时一次性产生{zh}，请看“已净增＋后备企业”",
        f"Not extrapolated from months: most of it arrives at once{en}; see the net increase so far and the candidates",
    )


def comes_in_batches() -> Reason:
    """Titles are granted by batches, a few times a year."""
    return Reason(
        "forecast_comes_in_batches",
        "数据不足，不作预测：认定按批次公布，各月数据不能外推",
        "Not enough data for a forecast: titles come in batches, months cannot be extrapolated",
    )


def reached_late() -> Reason:
    """A line of the year's revenue is crossed in its last months."""
    return Reason(
        "forecast_reached_late",
        "数据不足，不作预测：年收入超过标准线多发生在年末几个月，各月户数不能外推",
        "Not enough data for a forecast: firms pass a line of the year's revenue in its last months, months cannot be"
        " extrapolated",
    )


def goal_is_a_figure() -> Reason:
    """A relative target is compared with a figure that must itself be forecast."""
    return Reason(
        "forecast_goal_is_a_figure",
        "数据不足，不作预测：目标值取自另一项公布数据，期末数值尚不可知",
        "Not enough data for a forecast: the goal is another published figure, unknown until the end",
    )
