"""Lint of a plan against its document's text: the hash, every quote at its place, and every numeral accounted for."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from shared.plans.document_text import DocumentText
from shared.plans.findings import LintFinding, finding_at
from shared.plans.lint_around import lint_around
from shared.plans.loader import PlanFiles
from shared.plans.numerals import NumeralPattern
from shared.plans.overlay import Overlay
from shared.plans.spot import Spot


def lint_text(files: PlanFiles, texts_dir: Path, patterns: Iterable[NumeralPattern]) -> Iterator[LintFinding]:
    """Find quotes that the document does not hold, numerals the plan does not account for, and a text that is another."""
    head = files.head.model
    spot = Spot(files.head.document)
    path = texts_dir / f"{head.id}.txt"
    if not path.is_file():
        yield spot.find(
            "text.missing",
            f"没有文本 {path.name}，引文未核对",
            f"{path.name} is not at hand, quotes were not checked",
            "text_sha256",
            severity="warning",
        )
        return
    text = DocumentText.read(path)
    if text.sha256 != head.text_sha256:
        yield spot.find(
            "text.hash",
            f"文本的 SHA-256 是 {text.sha256}：换回文件头所指的文本，或核对全文后改写 text_sha256",
            f"the SHA-256 of the text is {text.sha256}: use the text the head names, or check the plan again and renew it",
            "text_sha256",
        )
    overlay = Overlay(files, text, patterns)
    yield from _lint_quotes(overlay)
    yield from _lint_numerals(overlay)
    yield from lint_around(overlay, head.effective)


def _lint_quotes(overlay: Overlay) -> Iterator[LintFinding]:
    for spot, clause in overlay.lost_clauses:
        yield spot.find(
            "clause.heading",
            f"原文此前条款之后没有标题“{clause.begins_with}”",
            f"after the clause before, the document has no heading {clause.begins_with!r}",
            "title",
        )
    for place, quote in overlay.lost_quotes:
        yield finding_at(
            place.spot.document,
            quote.path,
            "quote.text",
            zh=f"原文该条款中没有“{quote.words}”：照抄原文，或移到它所在的条款",
            en=f"the document's clause does not hold {quote.words!r}: copy the words, or move them to the clause they stand in",
        )


def _lint_numerals(overlay: Overlay) -> Iterator[LintFinding]:
    for place in overlay.places:
        for numeral in overlay.numerals_of(place):
            if overlay.use_of(numeral) is None:
                words = overlay.text.compact[numeral.start : numeral.end]
                around = overlay.text.around(numeral)
                yield place.spot.find(
                    "numeral.uncovered",
                    f"“{around}”中的“{words}”没有引文或豁免：写成目标、史实、不可监测项，或写明豁免原因",
                    f"no quote or exemption covers {words!r} in {around!r}: make it a target, a fact, an unmonitored "
                    "number, or exempt it with the reason",
                )
