"""Whose figures govern where sources differ: authorities by their names, ranked."""

from dataclasses import dataclass

from services.rules.domain.wording import Text


@dataclass(frozen=True, slots=True)
class RankedAuthority:
    """Authorities whose name fits `pattern` (`*` stands for any words): the first that fits says the rank, 1 is the best."""

    pattern: str
    rank: int
    name: Text
    note: str
