"""Lint of what is suspended: targets that exist, days on which they are judged, one suspension at a time, none too long."""

from collections.abc import Iterator, Set
from datetime import date
from itertools import combinations

from shared.kernel.period import Period
from shared.plans.expand import judged_days, steps_of
from shared.plans.findings import LintFinding
from shared.plans.loader import Plan, PlanFiles
from shared.plans.mention import Target
from shared.plans.spot import Spot, like
from shared.plans.statements import targets_of
from shared.plans.suspension import Suspension

_BY_YEAR, _BY_MONTH = "按年评判，12月31日为期末", "按月评判，1—2月为一期"


def lint_suspensions(files: PlanFiles) -> Iterator[LintFinding]:
    """Find what is wrong with the plan's `suspensions.yaml`, if it has one."""
    if files.suspensions is None:
        return
    plan, spot = files.plan, Spot(files.suspensions.document)
    targets = dict(targets_of(plan))
    for index, one in enumerate(plan.suspensions):
        here = spot.below("suspensions", index)
        target = targets.get(one.target)
        if target is None:
            zh, en = like(one.target, targets)
            yield here.find(
                "target.unknown",
                f"没有目标“{one.target}”{zh}：写成 条款/编号",
                f"no target {one.target!r}{en}: write clause/slug",
                "target",
            )
        else:
            yield from _lint_one(one, target, plan, here)
    yield from _lint_overlaps(plan, spot)


def _lint_one(one: Suspension, target: Target, plan: Plan, spot: Spot) -> Iterator[LintFinding]:
    areas = _areas(one.target, target, plan)
    if one.area is not None and one.area not in areas:
        yield spot.find(
            "suspension.area",
            f"该目标没有“{one.area}”的任务：全市写“{target.area or plan.head.city}”，县区要在 decomposition.yaml 中",
            f"the target has no part of {one.area!r}: name its own area, or one of `decomposition.yaml`",
            "area",
        )
    days = [judged_days(plan.head, target, step) for step in steps_of(plan.head, target)]
    if not any(one.touches(*of_step) for of_step in days):
        first, last = min(first for first, _ in days), max(last for _, last in days)
        yield spot.find(
            "suspension.outside",
            f"目标只在 {first} 至 {last} 之间评判，暂缓期不在其中",
            f"the target is judged from {first} to {last}: the suspension lies outside",
            "since",
        )
    elif _first_end(one, target) > one.until:
        yield spot.find(
            "suspension.no_period",
            f"{one.since} 至 {one.until} 之间没有一期结束（{_BY_YEAR if target.frequency == 'year' else _BY_MONTH}）："
            "只暂缓预警，不影响评判",
            f"no period of the target ends from {one.since} to {one.until}: alerts rest, no verdict is suspended",
            "until",
            severity="warning",
        )
    if _is_longer_than_a_year(one):
        yield spot.find(
            "suspension.long",
            f"暂缓 {one.since} 至 {one.until}，超过一年：确认批准的期限",
            f"suspended from {one.since} to {one.until}, longer than a year: see that so much was approved",
            "until",
            severity="warning",
        )


def _first_end(one: Suspension, target: Target) -> date:
    """Return the last day of the first period that can be suspended."""
    since = one.since
    period = Period.whole_year(since.year) if target.frequency == "year" else Period.month(since.year, since.month)
    return period.end


def _areas(ref: str, target: Target, plan: Plan) -> Set[str]:
    breakdowns = () if plan.decomposition is None else plan.decomposition.breakdowns
    parts = {part.area for breakdown in breakdowns if breakdown.target == ref for part in breakdown.parts}
    return parts | {target.area or plan.head.city}


def _is_longer_than_a_year(one: Suspension) -> bool:
    since, until = one.since, one.until
    return (until.year - 1, until.month, until.day) >= (since.year, since.month, since.day)


def _lint_overlaps(plan: Plan, spot: Spot) -> Iterator[LintFinding]:
    """Find days of one target that two suspensions cover: which of them holds would be nobody's decision."""
    for (_, first), (index, second) in combinations(enumerate(plan.suspensions), 2):
        same = first.target == second.target and (None in (first.area, second.area) or first.area == second.area)
        if same and first.touches(second.since, second.until):
            yield spot.find(
                "suspension.overlap",
                f"目标“{second.target}”的两次暂缓重叠：与 {first.since} 至 {first.until} 的一次",
                f"two suspensions of {second.target!r} overlap: this and the one from {first.since} to {first.until}",
                "suspensions",
                index,
            )
