"""Which source's figure governs a cell: every statement is kept, one is judged by (design 7.11)."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.rules.domain.facts import FigureFact

FINAL = "final"


@dataclass(frozen=True, slots=True)
class Ruling:
    """The governing statement, None when there is none, and what other sources state, the best authority's first."""

    governing: FigureFact | None
    others: tuple[FigureFact, ...]

    @property
    def conflicting(self) -> tuple[FigureFact, ...]:
        """The others that differ from the governing one; of none, nothing differs."""
        governing = self.governing
        if governing is None:
            return ()
        return tuple(one for one in self.others if (one.value, one.unit) != (governing.value, governing.unit))


def ruling_of(statements: Iterable[FigureFact], *, final_only: bool = False) -> Ruling:
    """Choose among the sources' statements: the best authority, then final before provisional, then the newest.

    With `final_only` a provisional figure never governs; it is among the others. A source that took its figure back states
    nothing, and takes nothing from another one.
    """
    ranked = sorted((one for one in statements if not one.version.removed), key=_precedence)
    governing = next((one for one in ranked if one.status == FINAL or not final_only), None)
    return Ruling(governing, tuple(one for one in ranked if one is not governing))


def _precedence(statement: FigureFact) -> tuple[bool, int, bool, int, str]:
    """Sort by it: the source comes last, so that the order is the same whatever was asked first."""
    rank = statement.rank
    return (rank is None, rank or 0, statement.status != FINAL, -statement.version.sequence, statement.source)
