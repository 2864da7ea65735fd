"""The journal of evaluations: what a replay follows."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One transaction that evaluates cities: why, and for whose request.

    `subjects`: ids of submissions settled, and `<id>:<row>` of rows that had been parked; or `<plan>@<version>`, `authorities`;
    or of a tick its day in China and calendar.
    """

    cities: tuple[str, ...]
    cause: Literal["submissions", "plans", "tick"]
    subjects: tuple[str, ...]
    correlation_id: str


class Journal(Protocol):
    """The order in which everything was evaluated, append-only: with the rows it is all that a replay needs."""

    async def begin(self, entry: Round, *, now: datetime) -> datetime:
        """Keep a round of locked cities; return the instant of all it writes: `now`, but later than any before of them."""
        ...

    async def last_tick(self, city: str) -> date | None:
        """Return the day of the city's last tick that changed something; None before the first."""
        ...
