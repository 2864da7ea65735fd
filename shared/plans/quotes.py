"""The document's words that a plan's files quote: which, for what, and where the files write them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from shared.plans.mention import Exemption, Target
from shared.plans.responsible import Responsible
from shared.plans.schema import Clause, Head
from shared.plans.yaml_source import NodePath

Use = Literal[
    "pattern", "target", "restatement", "unmonitored", "fact", "signal", "responsible", "exemption", "heading"
]
USES: tuple[Use, ...] = get_args(Use)
"""What words are quoted for; words quoted for several things count for the first of them."""


Reach = Literal["clause", "chapter", "document"]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of the document, and where the plan's files write them; they stand in the clause, its chapter, or anywhere.

    A note of units behind several measures (责任单位 after the last of them) stands in the chapter.
    """

    words: str
    use: Use
    path: NodePath
    within: Reach = "clause"


def head_quotes(head: Head) -> Iterator[Quote]:
    """Return what the head quotes, by its path in `plan.yaml`."""
    yield from _responsible_quotes(head.office, ("office",), "document")
    if head.implementing is not None:
        yield Quote(head.implementing.quote, "responsible", ("implementing", "quote"))
    yield from _exemption_quotes(head.exemptions, ())


def clause_quotes(clause: Clause, path: NodePath) -> Iterator[Quote]:
    """Return what a clause quotes; `path` is the clause's own in its file."""
    yield from _responsible_quotes(clause.responsible, (*path, "responsible"), "chapter")
    for index, target in enumerate(clause.targets):
        yield from _target_quotes(target, (*path, "targets", index))
    for index, restatement in enumerate(clause.restatements):
        yield Quote(restatement.quote, "restatement", (*path, "restatements", index, "quote"))
    for index, entry in enumerate(clause.unmonitored):
        yield Quote(entry.quote, "unmonitored", (*path, "unmonitored", index, "quote"))
        yield from _responsible_quotes(entry.responsible, (*path, "unmonitored", index, "responsible"), "document")
    for index, rule in enumerate(clause.signals):
        yield Quote(rule.quote, "signal", (*path, "signals", index, "quote"))
    for index, fact in enumerate(clause.facts):
        yield Quote(fact.quote, "fact", (*path, "facts", index, "quote"))
    yield from _exemption_quotes(clause.exemptions, path)


def _target_quotes(target: Target, path: NodePath) -> Iterator[Quote]:
    yield Quote(target.quote, "target", (*path, "quote"))
    yield from _responsible_quotes(target.responsible, (*path, "responsible"), "document")
    if target.baseline is not None:
        yield Quote(target.baseline.quote, "target", (*path, "baseline", "quote"), "document")
    for index, milestone in enumerate(target.milestones):
        if milestone.quote is not None:
            yield Quote(milestone.quote, "target", (*path, "milestones", index, "quote"))


def _responsible_quotes(responsible: Responsible | None, path: NodePath, within: Reach) -> Iterator[Quote]:
    if responsible is not None and responsible.quote is not None:
        reach = within if responsible.basis == "stated" else "document"
        yield Quote(responsible.quote, "responsible", (*path, "quote"), reach)


def _exemption_quotes(exemptions: Iterable[Exemption], path: NodePath) -> Iterator[Quote]:
    for index, exemption in enumerate(exemptions):
        yield Quote(exemption.quote, "exemption", (*path, "exemptions", index, "quote"))
