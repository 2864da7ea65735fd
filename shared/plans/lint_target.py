"""Lint of one target against what it refers to: indicator, lights, area, second figure, and the years of its path."""

from collections.abc import Iterator

from shared.plans.catalogue import Indicator
from shared.plans.findings import LintFinding
from shared.plans.horizon import (
    Annual,
    AtHorizonPace,
    BaselineGrowthPace,
    BaselineLinearPace,
    IntegerPace,
    LevelAtYear,
    SchedulePace,
    SteppedPace,
)
from shared.plans.lint_area import lint_area
from shared.plans.lint_number import not_stated
from shared.plans.mention import Baseline, Milestone, Target
from shared.plans.numerals import is_stated, years_in
from shared.plans.schema import Effective
from shared.plans.spot import Spot, like
from shared.plans.surroundings import Surroundings


def lint_target(target: Target, spot: Spot, surroundings: Surroundings) -> Iterator[LintFinding]:
    """Find references that lead nowhere, and an indicator that the target does not fit."""
    if target.lights not in surroundings.lights:
        yield spot.find("lights.unknown", f"未知的灯“{target.lights}”", f"unknown lights {target.lights!r}", "lights")
    yield from lint_area(target.area, spot.below("area"), surroundings.is_known_area)
    indicator = surroundings.indicators.get(target.indicator)
    if indicator is None:
        yield unknown_indicator(target.indicator, spot.below("indicator"), surroundings)
    else:
        yield from _lint_fit(target, indicator, spot, surroundings)
        yield from _lint_judgement(target, indicator, spot)
    yield from _lint_reference(target, spot, surroundings)
    yield from _lint_path(target, spot)


def unknown_indicator(name: str, spot: Spot, surroundings: Surroundings) -> LintFinding:
    """Return the finding of an indicator that the catalogue does not have."""
    zh, en = like(name, surroundings.indicators)
    return spot.find(
        "indicator.unknown",
        f"指标目录中没有“{name}”{zh}：改正编号，或在 plans/indicators/ 中新增",
        f"unknown indicator {name!r}{en}: correct the id, or add it under plans/indicators/",
    )


def _lint_path(target: Target, spot: Spot) -> Iterator[LintFinding]:
    """Values and years of baseline and milestones are those of the words they are quoted from."""
    if target.baseline is not None:
        yield from _lint_stop(target.baseline, target.baseline.quote, target, spot.below("baseline"))
    for index, milestone in enumerate(target.milestones):
        yield from _lint_stop(milestone, target.quote_of(milestone), target, spot.below("milestones", index))


def _lint_stop(stop: Baseline | Milestone, quote: str, target: Target, spot: Spot) -> Iterator[LintFinding]:
    if not is_stated(stop.value, target.as_written, quote):
        yield not_stated(spot.below("value"), f"{stop.value:f}{target.as_written}")
    years = years_in(quote)
    if quote != target.quote and years and stop.year not in years:
        yield spot.find(
            "year.quote",
            f"引文里没有 {stop.year} 年，只有 {'、'.join(map(str, sorted(years)))} 年：改正年份",
            f"the quote speaks of {', '.join(map(str, sorted(years)))}, not of {stop.year}: correct the year",
            "year",
        )


def _lint_fit(target: Target, indicator: Indicator, spot: Spot, surroundings: Surroundings) -> Iterator[LintFinding]:
    if surroundings.is_known_unit(target.unit) and not surroundings.are_compatible_units(target.unit, indicator.unit):
        yield spot.find(
            "unit.incompatible",
            f"单位“{target.unit}”与指标单位“{indicator.unit}”不可换算",
            f"{target.unit!r} cannot be converted to the indicator's {indicator.unit!r}",
            "unit",
        )
    if isinstance(target.pace, IntegerPace) and not indicator.integer:
        yield spot.find(
            "pace.integer", "整数序时进度只用于整数指标", "an integer pace needs an integer indicator", "pace"
        )
    if indicator.integer and not _is_whole(target, indicator):
        yield spot.find("value.integer", "整数指标的目标值必须是整数", "the indicator has no fractions", "value")
    figures = indicator.reported
    if (
        target.frequency == "month"
        and indicator.derived is None
        and figures
        and not {"month", "ytd"} & set(figures.bases)
    ):
        yield spot.find(
            "frequency.basis",
            "指标没有月度数据，不能按月评判",
            "the indicator has no monthly figures",
            "frequency",
        )
    if target.horizon.kind == "growth" and indicator.kind != "growth":
        yield spot.find(
            "horizon.growth", "年均增长目标需要增速指标", "a mean growth needs an indicator of growth", "horizon"
        )


def _lint_judgement(target: Target, indicator: Indicator, spot: Spot) -> Iterator[LintFinding]:
    """Find what no engine could judge: it would be refused when the plan is loaded."""
    if isinstance(target.pace, SteppedPace | SchedulePace) and target.frequency == "year":
        yield spot.find(
            "pace.frequency",
            "按月份分步的进度需要按月评判：写 frequency: month",
            "steps by month need monthly judgement: write `frequency: month`",
            "frequency",
        )
    if target.reference is not None and indicator.derived is not None:
        yield spot.find(
            "reference.derived",
            "相对目标只能用公布数据评判：换用没有 derived 的指标",
            "a relative target is judged by a published figure: take an indicator without `derived`",
            "indicator",
        )
    if target.reference is not None and isinstance(target.pace, BaselineLinearPace | BaselineGrowthPace):
        yield spot.find(
            "reference.pace", "相对目标没有由基期出发的进度", "a relative target has no path from a baseline", "pace"
        )
    if target.horizon.kind == "growth" and not (
        target.frequency == "year" and isinstance(target.pace, AtHorizonPace) and target.unit == "%"
    ):
        yield spot.find(
            "growth.judgement",
            "年均增长目标以百分比在期末评判：unit: %、frequency: year、pace: at_horizon",
            "a mean growth is in per cent and judged once at the end: `unit: %`, `frequency: year`, pace at_horizon",
            "horizon",
        )


def _is_whole(target: Target, indicator: Indicator) -> bool:
    if target.value is None or target.unit != indicator.unit:
        return True
    return target.value == target.value.to_integral_value()


def _lint_reference(target: Target, spot: Spot, surroundings: Surroundings) -> Iterator[LintFinding]:
    reference = target.reference
    if reference is None:
        return
    other = surroundings.indicators.get(reference.indicator)
    if other is None:
        yield unknown_indicator(reference.indicator, spot.below("reference", "indicator"), surroundings)
    elif not surroundings.are_compatible_units(other.unit, target.unit):
        yield spot.find(
            "unit.incompatible",
            f"参照指标的单位“{other.unit}”与目标单位“{target.unit}”不可换算",
            f"the reference's {other.unit!r} cannot be converted to {target.unit!r}",
            "reference",
        )
    yield from lint_area(reference.area, spot.below("reference", "area"), surroundings.is_known_area)


def lint_years(target: Target, spot: Spot, effective: Effective) -> Iterator[LintFinding]:
    """Find years out of order: before the plan, or along the target's path."""
    horizon = target.horizon
    if not isinstance(horizon, Annual) and horizon.year < effective.first_year:
        yield spot.find(
            "horizon.year", "目标年份早于规划期", "the year lies before the plan's first year", "horizon", "year"
        )
    last = horizon.year if isinstance(horizon, LevelAtYear) else None
    if isinstance(target.pace, BaselineLinearPace | BaselineGrowthPace) and (
        last is None or (target.baseline is not None and target.baseline.year >= last)
    ):
        yield spot.find(
            "pace.baseline",
            "基期进度需要 level_at_year 目标，且基期早于目标年份",
            "a baseline pace needs horizon level_at_year and a baseline year before it",
            "pace",
        )
    if last is not None and any(milestone.year >= last for milestone in target.milestones):
        yield spot.find("milestone.year", "阶段目标应早于目标年份", "a milestone lies after the target", "milestones")
