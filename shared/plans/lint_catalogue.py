"""Lint of what plans refer to: indicators, lights, and the directories of units."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from shared.plans.catalogue import CountRecognitions, Indicator, IndicatorFile, Ratio, SumFirms, SumProjects
from shared.plans.directory import Unit, UnitDirectory
from shared.plans.findings import LintFinding, finding_at
from shared.plans.lights import LightBand, Lights, LightsFile
from shared.plans.lint_area import Known, lint_area
from shared.plans.loader import Parsed
from shared.plans.spot import Spot
from shared.plans.yaml_source import NodePath, YamlDocument
from shared.reference.recognition_kinds import RecognitionKinds


def lint_indicators(
    files: Sequence[Parsed[IndicatorFile]], is_known_unit: Known, titles: RecognitionKinds
) -> Iterator[LintFinding]:
    """Ids stand once in all files, units are known, a measure fits its kind, and recognitions exist."""
    seen: set[str] = set()
    for file in files:
        for index, indicator in enumerate(file.model.indicators):
            spot = Spot(file.document, ("indicators", index))
            if indicator.id in seen:
                yield spot.find("id.repeated", f"编号“{indicator.id}”重复", f"the id {indicator.id!r} stands twice")
            seen.add(indicator.id)
            yield from _lint_indicator(indicator, spot, is_known_unit, titles)


def _lint_indicator(
    indicator: Indicator, spot: Spot, is_known_unit: Known, titles: RecognitionKinds
) -> Iterator[LintFinding]:
    if not is_known_unit(indicator.unit):
        yield spot.find(
            "unit.unknown", f"未知的计量单位“{indicator.unit}”", f"unknown unit of measure {indicator.unit!r}", "unit"
        )
    figures = indicator.reported
    if figures is not None and (figures.measure == "growth") != (indicator.kind == "growth"):
        yield spot.find(
            "indicator.measure",
            "增速指标（kind: growth）与 measure: growth 必须同时出现",
            "kind `growth` and measure `growth` go together",
            "reported",
        )
    derivation = indicator.derived
    if derivation is None:
        return
    if figures is not None and figures.accepts != "any":
        yield spot.find(
            "indicator.accepts",
            "指标由明细数出（derived），不按公布数评判：去掉 accepts",
            "the indicator is `derived` and not judged by published figures: leave `accepts` out",
            "reported",
        )
    if not isinstance(derivation, SumProjects | SumFirms | Ratio) and not indicator.integer:
        yield spot.find(
            "indicator.integer", "由明细计数的指标必须是整数", "an indicator counted from rows is an integer", "integer"
        )
    parts = (derivation.numerator, derivation.denominator) if isinstance(derivation, Ratio) else (derivation,)
    for part in parts:
        if isinstance(part, CountRecognitions):
            yield from _lint_titles(part, spot.below("derived"), titles)


def _lint_titles(derivation: CountRecognitions, spot: Spot, titles: RecognitionKinds) -> Iterator[LintFinding]:
    for title in derivation.titles:
        kind = titles.find(title.kind)
        if kind is None:
            yield spot.find("title.unknown", f"未知的认定种类“{title.kind}”", f"unknown recognition {title.kind!r}")
            continue
        for level in title.levels:
            if level not in kind.levels:
                yield spot.find(
                    "title.level", f"“{title.kind}”没有级别“{level}”", f"{title.kind!r} has no level {level!r}"
                )


def lint_lights(file: Parsed[LightsFile]) -> Iterator[LintFinding]:
    """The bands of each set cover every number exactly once; an alert ends within the green ones."""
    yield from repeated(file.document, "lights", [entry.id for entry in file.model.lights])
    for index, lights in enumerate(file.model.lights):
        yield from _lint_bands(file.document, ("lights", index, "bands"), lights)
        yield from _lint_recovery(file.document, ("lights", index, "alerting"), lights)


def _lint_recovery(document: YamlDocument, path: NodePath, lights: Lights) -> Iterator[LintFinding]:
    bound = lights.alerting.recover
    if bound is not None and any(band.light != "green" and band.holds(bound) for band in lights.bands):
        zh, en = f"recover {bound} 不在绿灯范围内", f"`recover` {bound} lies in no green band"
        yield finding_at(document, path, "lights.recovery", zh=zh, en=en)


def _lint_bands(document: YamlDocument, path: NodePath, lights: Lights) -> Iterator[LintFinding]:
    order = sorted(range(len(lights.bands)), key=lambda index: _lower_key(lights.bands[index]))
    first, last = lights.bands[order[0]], lights.bands[order[-1]]
    if first.lower is not None:
        yield _gap(document, (*path, order[0]), f"小于 {first.lower}", f"below {first.lower}")
    for before, after in pairwise(order):
        yield from _lint_seam(document, (*path, after), lights.bands[before], lights.bands[after])
    if last.upper is not None:
        yield _gap(document, (*path, order[-1]), f"大于 {last.upper}", f"above {last.upper}")


def _lower_key(band: LightBand) -> tuple[bool, object, bool]:
    return (band.lower is not None, band.lower, band.over is not None)


def _lint_seam(document: YamlDocument, path: NodePath, before: LightBand, after: LightBand) -> Iterator[LintFinding]:
    upper, lower = before.upper, after.lower
    if upper is None or lower is None or upper > lower:
        yield _overlap(document, path, f"{lower} 至 {upper}", f"{lower} to {upper}")
    elif upper < lower:
        yield _gap(document, path, f"{upper} 至 {lower}", f"{upper} to {lower}")
    elif before.to is not None and after.from_ is not None:
        yield _overlap(document, path, str(lower), str(lower))
    elif before.to is None and after.from_ is None:
        yield _gap(document, path, str(lower), str(lower))


def _gap(document: YamlDocument, path: NodePath, zh: str, en: str) -> LintFinding:
    return finding_at(document, path, "lights.gap", zh=f"数值 {zh} 没有对应的灯", en=f"no light covers {en}")


def _overlap(document: YamlDocument, path: NodePath, zh: str, en: str) -> LintFinding:
    return finding_at(document, path, "lights.overlap", zh=f"数值 {zh} 对应两种灯", en=f"two lights cover {en}")


def lint_directory(file: Parsed[UnitDirectory], is_known_area: Known) -> Iterator[LintFinding]:
    """The city is known, ids stand once, no name or alias means two units, and parents, areas and members exist."""
    directory, spot = file.model, Spot(file.document)
    yield from lint_area(directory.city, spot.below("city"), is_known_area)
    ids = [unit.id for unit in directory.units]
    yield from repeated(file.document, "units", ids)
    seen: set[str] = set()
    for index, unit in enumerate(directory.units):
        here = spot.below("units", index)
        names = (unit.name.zh, *unit.aliases)
        for name in names:
            if name in seen or names.count(name) > 1:
                yield here.find("responsible.ambiguous", f"名称“{name}”重复", f"the name {name!r} stands twice")
        seen.update(names)
        yield from _lint_unit(unit, here, {one.id: one for one in directory.units}, is_known_area)
    yield from _lint_feeds(directory, spot.below("feeds"))


def _lint_feeds(directory: UnitDirectory, spot: Spot) -> Iterator[LintFinding]:
    units = {unit.id for unit in directory.units}
    for feed, unit in directory.feeds.items():
        if unit not in units:
            yield spot.find("feeds.unit", f"名录中没有报送单位“{unit}”", f"unknown unit {unit!r} owes a feed", feed)


def _lint_unit(unit: Unit, spot: Spot, units: Mapping[str, Unit], is_known_area: Known) -> Iterator[LintFinding]:
    if unit.parent is not None and unit.parent not in units:
        yield spot.find(
            "responsible.parent", f"未知的上级单位“{unit.parent}”", f"unknown parent {unit.parent!r}", "parent"
        )
    yield from lint_area(unit.area, spot.below("area"), is_known_area)
    for member in unit.members:
        if member not in units:
            yield spot.find("responsible.member", f"未知的成员“{member}”", f"unknown member {member!r}", "members")
    for successor in unit.successors:
        next_unit = units.get(successor)
        if next_unit is None or (unit.until and next_unit.until and next_unit.until <= unit.until):
            yield spot.find(
                "responsible.successor",
                f"继任单位“{successor}”不存在，或不晚于本单位撤销",
                f"the successor {successor!r} is unknown, or did not outlive the unit",
                "successors",
            )


def repeated(document: YamlDocument, key: str, ids: Sequence[str]) -> Iterator[LintFinding]:
    """Find ids that stand in a file a second time."""
    for index, identifier in enumerate(ids):
        if identifier in ids[:index]:
            yield finding_at(
                document,
                (key, index),
                "id.repeated",
                zh=f"编号“{identifier}”重复",
                en=f"the id {identifier!r} stands twice",
            )
