"""What rules needs from outside. All stores of one transaction commit together or not at all."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from services.rules.application.catalogue import Catalogue, PlanDefinition
from services.rules.application.journal import Journal
from services.rules.domain.authority import RankedAuthority
from services.rules.domain.duty import Duties
from services.rules.domain.facts import (
    ClassDFacts,
    FigureFact,
    MemberFact,
    MembersQuestion,
    ProjectFact,
    ProjectsQuestion,
    RatingsQuestion,
    RecognitionFact,
    RecognitionsQuestion,
)
from services.rules.domain.finding import Finding, FindingHead, FindingKey
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
from services.rules.domain.judged import Judged, VerdictHead
from services.rules.domain.ledger import Announcement, Ledger, Submission
from services.rules.domain.rows import FeedRow, FigureCell
from services.rules.domain.signal import SignalChanges, SignalRule
from services.rules.domain.stated_forecast import StatedForecast
from services.rules.domain.verdict import Verdict
from shared.kernel.period import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A complete submission that this transaction changed. `again`: it was before; `begins`: first of city and period."""

    submission: Submission
    again: bool
    begins: bool = True


class Intake(Protocol):
    """Keeps what arrives. Everything is idempotent: a row is known by its submission and row number."""

    async def store_rows(self, rows: Sequence[FeedRow]) -> frozenset[str]:
        """Keep rows not known yet and count them to their submissions; return the ids of submissions that got any."""
        ...

    @property
    def unparked(self) -> tuple[tuple[str, int], ...]:
        """The rows stored in this transaction that were parked before, by submission and row number."""
        ...

    async def announce(self, announcements: Sequence[Announcement]) -> frozenset[str]:
        """Keep announcements not known yet; return their submissions' ids."""
        ...

    async def count_parked(self, submission_id: str, row_number: int) -> frozenset[str]:
        """Count a parked row to its submission unless the row is known; return the id if it counted."""
        ...

    async def settle(self, touched: Iterable[str], *, now: datetime) -> tuple[Settled, ...]:
        """Return those of the touched submissions that are complete, marking the newly complete ones, by sequence."""
        ...

    async def date(self, submission_ids: Sequence[str], *, at: datetime) -> None:
        """Say when submissions became complete, where that is later than was said when they were marked."""
        ...


class FactStore(Protocol):
    """Answers the domain's questions from the rows of complete submissions alone. Every answer is sorted by key."""

    async def lock(self, cities: Iterable[str]) -> None:
        """Let one transaction at a time evaluate a city; what others committed before is seen afterwards."""
        ...

    async def ledger(self, city: str) -> Ledger:
        """Return the complete submissions of the city."""
        ...

    async def projects(self, question: ProjectsQuestion) -> tuple[ProjectFact, ...]:
        """Answer for projects."""
        ...

    async def register_totals(self, question: RegisterTotalsQuestion) -> RegisterTotals:
        """Answer for what the above-scale register holds, by area and industry."""
        ...

    async def register_moves(self, question: RegisterQuestion) -> tuple[FirmFact, ...]:
        """Answer for entries into the above-scale register and exits."""
        ...

    async def candidates(self, question: CandidatesQuestion) -> CandidateFacts:
        """Answer for firms that may enter the register next."""
        ...

    async def revenues(self, question: RevenueQuestion) -> tuple[RevenueFact, ...]:
        """Answer for firms over a line of revenue."""
        ...

    async def class_d(self, question: RatingsQuestion) -> ClassDFacts:
        """Answer for firms of class D."""
        ...

    async def recognitions(self, question: RecognitionsQuestion) -> tuple[RecognitionFact, ...]:
        """Answer for titles granted to firms."""
        ...

    async def register_members(self, question: MembersQuestion) -> tuple[MemberFact, ...]:
        """Answer for which firms with titles are in the above-scale register."""
        ...

    async def figures(self, cells: Iterable[FigureCell]) -> dict[FigureCell, tuple[FigureFact, ...]]:
        """Return what every source states of each of the cells that has any version, by source; removals too."""
        ...

    async def known_cells(self, places: Iterable[tuple[str, str]]) -> frozenset[FigureCell]:
        """Return every cell of these indicators and areas that has any version."""
        ...

    async def superseded_from(self, submission: Submission) -> date | None:
        """Return the end of the first period from which later reports stand for everything the submission says.

        Of projects any later report of each, of firms one of the same statistical year; None when there may be none. Of a
        submission without rows it is the day after its period.
        """
        ...

    async def moves_register(self, submission_id: str) -> bool:
        """Whether firms of the submission entered or left the register in any version; a large one may just say yes."""
        ...

    async def touched_cells(self, submission_id: str) -> frozenset[FigureCell]:
        """Return the cells of published figures that a submission holds."""
        ...


class VerdictStore(Protocol):
    """Verdicts, append-only: the latest of a target and period is the current one."""

    async def heads(
        self, city: str, target_ids: Collection[str], *, periods: Collection[Period] | None = None
    ) -> dict[str, dict[Period, VerdictHead]]:
        """Return the current verdicts of targets of the city by period, or of these alone; of one never judged there are none."""
        ...

    async def append(self, verdicts: Sequence[Verdict], *, now: datetime, correlation_id: str) -> None:
        """Keep new verdicts, in order."""
        ...

    async def read(self, verdict_ids: Collection[str]) -> dict[str, Judged]:
        """Return verdicts by id."""
        ...


class ForecastStore(Protocol):
    """Forecasts, append-only: the latest of a target is what is stated now."""

    async def heads(self, city: str, target_ids: Collection[str]) -> dict[str, str]:
        """Return the fingerprint of what is stated now of each target."""
        ...

    async def append(self, forecasts: Sequence[StatedForecast], *, now: datetime, correlation_id: str) -> None:
        """Keep what is stated, in order."""
        ...


class SignalStore(Protocol):
    """Versions of signals, append-only."""

    async def active(self, rule: SignalRule) -> dict[str, str]:
        """Return the fingerprint of each active signal of the rule, by id."""
        ...

    async def append(self, changes: SignalChanges, *, now: datetime) -> None:
        """Write a version for each signal that began or changed, and one that ends each that ended."""
        ...


class FindingStore(Protocol):
    """Findings, append-only, and the outbox that tells them."""

    async def heads(self, city: str, target_ids: Collection[str]) -> dict[FindingKey, FindingHead]:
        """Return the last finding told of each key of these targets and rules."""
        ...

    async def tell(self, findings: Sequence[tuple[int, Finding]], *, now: datetime, correlation_id: str) -> None:
        """Keep each finding under its sequence and put it into the outbox."""
        ...


class PlanStore(Protocol):
    """Versions of plans and targets, append-only."""

    async def store(self, plans: Sequence[PlanDefinition], *, now: datetime) -> tuple[str, ...]:
        """Write a new version of each plan and target whose content changed; return the plans' versions, `<plan>@<version>`."""
        ...

    async def catalogue(self) -> Catalogue:
        """Return the current versions of every plan's targets and rules; they stay current in this transaction."""
        ...


class AuthorityStore(Protocol):
    """Versions of the ranks of authorities, append-only: facts answer by the newest."""

    async def store(self, authorities: Sequence[RankedAuthority], *, now: datetime) -> bool:
        """Write a new version if the ranks changed, and say so."""
        ...


class Stores(Protocol):
    """The stores of one transaction."""

    @property
    def intake(self) -> Intake:
        """What arrives."""
        ...

    @property
    def journal(self) -> Journal:
        """What was evaluated when."""
        ...

    @property
    def facts(self) -> FactStore:
        """What is known."""
        ...

    @property
    def verdicts(self) -> VerdictStore:
        """What was judged."""
        ...

    @property
    def forecasts(self) -> ForecastStore:
        """What is foreseen."""
        ...

    @property
    def signals(self) -> SignalStore:
        """What happened."""
        ...

    @property
    def findings(self) -> FindingStore:
        """What is told."""
        ...

    @property
    def duties(self) -> Duties:
        """What must be reported by when; the same in every transaction."""
        ...

    @property
    def plans(self) -> PlanStore:
        """What is demanded."""
        ...

    @property
    def authorities(self) -> AuthorityStore:
        """Whose figures govern."""
        ...


class Database(Protocol):
    """Begins transactions."""

    def transaction(self) -> AbstractAsyncContextManager[Stores]:
        """Begin; commit when the block ends, roll back when it raises."""
        ...
