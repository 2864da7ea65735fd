"""Reads who owes which feed: the feed calendar, the plans' heads and the directories of units."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from services.rules.adapters.plan_parts import plan_of, units_of
from services.rules.domain.duty import CityDuty, Duties
from services.rules.domain.feed import FEED_NAMES, Feed
from services.rules.domain.target import Clause, Unit
from shared.kernel.ids import text_hash
from shared.kernel.period import Grain, Period
from shared.plans.directory import UnitDirectory
from shared.plans.expand import expand_targets
from shared.plans.loader import Plan, PlanLibrary, load_all
from shared.reference.feed_calendar import DueRule, FeedCalendar
from shared.reference.working_days import WorkingDays

_LEAD = "lead"
_DIGEST_LENGTH = 12
_GRAINS = {Grain.MONTH: "月报（1—2月合并）", Grain.QUARTER: "季报", Grain.YEAR: "年报"}


def read_duties(plans_dir: Path, data_dir: Path) -> Duties:
    """Return the duties of every city that has a plan; raise BadReferenceFileError."""
    days = WorkingDays.announced()
    calendar = FeedCalendar.load(data_dir / "feed_calendar.yaml", days)
    return replace(duties_of(calendar, days), cities=_cities(load_all(plans_dir)))


def duties_of(calendar: FeedCalendar, days: WorkingDays) -> Duties:
    """Return what the calendar says of any city."""

    title = f"报送日历（{calendar.source_zh.partition('；')[0]}）"

    def clause(feed: Feed, grain: Grain) -> Clause:
        rule = calendar.rule_of(feed, grain)
        quote = "" if rule is None else f"{FEED_NAMES[feed].zh}{_GRAINS[grain]}：{_in_words(rule)}"
        return Clause(f"feed-calendar/{feed}/{grain}", title, quote, text_hash(quote))

    def due_on(feed: Feed, period: Period) -> date | None:
        due = calendar.due_on(feed, period)
        return None if due is None else due.day

    return Duties(
        due_on=due_on,
        working_days=days.between,
        red_after=calendar.overdue.red_after_working_days,
        owed_after={Feed(feed): count for feed, count in calendar.overdue.owed_after.items()},
        clause=clause,
        digest=text_hash(calendar.content)[:_DIGEST_LENGTH],
    )


def _in_words(rule: DueRule) -> str:
    month = "期末次月" if rule.months_after == 1 else f"期末后第{rule.months_after}个月"
    if rule.rule == "nth_working_day":
        return f"{month}第{rule.n}个工作日前报送"
    return f"{month}{rule.n}日前报送，遇节假日顺延至当月下一工作日"


def _cities(library: PlanLibrary) -> Mapping[str, CityDuty]:
    plans: dict[str, list[Plan]] = {}
    for plan in library.plans.values():
        plans.setdefault(plan.head.city, []).append(plan)
    return {city: _city(city, of_city, library.units.get(city)) for city, of_city in sorted(plans.items())}


def _city(city: str, plans: Sequence[Plan], directory: UnitDirectory | None) -> CityDuty:
    """What a city owes: to the plan that runs longest, of several the latest; until the last year of any target."""
    plan = max(plans, key=lambda one: (one.head.effective.last_year, one.head.effective_on, one.head.id))
    return CityDuty(
        city=city,
        plan=plan_of(plan.head),
        last_year=max(_last_year(one) for one in plans),
        units={feed: _owing(feed, plan, directory) for feed in Feed},
    )


def _last_year(plan: Plan) -> int:
    return max([plan.head.effective.last_year, *(target.year for target in expand_targets(plan))])


def _owing(feed: Feed, plan: Plan, directory: UnitDirectory | None) -> tuple[Unit, ...]:
    unit = None if directory is None else directory.owing(feed.value)
    return units_of(plan.head.office) if unit is None else (Unit(unit.name.zh, _LEAD, answers=True),)
