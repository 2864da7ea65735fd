"""Lint of responsible units: each is in the city's directory, none is listed twice, none that the quote names is left out."""

from collections.abc import Iterator

from shared.plans.directory import UnitDirectory
from shared.plans.document_text import compact
from shared.plans.findings import LintFinding
from shared.plans.responsible import ROLES, Responsible
from shared.plans.spot import Spot, like


def lint_responsible(responsible: Responsible | None, spot: Spot, directory: UnitDirectory) -> Iterator[LintFinding]:
    """Find units that nobody could tell, and units the quote names that the file does not."""
    if responsible is None:
        return
    for role in ROLES:
        for index, name in enumerate(responsible.of(role)):
            if directory.find(name) is None:
                yield unknown_unit(name, spot.below(role, index), directory)
            if responsible.names.count(name) > 1:
                yield spot.find("responsible.repeated", f"单位“{name}”重复列出", f"{name!r} is listed twice", role)
    if responsible.quote is not None:
        yield from _lint_quote(responsible, compact(responsible.quote), spot, directory)


def unknown_unit(name: str, spot: Spot, directory: UnitDirectory) -> LintFinding:
    """Return the finding of a unit that the directory does not have."""
    zh, en = like(name, (known for unit in directory.units for known in (unit.name.zh, *unit.aliases)))
    return spot.find(
        "responsible.unknown",
        f"名录中没有单位“{name}”{zh}：照原文写，并在 plans/units/{directory.city}.yaml 里加上单位或别名",
        f"{name!r}{en} is not in plans/units/{directory.city}.yaml: add the unit or an alias",
    )


def _lint_quote(responsible: Responsible, quote: str, spot: Spot, directory: UnitDirectory) -> Iterator[LintFinding]:
    for name in responsible.names:
        if name not in quote:
            yield spot.find("responsible.quote", f"责任单位引文中没有“{name}”", f"the quote does not name {name!r}")
    if responsible.basis != "stated":
        return
    rest = quote
    for name in sorted(responsible.names, key=len, reverse=True):
        rest = rest.replace(name, "\n")
    known = sorted({name for unit in directory.units for name in (unit.name.zh, *unit.aliases)}, key=len, reverse=True)
    for name in known:
        if name in rest:
            rest = rest.replace(name, "\n")
            yield spot.find(
                "responsible.dropped", f"引文中的“{name}”没有列出", f"the quote names {name!r}, the file does not"
            )
