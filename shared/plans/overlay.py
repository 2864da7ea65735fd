"""A plan laid over its document's text: the place of each clause, the quotes that are not there, and what accounts for each numeral.

The place of a clause is the text from its heading to the heading of the next clause the plan lists.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from shared.plans.document_text import DocumentText, compact
from shared.plans.loader import PlanFiles
from shared.plans.numerals import NumeralPattern, Span
from shared.plans.quotes import USES, Quote, Use, clause_quotes, head_quotes
from shared.plans.schema import Clause
from shared.plans.spot import Spot


@dataclass(frozen=True, slots=True)
class Place:
    """One clause in its file and in the text, with its chapter's text; the head (no clause) has the whole text.

    Its own numerals end at `numerals_until`: the head's where the clauses begin.
    """

    spot: Spot
    clause: Clause | None
    span: Span
    chapter: Span
    numerals_until: int


class Overlay:
    """What a plan accounts for in its document, and what it does not."""

    def __init__(self, files: PlanFiles, text: DocumentText, patterns: Iterable[NumeralPattern]) -> None:
        self.text = text
        self.lost_clauses: list[tuple[Spot, Clause]] = []
        self.lost_quotes: list[tuple[Place, Quote]] = []
        self._uses = bytearray(len(text.compact))
        self.places = self._placed(files)
        for pattern in patterns:
            self._cover("pattern", (Span(*match.span()) for match in re.finditer(pattern.pattern, text.compact)))
        for place in self.places:
            self._cover_place(files, place)

    def use_of(self, numeral: Span) -> Use | None:
        """Return what accounts for a numeral; None when nothing accounts for all of it."""
        uses = self._uses[numeral.start : numeral.end]
        return USES[min(uses) - 1] if all(uses) else None

    def numerals_of(self, place: Place) -> Iterator[Span]:
        """Return the numerals of a place; each numeral of the text belongs to one."""
        return (one for one in self.text.numerals if place.span.start <= one.start < place.numerals_until)

    def _placed(self, files: PlanFiles) -> tuple[Place, ...]:
        """Place the clauses one after the other; a heading must stand after the one before it."""
        begun: list[tuple[Spot, Clause, int]] = []
        last = 0
        for chapter in files.chapters:
            for index, clause in enumerate(chapter.model.clauses):
                spot = Spot(chapter.document, ("clauses", index))
                start = self.text.compact.find(compact(clause.begins_with), last)
                if start < 0:
                    self.lost_clauses.append((spot, clause))
                    continue
                begun.append((spot, clause, start))
                last = start + len(compact(clause.begins_with))
        return self._places(files, begun)

    def _places(self, files: PlanFiles, begun: list[tuple[Spot, Clause, int]]) -> tuple[Place, ...]:
        length = len(self.text.compact)
        spans = [Span(*ends) for ends in pairwise([*(start for _, _, start in begun), length])]
        chapters: dict[Path, Span] = {}
        for (spot, _, _), span in zip(begun, spans, strict=True):
            first = chapters.get(spot.document.path, span)
            chapters[spot.document.path] = Span(first.start, span.end)
        whole = Span(0, length)
        head = Place(Spot(files.head.document), None, whole, whole, spans[0].start if spans else length)
        return head, *(
            Place(spot, clause, span, chapters[spot.document.path], span.end)
            for (spot, clause, _), span in zip(begun, spans, strict=True)
        )

    def _cover_place(self, files: PlanFiles, place: Place) -> None:
        clause, start = place.clause, place.span.start
        if clause is not None:
            self._cover("heading", [Span(start, start + len(compact(clause.begins_with)))])
        quotes = head_quotes(files.head.model) if clause is None else clause_quotes(clause, place.spot.path)
        for quote in quotes:
            within = {"clause": place.span, "chapter": place.chapter, "document": self.places[0].span}[quote.within]
            found = list(self.text.occurrences(quote.words, within))
            self._cover(quote.use, found)
            if not found:
                self.lost_quotes.append((place, quote))

    def _cover(self, use: Use, spans: Iterable[Span]) -> None:
        rank = USES.index(use) + 1
        for span in spans:
            for position in range(span.start, span.end):
                known = self._uses[position]
                self._uses[position] = min(known, rank) if known else rank
