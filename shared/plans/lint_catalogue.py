"""Lint of what plans refer to: indicators, lights, and the directories of units."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from shared.plans.catalogue import IndicatorFile, Reported
from shared.plans.directory import UnitDirectory
from shared.plans.findings import LintFinding, finding_at
from shared.plans.lights import LightBand, Lights, LightsFile
from shared.plans.loader import Parsed
from shared.plans.yaml_source import NodePath, YamlDocument

Known = Callable[[str], bool]


def lint_indicators(file: Parsed[IndicatorFile], is_known_unit: Known) -> Iterator[LintFinding]:
    """Ids stand once, units are known, a measure fits its kind, and what is counted is an integer."""
    ids = [indicator.id for indicator in file.model.indicators]
    yield from repeated(file.document, "indicators", ids)
    for index, indicator in enumerate(file.model.indicators):
        path: NodePath = ("indicators", index)
        if not is_known_unit(indicator.unit):
            yield finding_at(
                file.document,
                (*path, "unit"),
                "unit.unknown",
                zh=f"未知的计量单位“{indicator.unit}”",
                en=f"unknown unit of measure {indicator.unit!r}",
            )
        source = indicator.source
        if isinstance(source, Reported):
            if (source.measure == "growth") != (indicator.kind == "growth"):
                yield finding_at(
                    file.document,
                    (*path, "source"),
                    "indicator.measure",
                    zh="增速指标（kind: growth）与 measure: growth 必须同时出现",
                    en="kind `growth` and measure `growth` go together",
                )
        elif not indicator.integer:
            yield finding_at(
                file.document,
                (*path, "integer"),
                "indicator.integer",
                zh="由明细计数的指标必须是整数",
                en="an indicator counted from rows is an integer",
            )


def lint_lights(file: Parsed[LightsFile]) -> Iterator[LintFinding]:
    """The bands of each set cover every number exactly once."""
    yield from repeated(file.document, "lights", [entry.id for entry in file.model.lights])
    for index, lights in enumerate(file.model.lights):
        yield from _lint_bands(file.document, ("lights", index, "bands"), lights)


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
    """The city is known, ids stand once, no name or alias means two units, and parents exist."""
    directory = file.model
    if not is_known_area(directory.city):
        yield finding_at(
            file.document,
            ("city",),
            "area.unknown",
            zh=f"未知区域“{directory.city}”",
            en=f"unknown area {directory.city!r}",
        )
    ids = [unit.id for unit in directory.units]
    yield from repeated(file.document, "units", ids)
    seen: set[str] = set()
    for index, unit in enumerate(directory.units):
        for name in (unit.name.zh, *unit.aliases):
            if name in seen:
                yield finding_at(
                    file.document,
                    ("units", index),
                    "responsible.ambiguous",
                    zh=f"名称“{name}”重复",
                    en=f"the name {name!r} stands twice",
                )
            seen.add(name)
        if unit.parent is not None and unit.parent not in ids:
            yield finding_at(
                file.document,
                ("units", index, "parent"),
                "responsible.parent",
                zh=f"未知的上级单位“{unit.parent}”",
                en=f"unknown parent {unit.parent!r}",
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
