"""A document's text for comparison: without white space, with its numerals as they stand between the white space.

Documents wrap lines in the middle of sentences and part the cells of a table by tabs or bars, so quotes are compared without
them; but 1 and 2700 in two cells are two numerals, not 12700.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from shared.plans.numerals import Span, numeral_spans


def compact(text: str) -> str:
    """Return the text without white space and without the bars between cells."""
    return "".join(character for character in text if not _is_blank(character))


def _is_blank(character: str) -> bool:
    return character.isspace() or character in "|\ufeff\u200b"


@dataclass(frozen=True)
class DocumentText:
    """One document."""

    raw: str
    sha256: str

    @classmethod
    def read(cls, path: Path) -> "DocumentText":
        """Read a file."""
        content = path.read_bytes()
        return cls(content.decode("utf-8"), hashlib.sha256(content).hexdigest())

    @cached_property
    def compact(self) -> str:
        """The text without white space; every position below is one in it."""
        return compact(self.raw)

    @cached_property
    def numerals(self) -> tuple[Span, ...]:
        """Every numeral, in order."""
        positions: list[int] = []
        count = 0
        for character in self.raw:
            positions.append(count)
            count += not _is_blank(character)
        positions.append(count)
        return tuple(Span(positions[span.start], positions[span.end - 1] + 1) for span in numeral_spans(self.raw))

    def occurrences(self, quote: str, within: Span) -> Iterator[Span]:
        """Find every place of a quote inside a span."""
        words = compact(quote)
        start = self.compact.find(words, within.start, within.end) if words else -1
        while start >= 0:
            yield Span(start, start + len(words))
            start = self.compact.find(words, start + 1, within.end)

    def around(self, span: Span, *, characters: int = 14) -> str:
        """Return a span with the words around it."""
        return self.compact[max(0, span.start - characters) : span.end + characters]
