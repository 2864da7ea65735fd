"""Lint of one plan against what it refers to: areas, units, indicators, lights, responsible units, its own clauses."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set

from shared.plans.directory import UnitDirectory
from shared.plans.document_text import compact
from shared.plans.findings import LintFinding
from shared.plans.lint_area import lint_area
from shared.plans.lint_fact import lint_fact
from shared.plans.lint_number import lint_number, lint_quote
from shared.plans.lint_responsible import lint_responsible, unknown_unit
from shared.plans.lint_table import lint_table
from shared.plans.lint_target import lint_target, lint_years
from shared.plans.loader import PlanFiles
from shared.plans.mention import Restatement, Target, TargetRef, Unmonitored
from shared.plans.schema import Clause
from shared.plans.spot import Spot
from shared.plans.statements import number_ref, targets_of
from shared.plans.surroundings import Surroundings

_Number = Target | Restatement | Unmonitored


def lint_plan(files: PlanFiles, surroundings: Surroundings) -> Iterator[LintFinding]:
    """Find everything in the plan's files that single files cannot show."""
    head = files.head.model
    directory = surroundings.directories.get(head.city)
    yield from _lint_head(files, surroundings)
    targets = {ref for ref, _ in targets_of(files.plan)} | surroundings.targets
    seen: set[str] = set()
    for chapter in files.chapters:
        for index, clause in enumerate(chapter.model.clauses):
            spot = Spot(chapter.document, ("clauses", index))
            if clause.id in seen:
                yield spot.find("id.repeated", f"条款编号“{clause.id}”重复", f"clause {clause.id!r} stands twice", "id")
            seen.add(clause.id)
            if directory is not None:
                yield from _lint_units(clause, spot, directory)
            yield from _lint_clause(clause, spot, targets, surroundings)
            for number, target in enumerate(clause.targets):
                yield from lint_years(target, spot.below("targets", number), head.effective)


def _lint_head(files: PlanFiles, surroundings: Surroundings) -> Iterator[LintFinding]:
    head = files.head.model
    spot = Spot(files.head.document)
    folder = files.head.document.path.parent.name
    if head.id != folder:
        yield spot.find("plan.folder", f"目录名“{folder}”与 id 不一致", f"the folder is named {folder!r}", "id")
    if not surroundings.is_known_area(head.city):
        yield spot.find(
            "area.unknown",
            f"未知区域“{head.city}”：改正代码，或加入 data/areas.csv",
            f"unknown area {head.city!r}: correct it, or add it to data/areas.csv",
            "city",
        )
    directory = surroundings.directories.get(head.city)
    if directory is None:
        yield spot.find(
            "responsible.directory",
            f"该城市没有责任单位名录：新增 plans/units/{head.city}.yaml",
            f"the city has no directory of units: add plans/units/{head.city}.yaml",
            "city",
        )
        return
    yield from lint_responsible(head.office, spot.below("office"), directory)
    if head.implementing is None:
        return
    for index, name in enumerate(head.implementing.units):
        if directory.find(name) is None:
            yield unknown_unit(name, spot.below("implementing", "units", index), directory)
    if head.implementing.from_clause not in {clause.id for clause in files.plan.clauses}:
        clause_id = head.implementing.from_clause
        yield spot.find(
            "clause.unknown", f"没有条款“{clause_id}”", f"no clause {clause_id!r}", "implementing", "from_clause"
        )


# ---- clauses ----------------------------------------------------------------------------------------------------


def _lint_units(clause: Clause, spot: Spot, directory: UnitDirectory) -> Iterator[LintFinding]:
    yield from lint_responsible(clause.responsible, spot.below("responsible"), directory)
    for index, target in enumerate(clause.targets):
        yield from lint_responsible(target.responsible, spot.below("targets", index, "responsible"), directory)
    for index, entry in enumerate(clause.unmonitored):
        yield from lint_responsible(entry.responsible, spot.below("unmonitored", index, "responsible"), directory)


def _lint_clause(
    clause: Clause, spot: Spot, targets: Set[TargetRef], surroundings: Surroundings
) -> Iterator[LintFinding]:
    numbers_of: dict[str, Sequence[_Number]] = {
        "targets": clause.targets,
        "restatements": clause.restatements,
        "unmonitored": clause.unmonitored,
    }
    slugs = Counter(entry.slug for numbers in numbers_of.values() for entry in numbers)
    for key, numbers in numbers_of.items():
        for index, entry in enumerate(numbers):
            here = spot.below(key, index)
            if slugs[entry.slug] > 1:
                yield here.find("id.repeated", f"“{entry.slug}”重复", f"{entry.slug!r} stands twice", "slug")
            yield from lint_number(entry, here, surroundings, in_table=clause.kind == "table")
            own = {number_ref(clause, entry)} if isinstance(entry, Target) else set[TargetRef]()
            yield from _lint_own(entry, here, targets - own, surroundings)
    yield from _lint_twice(numbers_of, spot)
    yield from lint_table(clause, spot)
    rules = Counter(rule.slug for rule in clause.signals)
    for index, rule in enumerate(clause.signals):
        here = spot.below("signals", index)
        if rules[rule.slug] > 1:
            yield here.find("id.repeated", f"“{rule.slug}”重复", f"{rule.slug!r} stands twice", "slug")
        yield from lint_quote(rule.quote, here)
    for index, fact in enumerate(clause.facts):
        yield from lint_fact(fact, spot.below("facts", index), surroundings)


def _lint_twice(numbers_of: Mapping[str, Sequence[_Number]], spot: Spot) -> Iterator[LintFinding]:
    """The same words give one number of a name, and repeat one target once; this also finds numbers without a value."""
    seen: set[tuple[str, str]] = set()
    for key, numbers in numbers_of.items():
        for index, entry in enumerate(numbers):
            what = entry.target if isinstance(entry, Restatement) else entry.name.zh
            if (what, compact(entry.quote)) in seen:
                yield spot.find(
                    "number.repeated",
                    f"“{what}”按同一引文写了两次：删去一个，或把名称写得不同",
                    f"{what!r} stands twice with one quote: remove one, or tell them apart by their names",
                    key,
                    index,
                )
            seen.add((what, compact(entry.quote)))


def _lint_own(entry: _Number, spot: Spot, targets: Set[TargetRef], surroundings: Surroundings) -> Iterator[LintFinding]:
    match entry:
        case Target():
            yield from lint_target(entry, spot, surroundings)
            if entry.part_of is not None:
                yield from _lint_ref(entry.part_of, spot.below("part_of"), targets)
        case Restatement():
            yield from _lint_ref(entry.target, spot.below("target"), targets)
        case Unmonitored():
            yield from lint_area(entry.area, spot.below("area"), surroundings.is_known_area)


def _lint_ref(ref: str, spot: Spot, targets: Set[TargetRef]) -> Iterator[LintFinding]:
    if ref not in targets:
        yield spot.find(
            "target.unknown",
            f"没有目标“{ref}”：写成 条款/编号，别的规划写成 规划:条款/编号",
            f"no target {ref!r}: write clause/slug, or plan:clause/slug for another plan",
        )
