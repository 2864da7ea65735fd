"""Lint of a plan against its document's text: the hash, and every quote at its place.

Documents wrap lines in the middle of sentences, so both sides are compared without white space. The place of a clause is
the text from its heading (number and title) to the heading of the next clause the plan lists.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from shared.plans.findings import LintFinding, finding_at
from shared.plans.loader import PlanFiles
from shared.plans.schema import BaselineGrowthPace, BaselineLinearPace, Clause, Responsible, Target
from shared.plans.yaml_source import NodePath, YamlDocument


def lint_text(files: PlanFiles, texts_dir: Path) -> Iterator[LintFinding]:
    """Find quotes that the document does not hold, and a text that is not the one the head names."""
    head, document = files.head.model, files.head.document
    path = texts_dir / f"{head.id}.txt"
    if not path.is_file():
        yield finding_at(
            document,
            ("text_sha256",),
            "text.missing",
            zh=f"没有文本 {path.name}，引文未核对",
            en=f"{path.name} is not at hand, quotes were not checked",
            severity="warning",
        )
        return
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != head.text_sha256:
        yield finding_at(
            document,
            ("text_sha256",),
            "text.hash",
            zh=f"文本的 SHA-256 是 {found}",
            en=f"the SHA-256 of the text is {found}",
        )
    yield from _lint_quotes(files, without_space(content.decode("utf-8")))


def without_space(text: str) -> str:
    """Return the text without any white space."""
    return "".join(text.split())


def _lint_quotes(files: PlanFiles, text: str) -> Iterator[LintFinding]:
    starts = {heading: text.find(heading) for heading in map(_heading, files.plan.clauses)}
    for chapter in files.chapters:
        for index, clause in enumerate(chapter.model.clauses):
            path: NodePath = ("clauses", index)
            start = starts[_heading(clause)]
            if start < 0:
                yield finding_at(
                    chapter.document,
                    (*path, "title"),
                    "clause.heading",
                    zh=f"原文没有标题“{_heading(clause)}”",
                    en=f"the document has no heading {_heading(clause)!r}",
                )
                continue
            end = min((other for other in starts.values() if other > start), default=len(text))
            yield from _lint_clause_quotes(chapter.document, path, clause, place=text[start:end], text=text)


def _heading(clause: Clause) -> str:
    return without_space((clause.number or "") + clause.title)


def _lint_clause_quotes(
    document: YamlDocument, path: NodePath, clause: Clause, *, place: str, text: str
) -> Iterator[LintFinding]:
    elsewhere = clause.responsible.lead_basis == "plan_office"
    yield from _lint_responsible(document, (*path, "responsible"), clause.responsible, text if elsewhere else place)
    for index, target in enumerate(clause.targets):
        here = (*path, "targets", index)
        yield from _lint_quote(document, (*here, "quote"), target.quote, place)
        yield from _lint_target_extras(document, here, target, text)
    for index, signal in enumerate(clause.signals):
        yield from _lint_quote(document, (*path, "signals", index, "quote"), signal.quote, place)


def _lint_target_extras(document: YamlDocument, path: NodePath, target: Target, text: str) -> Iterator[LintFinding]:
    if target.responsible is not None:
        yield from _lint_responsible(document, (*path, "responsible"), target.responsible, text)
    if isinstance(target.pace, BaselineLinearPace | BaselineGrowthPace):
        where = (*path, "pace", "baseline", "quote")
        yield from _lint_quote(document, where, target.pace.baseline.quote, text)


def _lint_responsible(
    document: YamlDocument, path: NodePath, responsible: Responsible, place: str
) -> Iterator[LintFinding]:
    yield from _lint_quote(document, (*path, "quote"), responsible.quote, place)
    quote = without_space(responsible.quote)
    for name in responsible.names:
        if name not in quote:
            yield finding_at(
                document,
                path,
                "responsible.quote",
                zh=f"责任单位引文中没有“{name}”",
                en=f"the quote does not name {name!r}",
            )


def _lint_quote(document: YamlDocument, path: NodePath, quote: str, place: str) -> Iterator[LintFinding]:
    if without_space(quote) not in place:
        yield finding_at(
            document,
            path,
            "quote.text",
            zh=f"原文该条款中没有“{quote}”",
            en=f"the document's clause does not hold {quote!r}",
        )
