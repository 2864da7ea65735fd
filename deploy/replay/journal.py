"""The journal of evaluations as it was kept, round by round."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from deploy.replay.databases import Connection

AUTHORITIES = "authorities"

_ROUNDS = """
SELECT round, min(at) AS at, array_agg(city ORDER BY city COLLATE "C") AS cities, min(cause) AS cause,
       min(subjects) AS subjects, min(correlation_id) AS correlation_id
FROM rules.evaluations GROUP BY round ORDER BY round
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalRound:
    """One transaction that evaluated cities; everything it wrote carries its instant."""

    number: int
    at: datetime
    cities: tuple[str, ...]
    cause: str
    subjects: tuple[str, ...]
    correlation_id: str

    @property
    def of_plans(self) -> bool:
        """Whether plans or ranks led to it."""
        return self.cause == "plans"

    @property
    def of_submissions(self) -> bool:
        """Whether submissions led to it."""
        return self.cause == "submissions"

    @property
    def day(self) -> date | None:
        """The day on which it was looked what is overdue; None when that did not lead to it."""
        return date.fromisoformat(self.subjects[0]) if self.cause == "tick" else None

    @property
    def plan_versions(self) -> tuple[str, ...]:
        """The plan versions it stored, as `<plan>@<version>`."""
        return tuple(one for one in self.subjects if one != AUTHORITIES) if self.of_plans else ()

    @property
    def submission_ids(self) -> tuple[str, ...]:
        """The submissions it settled, in order."""
        return tuple(one for one in self.subjects if _row_of(one) is None) if self.of_submissions else ()

    @property
    def unparked(self) -> Mapping[str, tuple[int, ...]]:
        """The rows that had been parked and came with this round, by submission."""
        found: dict[str, tuple[int, ...]] = {}
        for submission_id, row in filter(None, map(_row_of, self.subjects if self.of_submissions else ())):
            found[submission_id] = (*found.get(submission_id, ()), row)
        return found


def _row_of(subject: str) -> tuple[str, int] | None:
    submission_id, _, row = subject.rpartition(":")
    return (submission_id, int(row)) if submission_id and row.isdecimal() else None


async def read_journal(live: Connection) -> tuple[JournalRound, ...]:
    """Return every round, in the order in which they were evaluated."""
    return tuple(
        JournalRound(
            number=record["round"],
            at=record["at"],
            cities=tuple(record["cities"]),
            cause=record["cause"],
            subjects=tuple(record["subjects"]),
            correlation_id=record["correlation_id"],
        )
        for record in await live.fetch(_ROUNDS)
    )


def rounds_for(rounds: Sequence[JournalRound], wanted: Iterable[str]) -> tuple[JournalRound, ...]:
    """Return the rounds that the wanted submissions need, and those of plans and of days.

    A round is kept whole, since a finding names all submissions of its round; so its other submissions are needed too,
    with all rounds of theirs.
    """
    needed = set(wanted)
    while True:
        kept = tuple(one for one in rounds if not one.of_submissions or not needed.isdisjoint(one.submission_ids))
        more = {submission_id for one in kept for submission_id in one.submission_ids} - needed
        if not more:
            return kept
        needed |= more


def late_rows(rounds: Iterable[JournalRound]) -> Mapping[str, frozenset[int]]:
    """Return the rows that came in a later round than the first of their submission: they were parked until then."""
    begun: set[str] = set()
    late: dict[str, frozenset[int]] = {}
    for one in rounds:
        for submission_id, rows in one.unparked.items():
            if submission_id in begun:
                late[submission_id] = late.get(submission_id, frozenset()) | frozenset(rows)
        begun.update(one.submission_ids)
    return late
