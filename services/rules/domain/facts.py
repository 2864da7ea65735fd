"""What the store is asked for, and what it answers: few current rows, chosen by set, for the domain to judge.

Every answer holds the current version (of complete submissions) of each cell of which *any* version met the condition of the
question. A cell that met it once stays in the answer, so that a correction that takes it out of the count is told by the
inputs of the verdict too; a cell that never met it leaves them alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.rules.domain.rows import FigureCell
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


# ---- project starts -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StartsQuestion:
    """Projects of the city that any report up to `until` shows as started, with accepted evidence, on or after `since`."""

    city: str
    since: date
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFact:
    """A project's row of the latest report up to the question's `until`; `largest_total_yuan` of all its versions."""

    version: Version
    name: str
    area: str
    planned_total_yuan: int
    largest_total_yuan: int
    started_on: date | None
    start_evidence: str


# ---- the above-scale register ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RegisterQuestion:
    """Firms that a report of the statistical year, up to `until`, shows as entered or left in that year."""

    city: str
    year: int
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmFact:
    """A firm's row of the latest report in the statistical year up to the question's `until`."""

    version: Version
    name: str
    area: str
    entered_on: date | None
    entry_kind: str | None
    exited_on: date | None
    exit_kind: str | None


@dataclass(frozen=True, slots=True)
class CandidatesQuestion:
    """Operating firms outside the register whose revenue of the last 12 months reached the line."""

    city: str
    period: Period
    min_revenue_yuan: int

    @property
    def year_end_before(self) -> Period:
        """The last December report before the period's year."""
        return Period.month(self.period.year - 1, 12)

    @property
    def year_before(self) -> Period:
        """The same report one year earlier."""
        return self.period.year_before()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A firm over the line: revenue_ytd(P) + revenue_ytd(December before) − revenue_ytd(P a year before)."""

    uscc: str
    name: str
    area: str
    revenue_yuan: int
    submission_id: str


@dataclass(frozen=True, slots=True)
class CandidateFacts:
    """The candidates by uscc, how many firms lack one of the three reports, and the digest of all rows looked at."""

    candidates: tuple[Candidate, ...]
    untold: int
    digest: str


# ---- revenue --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RevenueQuestion:
    """Firms of which a version of the period's report shows a year-to-date revenue of at least `at_least_yuan`."""

    city: str
    period: Period
    at_least_yuan: int

    @property
    def before(self) -> Period:
        """The December report of the year before."""
        return Period.month(self.period.year - 1, 12)


@dataclass(frozen=True, slots=True, kw_only=True)
class RevenueFact:
    """A firm's revenue of the period and of the December before (None: no such report)."""

    version: Version
    name: str
    area: str
    largest_yuan: int
    revenue_yuan: int | None
    before_yuan: int | None
    before_sequence: int | None
    before_submission_id: str | None


# ---- ratings and published figures ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RatingsQuestion:
    """Class D of the last published round: the newest year of which the city has a final rating."""

    city: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingFact:
    """A firm with a final D in the round. The name is the newest one reported, the uscc when there is none."""

    uscc: str
    year: int
    name: str
    area: str
    published_on: date
    score: Decimal | None
    submission_id: str


@dataclass(frozen=True, slots=True)
class FiguresQuestion:
    """Published figures by their cells."""

    cells: tuple[FigureCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureFact:
    """The newest version of a published figure."""

    version: Version
    cell: FigureCell
    value: Decimal
    unit: str
    status: str
    authority: str


Question = StartsQuestion | RegisterQuestion | CandidatesQuestion | RevenueQuestion | RatingsQuestion | FiguresQuestion


@dataclass(frozen=True, slots=True)
class Facts:
    """The answers that one evaluation needs, by question."""

    starts: dict[StartsQuestion, tuple[ProjectFact, ...]]
    moves: dict[RegisterQuestion, tuple[FirmFact, ...]]
    candidates: dict[CandidatesQuestion, CandidateFacts]
    revenues: dict[RevenueQuestion, tuple[RevenueFact, ...]]
    ratings: dict[RatingsQuestion, tuple[RatingFact, ...]]
    figures: dict[FigureCell, FigureFact]

    @classmethod
    def empty(cls) -> "Facts":
        """Return facts that answer nothing yet."""
        return cls({}, {}, {}, {}, {}, {})


def distinct_periods(versions: Iterable[Version]) -> tuple[Period, ...]:
    """Return the periods of the versions, in order."""
    return tuple(sorted({version.period for version in versions}))
