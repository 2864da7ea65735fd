"""Versions: which value of which cell is known."""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.kernel.period import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """Which version of which cell a fact is. `removed`: the row left, its other values say nothing."""

    key: str
    period: Period
    sequence: int
    submission_id: str
    removed: bool

    @property
    def stamp(self) -> str:
        """What an inputs digest holds of it."""
        return f"{self.key}:{self.period}:{self.sequence}"


def distinct_periods(versions: Iterable[Version]) -> tuple[Period, ...]:
    """Return the periods of the versions, in order."""
    return tuple(sorted({version.period for version in versions}))
