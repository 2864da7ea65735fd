"""What the store is asked for, and what it answers: few current rows, chosen by set, for the domain to judge.

Every answer holds the current version (of complete submissions) of each cell of which *any* version met the condition of the
question. A cell that met it once stays in the answer, so that a correction that takes it out of the count is told by the
inputs of the verdict too; a cell that never met it leaves them alone. Of published figures every source is answered for: the
domain chooses among them (`figure_sources.py`).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.rules.domain.firm_facts import (
    CandidateFacts,
    CandidatesQuestion,
    FirmFact,
    RegisterQuestion,
    RegisterTotals,
    RegisterTotalsQuestion,
    RevenueFact,
    RevenueQuestion,
)
from services.rules.domain.quantity import ProjectEvent
from services.rules.domain.rows import FigureCell
from services.rules.domain.version import Version
from shared.kernel.period import Period

# ---- projects -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProjectsQuestion:
    """Projects of the city of which a report that ends by `known_by` shows the event from `since` to `until`.

    A start counts with accepted evidence only.
    """

    city: str
    event: ProjectEvent
    since: date
    until: date
    known_by: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFact:
    """A project's row of the latest report that ends by the question's `known_by`.

    `occurred_on` is the day of the event asked for, `largest_total_yuan` the largest planned total of the versions that
    show it. `is_disputed`: another source says otherwise of it.
    """

    version: Version
    name: str
    area: str
    kind: str
    industry: str | None
    planned_total_yuan: int
    largest_total_yuan: int
    planned_equipment_yuan: int | None
    completed_prior_yuan: int | None
    completed_ytd_yuan: int | None
    started_on: date | None
    start_evidence: str
    occurred_on: date | None
    is_disputed: bool = False


# ---- ratings, titles and published figures --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RatingsQuestion:
    """Class D of every published round: a year of which the city has a final rating."""

    city: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingFact:
    """A firm with a final D in a round. The name is the newest one reported, the uscc when there is none."""

    uscc: str
    year: int
    name: str
    area: str
    published_on: date
    score: Decimal | None
    submission_id: str


@dataclass(frozen=True, slots=True)
class ClassDFacts:
    """The published rounds in order, and the firms of class D in each, by round and uscc."""

    rounds: tuple[int, ...] = ()
    firms: tuple[RatingFact, ...] = ()

    @property
    def newest(self) -> tuple[RatingFact, ...]:
        """The firms of the last published round: it holds until the next one is published."""
        return tuple(firm for firm in self.firms if firm.year == self.rounds[-1])


@dataclass(frozen=True, slots=True)
class RecognitionsQuestion:
    """Titles of these kinds that any report shows as granted to a firm of the city on or before `until`."""

    city: str
    kinds: tuple[str, ...]
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognitionFact:
    """The newest version of one title, whichever report told it. `name` is the firm's, if that row gives it.

    The name does not come from another feed: what is said of a title depends on the reports of titles alone.
    """

    version: Version
    uscc: str
    name: str | None
    kind: str
    level: str
    batch: str
    area: str
    granted_on: date | None
    revoked_on: date | None


@dataclass(frozen=True, slots=True)
class MembersQuestion:
    """Firms that any version shows with a title of these kinds, as the period's enterprise report has them."""

    city: str
    period: Period
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MemberFact:
    """Whether a firm is in the above-scale register at the end of the period."""

    version: Version
    is_registered: bool


@dataclass(frozen=True, slots=True)
class FiguresQuestion:
    """Published figures by their cells."""

    cells: tuple[FigureCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureFact:
    """What one source states of a published figure: its newest version. A removed one states nothing.

    `rank` is that of the authority among all, 1 the best; None when nobody ranked it: then it comes last.
    """

    version: Version
    source: str
    cell: FigureCell
    value: Decimal
    unit: str
    status: str
    authority: str
    rank: int | None


Question = (
    ProjectsQuestion
    | RegisterTotalsQuestion
    | RegisterQuestion
    | CandidatesQuestion
    | RevenueQuestion
    | RatingsQuestion
    | RecognitionsQuestion
    | MembersQuestion
    | FiguresQuestion
)


@dataclass(frozen=True, slots=True)
class Facts:
    """The answers that one evaluation needs, by question."""

    projects: dict[ProjectsQuestion, tuple[ProjectFact, ...]]
    register: dict[RegisterTotalsQuestion, RegisterTotals]
    moves: dict[RegisterQuestion, tuple[FirmFact, ...]]
    candidates: dict[CandidatesQuestion, CandidateFacts]
    revenues: dict[RevenueQuestion, tuple[RevenueFact, ...]]
    ratings: dict[RatingsQuestion, ClassDFacts]
    recognitions: dict[RecognitionsQuestion, tuple[RecognitionFact, ...]]
    members: dict[MembersQuestion, tuple[MemberFact, ...]]
    figures: dict[FigureCell, tuple[FigureFact, ...]]

    @classmethod
    def empty(cls) -> "Facts":
        """Return facts that answer nothing yet."""
        return cls({}, {}, {}, {}, {}, {}, {}, {}, {})
