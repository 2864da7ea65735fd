"""Lint of one plan against what it refers to: areas, units, indicators, lights, responsible units."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from shared.plans.catalogue import Indicator, Reported
from shared.plans.directory import UnitDirectory
from shared.plans.findings import LintFinding, Severity, finding_at
from shared.plans.lights import Lights
from shared.plans.loader import PlanFiles
from shared.plans.schema import (
    BaselineGrowthPace,
    BaselineLinearPace,
    Clause,
    Effective,
    IntegerPace,
    LevelAtYear,
    Responsible,
    Target,
)
from shared.plans.yaml_source import NodePath, YamlDocument

LONGEST_QUOTE = 40


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What plans may refer to."""

    is_known_area: Callable[[str], bool]
    are_compatible_units: Callable[[str, str], bool]
    is_known_unit: Callable[[str], bool]
    indicators: Mapping[str, Indicator]
    lights: Mapping[str, Lights]
    directories: Mapping[str, UnitDirectory]


def lint_plan(files: PlanFiles, surroundings: Surroundings) -> Iterator[LintFinding]:
    """Find everything in the plan's files that single files cannot show."""
    head = files.head.model
    directory = surroundings.directories.get(head.city)
    yield from _lint_head(files, surroundings)
    seen: set[str] = set()
    for chapter in files.chapters:
        for index, clause in enumerate(chapter.model.clauses):
            spot = _Spot(chapter.document, ("clauses", index))
            if clause.id in seen:
                yield spot.find("id.repeated", f"条款编号“{clause.id}”重复", f"clause {clause.id!r} stands twice", "id")
            seen.add(clause.id)
            yield from _lint_clause(clause, spot, directory)
            for number, target in enumerate(clause.targets):
                target_spot = spot.below("targets", number)
                yield from _lint_target(target, target_spot, surroundings)
                yield from _lint_years(target, target_spot, head.effective)


def _lint_head(files: PlanFiles, surroundings: Surroundings) -> Iterator[LintFinding]:
    head = files.head.model
    spot = _Spot(files.head.document, ())
    folder = files.head.document.path.parent.name
    if head.id != folder:
        yield spot.find("plan.folder", f"目录名“{folder}”与 id 不一致", f"the folder is named {folder!r}", "id")
    if not surroundings.is_known_area(head.city):
        yield spot.find("area.unknown", f"未知区域“{head.city}”", f"unknown area {head.city!r}", "city")
    if head.city not in surroundings.directories:
        yield spot.find("responsible.directory", "该城市没有责任单位名录", "the city has no directory of units", "city")


@dataclass(frozen=True, slots=True)
class _Spot:
    """A place in a file."""

    document: YamlDocument
    path: NodePath

    def below(self, *parts: str | int) -> "_Spot":
        return _Spot(self.document, (*self.path, *parts))

    def find(self, code: str, zh: str, en: str, *parts: str | int, severity: Severity = "error") -> LintFinding:
        return finding_at(self.document, (*self.path, *parts), code, zh=zh, en=en, severity=severity)


def _lint_clause(clause: Clause, spot: _Spot, directory: UnitDirectory | None) -> Iterator[LintFinding]:
    if directory is not None:
        yield from _lint_units(clause.responsible, spot.below("responsible"), directory)
        for index, target in enumerate(clause.targets):
            if target.responsible is not None:
                yield from _lint_units(target.responsible, spot.below("targets", index, "responsible"), directory)
    for key, entries in (("targets", clause.targets), ("signals", clause.signals)):
        slugs = [entry.slug for entry in entries]
        for index, entry in enumerate(entries):
            if entry.slug in slugs[:index]:
                yield spot.find(
                    "id.repeated", f"“{entry.slug}”重复", f"{entry.slug!r} stands twice", key, index, "slug"
                )
            yield from _lint_quote(entry.quote, spot.below(key, index))


def _lint_units(responsible: Responsible, spot: _Spot, directory: UnitDirectory) -> Iterator[LintFinding]:
    roles = (
        ("lead", (responsible.lead,)),
        ("joint", responsible.joint),
        ("support", responsible.support),
        ("implementing", responsible.implementing),
    )
    for role, names in roles:
        for index, name in enumerate(names):
            if directory.find(name) is None:
                where = (role,) if role == "lead" else (role, index)
                yield spot.find(
                    "responsible.unknown", f"名录中没有单位“{name}”", f"{name!r} is not in the directory", *where
                )
            if responsible.names.count(name) > 1:
                yield spot.find("responsible.repeated", f"单位“{name}”重复列出", f"{name!r} is listed twice", role)


def _lint_quote(quote: str, spot: _Spot) -> Iterator[LintFinding]:
    length = len("".join(quote.split()))
    if length == 0:
        yield spot.find("quote.empty", "引文为空", "the quote is blank", "quote")
    if length > LONGEST_QUOTE:
        yield spot.find(
            "quote.long",
            f"引文 {length} 字，应尽量不超过 {LONGEST_QUOTE} 字",
            f"the quote has {length} characters; {LONGEST_QUOTE} should do",
            "quote",
            severity="warning",
        )


def _lint_target(target: Target, spot: _Spot, surroundings: Surroundings) -> Iterator[LintFinding]:
    if target.lights not in surroundings.lights:
        yield spot.find("lights.unknown", f"未知的灯“{target.lights}”", f"unknown lights {target.lights!r}", "lights")
    if target.area is not None and not surroundings.is_known_area(target.area):
        yield spot.find("area.unknown", f"未知区域“{target.area}”", f"unknown area {target.area!r}", "area")
    if not surroundings.is_known_unit(target.unit):
        yield spot.find("unit.unknown", f"未知的计量单位“{target.unit}”", f"unknown unit {target.unit!r}", "unit")
    indicator = surroundings.indicators.get(target.indicator)
    if indicator is None:
        yield spot.find(
            "indicator.unknown",
            f"指标目录中没有“{target.indicator}”",
            f"unknown indicator {target.indicator!r}",
            "indicator",
        )
    else:
        yield from _lint_fit(target, indicator, spot, surroundings)
    yield from _lint_reference(target, spot, surroundings)


def _lint_fit(target: Target, indicator: Indicator, spot: _Spot, surroundings: Surroundings) -> Iterator[LintFinding]:
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
    if target.value is not None and indicator.integer and target.value != target.value.to_integral_value():
        yield spot.find("value.integer", "整数指标的目标值必须是整数", "the indicator has no fractions", "value")
    source = indicator.source
    if target.frequency == "month" and isinstance(source, Reported) and not {"month", "ytd"} & set(source.bases):
        yield spot.find(
            "frequency.basis",
            "指标没有月度数据，不能按月评判",
            "the indicator has no monthly figures",
            "frequency",
        )


def _lint_reference(target: Target, spot: _Spot, surroundings: Surroundings) -> Iterator[LintFinding]:
    reference = target.reference
    if reference is None:
        return
    other = surroundings.indicators.get(reference.indicator)
    if other is None:
        yield spot.find(
            "indicator.unknown",
            f"指标目录中没有“{reference.indicator}”",
            f"unknown indicator {reference.indicator!r}",
            "reference",
            "indicator",
        )
    elif not surroundings.are_compatible_units(other.unit, target.unit):
        yield spot.find(
            "unit.incompatible",
            f"参照指标的单位“{other.unit}”与目标单位“{target.unit}”不可换算",
            f"the reference's {other.unit!r} cannot be converted to {target.unit!r}",
            "reference",
        )
    if not surroundings.is_known_area(reference.area):
        yield spot.find(
            "area.unknown", f"未知区域“{reference.area}”", f"unknown area {reference.area!r}", "reference", "area"
        )


def _lint_years(target: Target, spot: _Spot, effective: Effective) -> Iterator[LintFinding]:
    horizon, pace = target.horizon, target.pace
    if isinstance(horizon, LevelAtYear) and horizon.year < effective.first_year:
        yield spot.find(
            "horizon.year", "目标年份早于规划期", "the year lies before the plan's first year", "horizon", "year"
        )
    if not isinstance(pace, BaselineLinearPace | BaselineGrowthPace):
        return
    if not isinstance(horizon, LevelAtYear) or pace.baseline.year >= horizon.year:
        yield spot.find(
            "pace.baseline",
            "基期进度需要 level_at_year 目标，且基期早于目标年份",
            "a baseline pace needs horizon level_at_year and a baseline year before it",
            "pace",
        )
