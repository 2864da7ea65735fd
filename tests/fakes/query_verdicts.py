"""The verdicts of the simulated city, as rules would have written them."""

from decimal import Decimal

from shared.kernel.ids import stable_id, text_hash
from shared.kernel.period import Period
from shared.plans.expand import YearTarget
from tests.fakes.query_base import CITY, PLAN, REPORTS, Row, recorded_at, submission_id

_STARTS = {
    "starts-1yi": (200, [31, 48, 66, 85, 104, 121, 139, 155, 172, 189, 206, 24, 40, 57, 75, 92, 108, 121]),
    "starts-10yi": (60, [9, 14, 19, 24, 30, 35, 40, 45, 50, 55, 61, 7, 11, 15, 18, 21, 24, 27]),
    "starts-50yi": (10, [1, 2, 3, 4, 5, 5, 6, 7, 8, 9, 10, 0, 1, 1, 2, 2, 2, 2]),
}
_LEVELS_2024 = {"1": "38.4", "3": "38.9", "4": "39.6", "5": "1.8", "6": "64.1", "7": "11.2", "10": "41", "11": "17"}


def verdict_rows(target: YearTarget) -> list[Row]:
    slug = target.definition.slug
    if slug in _STARTS:
        return _start_verdicts(target)
    if target.definition.pace.kind == "stepped":
        return _net_verdicts(target)
    if slug in _LEVELS_2024 and target.clause.id == "table":
        actual = Decimal(_LEVELS_2024[slug])
        reason = (
            "not_due",
            "只在2025年评判，2024年数据供参考。",
            "Judged for 2025 only; the figure of 2024 is shown for orientation.",
        )
        return [_verdict(target, Period.parse("2024"), "not_due", actual=actual, reason=reason, simulated=False)]
    if slug == "8":
        missing = (
            "figure_missing",
            "缺少省定目标值：需报送指标“单位地区生产总值能耗省定目标”。",
            "The target assigned by the province is not known: feed the indicator energy-per-gdp-assigned.",
        )
        return [_verdict(target, Period.parse("2024"), "no_data", reason=missing, simulated=False)]
    return []


def _start_verdicts(target: YearTarget) -> list[Row]:
    goal, counts = _STARTS[target.definition.slug]
    rows = []
    for period, count in zip(REPORTS, counts, strict=True):
        if period.year != target.year:
            continue
        expected = goal * period.last_month // 12
        if period == Period.parse("2024-08"):
            reason = ("feed_missing", "2024年8月项目报表未报送。", "The projects feed of Aug 2024 is missing.")
            rows.append(_verdict(target, period, "no_data", reason=reason))
            continue
        points = Decimal(count - expected) * 100 / goal
        status = _graded(count, goal, points)
        reason = (
            status,
            f"已开建{count}个，按序时进度应达{expected}个，{'少' if count < expected else '多'}{abs(count - expected)}个。",
            f"{count} projects were started; {expected} are due by now, {abs(count - expected)} {'fewer' if count < expected else 'more'}.",
        )
        rows.append(
            _verdict(
                target, period, status, actual=Decimal(count), expected=Decimal(expected), goal=goal, reason=reason
            )
        )
    return rows


def _graded(count: int, goal: int, points: Decimal) -> str:
    if count >= goal:
        return "met"
    if points >= 0:
        return "on_pace"
    return "behind" if points >= -30 else "far_behind"


def _net_verdicts(target: YearTarget) -> list[Row]:
    rows: list[Row] = []
    for index, period in enumerate(one for one in REPORTS if one.year == target.year and one.last_month > 2):
        reason = (
            "not_due",
            f"净增户数按年度入库批次评判，{target.year + 1}年1—2月报表给出结果；目前净增{9 + 2 * index}户。",
            "Judged with the annual batch, in the next year's Jan–Feb report.",
        )
        row = _verdict(target, period, "not_due", actual=Decimal(9 + 2 * index), reason=reason)
        rows.append({**row, "outlook": _outlook(9 + 2 * index, 214 + 6 * index)})
    if target.year == 2024:
        final = Period.parse("2025-01/P2M")
        reason = (
            "missed",
            "2024年净增287户，未达到300户，相差13户。",
            "The net increase of 2024 was 287 firms, 13 short of 300.",
        )
        rows.append(
            _verdict(target, final, "missed", actual=Decimal(287), expected=Decimal(300), goal=300, reason=reason)
        )
    return rows


def _verdict(  # noqa: PLR0913
    target: YearTarget,
    period: Period,
    status: str,
    *,
    reason: tuple[str, str, str],
    actual: Decimal | None = None,
    expected: Decimal | None = None,
    goal: int | None = None,
    simulated: bool = True,
) -> Row:
    gap = actual - expected if actual is not None and expected is not None else None
    lights = {"met": "green", "on_pace": "green", "behind": "yellow", "far_behind": "red", "missed": "red"}
    feed = "indicators" if target.definition.frequency == "year" else "projects"
    return {
        "verdict_id": stable_id("verdict", target.id, str(period)),
        "target_id": target.id,
        "target_version": 1,
        "plan_id": PLAN,
        "area": target.area,
        "city": CITY,
        "period": str(period),
        "period_end": period.end,
        "recorded_at": recorded_at(period),
        "status": status,
        "expected": expected,
        "actual": actual,
        "gap": gap,
        "gap_points": gap * 100 / goal if gap is not None and goal else None,
        "gap_percent": gap * 100 / expected if gap is not None and expected else None,
        "pace": target.definition.pace.kind,
        "light": lights.get(status),
        "reasons": [dict(zip(("code", "zh", "en"), reason, strict=True))],
        "inputs": [_input(period, feed)],
        "figures": [_figure(target, period, feed, actual)] if actual is not None else [],
        "simulated": simulated,
        "correlation_id": "request-1",
    }


def _figure(target: YearTarget, period: Period, feed: str, actual: Decimal) -> dict[str, object]:
    return {
        "label_zh": "符合条件的已开工项目" if feed == "projects" else target.definition.name.zh,
        "label_en": "Started projects that count" if feed == "projects" else target.definition.name.en,
        "value": str(actual),
        "unit": target.definition.unit,
        "feed": feed,
        "period": str(period),
        "submissions": [submission_id(feed, period)],
    }


def _input(period: Period, feed: str) -> dict[str, object]:
    return {
        "name": "rows",
        "feed": feed,
        "periods": [str(period)],
        "known_by": submission_id(feed, period),
        "submissions": [submission_id(feed, period)],
        "submission_count": 1,
        "considered": 312,
        "matched": 27,
        "digest": text_hash(str(period))[:16],
        "entities": [],
    }


def _outlook(net: int, candidates: int) -> dict[str, object]:
    return {
        "net_so_far": net,
        "candidates": candidates,
        "untold": 3,
        "digest": "0",
        "zh": f"目前净增{net}户；近12个月营业收入已达线、尚未入库的候选企业{candidates}户（另有3户因缺报无法判断）",
        "en": f"Net increase so far {net}; {candidates} firms outside the register passed the line in the last 12 months"
        " (3 more cannot be told for lack of reports)",
    }
