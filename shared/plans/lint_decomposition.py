"""Lint of a breakdown to areas: it names targets, areas and units that exist, and its parts make up the whole.

Parts that promise more than the whole are allowed and shown (层层加码); parts that promise less are not.
"""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from shared.plans.catalogue import Indicator
from shared.plans.decomposition import Breakdown, Part
from shared.plans.expand import Step, part_value, steps_of
from shared.plans.findings import LintFinding
from shared.plans.horizon import BaselineGrowthPace, BaselineLinearPace
from shared.plans.lint_area import lint_area
from shared.plans.lint_responsible import unknown_unit
from shared.plans.loader import PlanFiles
from shared.plans.mention import Target
from shared.plans.schema import Head
from shared.plans.spot import Spot, like
from shared.plans.statements import targets_of
from shared.plans.surroundings import Surroundings

_NEVER_ADD_UP = frozenset({"ratio", "growth", "index", "rank"})


def lint_decomposition(files: PlanFiles, surroundings: Surroundings) -> Iterator[LintFinding]:
    """Find what is wrong with the plan's `decomposition.yaml`, if it has one."""
    if files.decomposition is None:
        return
    targets = dict(targets_of(files.plan))
    spot = Spot(files.decomposition.document)
    seen: Counter[tuple[str, int | None]] = Counter()
    for index, breakdown in enumerate(files.decomposition.model.breakdowns):
        here = spot.below("breakdowns", index)
        yield from _lint_parts(breakdown, here, files.head.model, surroundings)
        seen[breakdown.target, breakdown.year] += 1
        if seen[breakdown.target, breakdown.year] > 1 or (breakdown.year and seen[breakdown.target, None]):
            yield here.find(
                "breakdown.repeated",
                f"目标“{breakdown.target}”同一年分解了两次",
                f"{breakdown.target!r} is broken down twice for one year",
                "target",
            )
        target = targets.get(breakdown.target)
        if target is None:
            zh, en = like(breakdown.target, targets)
            yield here.find(
                "target.unknown",
                f"没有目标“{breakdown.target}”{zh}：写成 条款/编号",
                f"no target {breakdown.target!r}{en}: write clause/slug",
                "target",
            )
        elif target.indicator in surroundings.indicators:
            yield from _lint_whole(breakdown, target, surroundings.indicators[target.indicator], here, files.head.model)


# ---- parts ------------------------------------------------------------------------------------------------------


def _lint_parts(breakdown: Breakdown, spot: Spot, head: Head, surroundings: Surroundings) -> Iterator[LintFinding]:
    directory = surroundings.directories.get(head.city)
    for index, part in enumerate(breakdown.parts):
        here = spot.below("parts", index)
        yield from lint_area(part.area, here.below("area"), surroundings.is_known_area)
        if surroundings.is_known_area(part.area) and not _is_below(part.area, head.city, surroundings):
            yield here.find(
                "area.outside",
                f"“{part.area}”不是本市的县区或功能区",
                f"{part.area!r} is no county or zone of the plan's city",
                "area",
            )
        if directory is not None and directory.find(part.unit) is None:
            yield unknown_unit(part.unit, here.below("unit"), directory)
    for (_, first), (index, second) in combinations(enumerate(breakdown.parts), 2):
        if surroundings.is_within(first.area, second.area) or surroundings.is_within(second.area, first.area):
            yield spot.find(
                "area.overlap",
                f"“{second.area}”与“{first.area}”重叠，会重复计算",
                f"{second.area!r} and {first.area!r} overlap and would be counted twice",
                "parts",
                index,
                "area",
            )


def _is_below(area: str, city: str, surroundings: Surroundings) -> bool:
    return area != city and surroundings.is_within(area, city)


# ---- parts and their whole --------------------------------------------------------------------------------------


def _lint_whole(
    breakdown: Breakdown, target: Target, indicator: Indicator, spot: Spot, head: Head
) -> Iterator[LintFinding]:
    steps = [step for step in steps_of(head, target) if breakdown.year in (None, step.year)]
    if not steps:
        yield spot.find("breakdown.year", "目标没有这一年", "the target has no such year", "year")
    if isinstance(target.pace, BaselineLinearPace | BaselineGrowthPace):
        yield spot.find(
            "parts.at_horizon",
            "分项没有各自的基期，只在目标年份评判",
            "parts have no baselines of their own and are judged at the horizon only",
            severity="warning",
        )
    if indicator.kind in _NEVER_ADD_UP:
        yield from _lint_ratio_parts(breakdown, spot)
        return
    yield from _lint_shares(breakdown, spot)
    for step in steps:
        yield from _lint_sum(breakdown, target, step, spot)
        if indicator.integer and target.unit == indicator.unit:
            yield from _lint_fractions(breakdown, step, spot)


def _lint_ratio_parts(breakdown: Breakdown, spot: Spot) -> Iterator[LintFinding]:
    if any(part.share is not None for part in breakdown.parts):
        yield spot.find(
            "share.ratio",
            "比率、增速、指数不能按份额分解，请写各地的数值",
            "a ratio, growth or index has no shares; give each area its value",
            "parts",
        )


def _lint_shares(breakdown: Breakdown, spot: Spot) -> Iterator[LintFinding]:
    shares = [part.share for part in breakdown.parts if part.share is not None]
    if shares and sum(shares) != 1:
        yield spot.find(
            "share.sum", f"份额之和为{sum(shares)}，应为1", f"the shares add up to {sum(shares)}, not 1", "parts"
        )


def _lint_sum(breakdown: Breakdown, target: Target, step: Step, spot: Spot) -> Iterator[LintFinding]:
    values = [part.value for part in breakdown.parts if part.value is not None]
    if not values or step.value is None:
        return
    total, unit = sum(values, Decimal(0)), target.unit
    gap = total - step.value if target.direction == "up" else step.value - total
    figures_zh = f"{step.year}年各地合计{total}{unit}，全市{step.value}{unit}"
    figures_en = f"{step.year}: the parts make {total} {unit}, the city's target is {step.value} {unit}"
    if gap < 0:
        yield spot.find(
            "parts.short", f"{figures_zh}：分解不足", f"{figures_en}: not all of it is broken down", "parts"
        )
    elif gap > 0:
        yield spot.find(
            "parts.beyond", f"{figures_zh}：层层加码", f"{figures_en}: more than asked", "parts", severity="warning"
        )


def _lint_fractions(breakdown: Breakdown, step: Step, spot: Spot) -> Iterator[LintFinding]:
    for index, part in enumerate(breakdown.parts):
        value = part_value(part, step.value)
        if value is not None and value % 1:
            yield _fraction(part, value, step, spot.below("parts", index))


def _fraction(part: Part, value: Decimal, step: Step, spot: Spot) -> LintFinding:
    figures = f"{step.year}年应为{value.normalize():f}", f"{value.normalize():f} in {step.year}"
    if part.share is None:
        return spot.find(
            "value.integer", f"整数指标{figures[0]}", f"the indicator has no fractions: {figures[1]}", "value"
        )
    return spot.find(
        "share.fraction",
        f"按份额{figures[0]}，不是整数",
        f"the share gives {figures[1]}, and the indicator has no fractions",
        "share",
        severity="warning",
    )
