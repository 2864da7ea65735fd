"""Lint of contradictions: each that is found is recorded in the head, each that is recorded is found, nothing is judged twice."""

from collections.abc import Iterator, Mapping

from shared.plans.contradiction import Contradiction
from shared.plans.contradictions import Key, as_yaml, find_contradictions, key_of, same_quotes
from shared.plans.findings import LintFinding
from shared.plans.loader import Plan, PlanFiles
from shared.plans.spot import Spot
from shared.plans.statements import Measures, Quantity, mentions_of, number_ref


def lint_contradictions(files: PlanFiles, plans: Mapping[str, Plan], measures: Measures) -> Iterator[LintFinding]:
    """Compare what the rules find with what the plan's head records."""
    spot = Spot(files.head.document).below("contradictions")
    recorded: dict[Key, tuple[int, Contradiction]] = {}
    for index, one in enumerate(files.head.model.contradictions):
        if recorded.setdefault(key_of(one), (index, one))[0] != index:
            yield spot.find("contradiction.repeated", "同一矛盾记了两次", "this contradiction is recorded twice", index)
    found = {key_of(one): one for one in find_contradictions(files.plan, plans, measures)}
    for key, contradiction in found.items():
        place, known = recorded.get(key, (None, None))
        if known is None or not same_quotes(known, contradiction):
            entry = as_yaml(contradiction)
            yield spot.find(
                "contradiction.unrecorded",
                f"文件在此自相矛盾，须原样记入 plan.yaml 的 contradictions：{entry}",
                "the document contradicts itself here; record the entry above under contradictions of plan.yaml",
                *(() if place is None else (place,)),
            )
    for key, (index, _) in recorded.items():
        if key not in found:
            yield spot.find(
                "contradiction.stale",
                "按规则已找不到这一矛盾：删去，或改正所引的数字",
                "no rule finds this contradiction: remove it, or correct the numbers it names",
                index,
            )
    yield from _lint_repeated(files, measures)


def _lint_repeated(files: PlanFiles, measures: Measures) -> Iterator[LintFinding]:
    """A quantity with the same value twice is one target and its restatement: nothing is judged twice."""
    seen: dict[tuple[Quantity, object], str] = {}
    for chapter in files.chapters:
        for index, clause in enumerate(chapter.model.clauses):
            spot = Spot(chapter.document, ("clauses", index))
            for number, target in enumerate(clause.targets):
                ref = number_ref(clause, target)
                for mention in mentions_of(target, ref, files.plan, measures):
                    first = seen.setdefault((mention.quantity, mention.value), ref)
                    if first != ref:
                        yield spot.find(
                            "target.repeated",
                            f"与目标“{first}”是同一数量、同一数值：写成该目标的 restatements",
                            f"the same quantity and value as {first!r}: make it a restatement of that target",
                            "targets",
                            number,
                        )
