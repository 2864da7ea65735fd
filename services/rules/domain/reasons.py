"""The sentences a verdict gives as its reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from services.rules.domain.facts import FigureFact
from services.rules.domain.feed import FEED_NAMES, Feed
from services.rules.domain.lights import Lights
from services.rules.domain.rows import FigureCell
from services.rules.domain.target import Demand, Direction
from services.rules.domain.wording import Reason, Text, shown
from shared.kernel.period import Grain, Period

_MEASURES = {"level": Text("绝对量", "level"), "growth": Text("增速", "growth"), "share": Text("比重", "share")}
_BASES = {
    "month": Text("当月", "month"),
    "ytd": Text("累计", "year to date"),
    "year": Text("全年", "full year"),
    "point": Text("时点", "point in time"),
}


_STATUSES = {"final": Text("最终数", "final"), "provisional": Text("初步数", "provisional")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """What is compared when a target is behind; shares are None against a base of zero."""

    actual: Fraction
    expected: Fraction
    points: Fraction | None
    percent: Fraction | None


def period_zh(period: Period) -> str:
    """Return a period as an official text writes it: `2024年1—2月`, `2024年6月`."""
    match period.grain:
        case Grain.YEAR:
            return f"{period.year}年"
        case Grain.QUARTER:
            return f"{period.year}年{'一二三四'[period.last_month // 3 - 1]}季度"
        case Grain.TWO_MONTHS:
            return f"{period.year}年1—2月"
        case Grain.MONTH:
            return f"{period.year}年{period.first_month}月"


def titles_never_reported(indicator: Text) -> Reason:
    """No firm of the city was ever reported with one of the titles: their lists do not come yet."""
    return Reason(
        "titles_never_reported",
        f"“{indicator.zh}”所涉及的认定名单从未报送",
        f"no list of the titles of {indicator.en!r} was ever fed",
    )


def feed_missing(feed: Feed, period: Period) -> Reason:
    """No complete submission of the feed covers the period."""
    name = FEED_NAMES[feed]
    return Reason(
        "feed_missing",
        f"缺少{period_zh(period)}的{name.zh}",
        f"The {name.en} of {period} is missing",
    )


def figure_missing(name: Text, cell: FigureCell) -> Reason:
    """A published figure was not fed; the sentence names it exactly."""
    measure, basis = _MEASURES[cell.measure], _BASES[cell.basis]
    return Reason(
        "figure_missing",
        f"缺少“{name.zh}”数据（区域{cell.area}，{period_zh(cell.value_period)}，{measure.zh}，{basis.zh}）",
        f"The figure “{name.en}” is missing (area {cell.area}, {cell.value_period}, {measure.en}, {basis.en})",
    )


def left_out(count: int, what: Text) -> Reason:
    """Projects do not tell what they are chosen by, so they are not counted."""
    return Reason(
        "left_out",
        f"有{count}个项目未报{what.zh}，未计入",
        f"{count} projects do not tell their {what.en} and are left out",
    )


def zero_denominator(name: Text) -> Reason:
    """A ratio has no value against zero."""
    return Reason("zero_denominator", f"“{name.zh}”为零，比值无法计算", f"“{name.en}” is zero: there is no ratio")


def rows_parked(feed: Feed, count: int) -> Reason:
    """Rows the figure depends on could not be read."""
    name = FEED_NAMES[feed]
    return Reason(
        "rows_parked",
        f"{name.zh}有{count}行数据无法读取，已暂存待处理，在处理前不作评判",
        f"{count} rows of the {name.en} could not be read and are parked; no judgement before they are dealt with",
    )


def unit_mismatch(expected: str, found: str) -> Reason:
    """A figure came in another unit than the catalogue declares."""
    return Reason(
        "unit_mismatch", f"数据单位为“{found}”，应为“{expected}”", f"The figure is in {found}, not in {expected}"
    )


def provisional(name: Text) -> Reason:
    """The figure is a provisional one."""
    return Reason("provisional", f"“{name.zh}”为初步数", f"“{name.en}” is a provisional figure")


def only_provisional(name: Text, statements: Sequence[FigureFact]) -> Reason:
    """The target accepts final figures only, and there are but provisional ones."""
    cell, stated = statements[0].cell, stated_by(statements)
    measure, basis = _MEASURES[cell.measure], _BASES[cell.basis]
    return Reason(
        "only_provisional",
        f"“{name.zh}”只有初步数（区域{cell.area}，{period_zh(cell.value_period)}，{measure.zh}，{basis.zh}）：{stated.zh}；"
        "该指标只认最终数",
        f"There is only a provisional “{name.en}” (area {cell.area}, {cell.value_period}, {measure.en}, {basis.en}):"
        f" {stated.en}; the indicator accepts final figures only",
    )


def stated_by(statements: Sequence[FigureFact]) -> Text:
    """Return what sources state, with every digit: values that differ must not look the same."""
    zh = (
        f"{one.authority}{_exact(one.value)}{one.unit}（{_STATUSES[one.status].zh}，报送方{one.source}）"
        for one in statements
    )
    en = (
        f"{_exact(one.value)} {one.unit} of {one.authority} ({_STATUSES[one.status].en}, fed by {one.source})"
        for one in statements
    )
    return Text("、".join(zh), ", ".join(en))


def _exact(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def basis_used(name: Text, cell: FigureCell) -> Reason:
    """Which measure and basis of a published figure was taken."""
    measure, basis = _MEASURES[cell.measure], _BASES[cell.basis]
    return Reason(
        "published_figure",
        f"采用公布的“{name.zh}”（{period_zh(cell.value_period)}，{measure.zh}，{basis.zh}）",
        f"The published “{name.en}” is used ({cell.value_period}, {measure.en}, {basis.en})",
    )


def growth_impossible(period: Period) -> Reason:
    """Nothing falls by more than all of it."""
    return Reason("growth_impossible", f"{period_zh(period)}增速低于-100%", f"The growth of {period} is below -100 %")


def lights_gap(lights: Lights) -> Reason:
    """The lights say nothing, or two things, about this shortfall."""
    return Reason(
        "lights_gap",
        f"评判标准“{lights.id}”未覆盖该差距，或有重叠",
        f"The lights “{lights.id}” do not cover this gap, or overlap",
    )


def assumptions(target: Demand) -> tuple[Reason, ...]:
    """What the document does not state and this software had to choose."""
    chosen: list[Reason] = []
    if not target.pace_stated:
        chosen.append(
            Reason(
                "pace_not_stated",
                "文件未规定序时进度，按本软件默认方式计算",
                "The document states no pace; a default of this software is used",
            )
        )
    if not target.comparator_stated:
        chosen.append(
            Reason(
                "comparator_not_stated",
                "文件只列数值，比较方式按指标含义理解",
                "The document gives a bare number; the comparator is our reading",
            )
        )
    return tuple(chosen)


def target_withdrawn(until: date | None) -> Reason:
    """The plan has the target no more: from an amendment's day on, or (None) its text was corrected."""
    if until is None:
        return Reason(
            "target_withdrawn", "计划文本订正后已无此目标", "The corrected text of the plan has no such target"
        )
    return Reason(
        "target_withdrawn",
        f"计划已调整，自{until.isoformat()}起不再有此目标",
        f"The plan was amended: from {until.isoformat()} on it has no such target",
    )


def met(target: Demand, actual: Fraction) -> Reason:
    """The goal is reached."""
    return Reason(
        "met",
        f"实际{shown(actual)}{target.unit}，已达到目标（{target.value_text()}）",
        f"Actual {shown(actual)} {target.unit}: the target ({target.value_text()}) is met",
    )


def missed(target: Demand, actual: Fraction, goal: Fraction) -> Reason:
    """The horizon is over and the goal is not reached."""
    short = shown(abs(actual - goal))
    return Reason(
        "missed",
        f"期末实际{shown(actual)}{target.unit}，未完成目标（{target.value_text()}），相差{short}{target.unit}",
        f"At the end {shown(actual)} {target.unit}: the target ({target.value_text()}) is missed by {short}",
    )


def on_pace(target: Demand, actual: Fraction, expected: Fraction) -> Reason:
    """At least what the pace expects is reached."""
    return Reason(
        "on_pace",
        f"实际{shown(actual)}{target.unit}，序时应为{shown(expected)}{target.unit}，符合序时进度",
        f"Actual {shown(actual)} {target.unit}, expected by now {shown(expected)}: on pace",
    )


def behind(target: Demand, numbers: Shortfall) -> Reason:
    """Less than the pace expects; for a target that must not exceed its path, more."""
    up = target.direction is Direction.UP
    gap, unit = shown(abs(numbers.actual - numbers.expected)), target.unit
    zh, en = _shares(numbers, up=up)
    return Reason(
        "behind",
        f"实际{shown(numbers.actual)}{unit}，序时{'应为' if up else '应不超过'}{shown(numbers.expected)}{unit}，"
        f"{'差' if up else '超出'}{gap}{unit}{zh}",
        f"Actual {shown(numbers.actual)} {unit}, expected by now {'' if up else 'at most '}{shown(numbers.expected)}:"
        f" {gap} {'short' if up else 'over'}{en}",
    )


def _shares(numbers: Shortfall, *, up: bool) -> tuple[str, str]:
    """Return the gap in points of the target and in per cent of the expected, as a parenthesis; empty without a base."""
    zh: list[str] = []
    en: list[str] = []
    if numbers.points is not None:
        zh.append(f"按目标值计{'落后' if up else '超出'}{shown(abs(numbers.points))}个百分点")
        en.append(f"{shown(abs(numbers.points))} points of the target")
    if numbers.percent is not None:
        zh.append(f"比序时应达数{'少' if up else '多'}{shown(abs(numbers.percent))}%")
        en.append(f"{shown(abs(numbers.percent))} per cent of the expected")
    return (f"（{'，'.join(zh)}）", f" ({', '.join(en)})") if zh else ("", "")


def not_due(target: Demand, actual: Fraction | None) -> Reason:
    """The pace has no step at this period."""
    so_far_zh = f"，目前为{shown(actual)}{target.unit}" if actual is not None else ""
    so_far_en = f"; {shown(actual)} {target.unit} so far" if actual is not None else ""
    return Reason(
        "not_due",
        f"按进度安排本期不评判，{period_zh(target.last)}报表评判{so_far_zh}",
        f"Not due at this period; judged with the report of {target.last}{so_far_en}",
    )
