"""What the store is asked of firms, and what it answers: the above-scale register, its totals, candidates, and revenue."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from services.rules.domain.quantity import FirmAmount
from services.rules.domain.version import Version
from shared.kernel.period import Period

# ---- the above-scale register ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RegisterTotalsQuestion:
    """The register as the period's report shows it: firms reported as above scale that have not left by its end."""

    city: str
    period: Period


@dataclass(frozen=True, slots=True)
class AmountTotal:
    """An amount summed over the firms that tell it, in yuan or tonnes of standard coal, and how many do not tell it."""

    total: Decimal
    untold: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterTotal:
    """The firms of the register in one area and industry, and their year-to-date amounts."""

    area: str
    industry: str
    firms: int
    sums: Mapping[FirmAmount, AmountTotal]
    submissions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegisterTotals:
    """Totals by area and industry. `considered` firms are above scale in some version; the digest covers them all.

    `disputed` counts those on which sources differ, by the area and industry of the row that governs.
    """

    groups: tuple[RegisterTotal, ...]
    considered: int
    digest: str
    disputed: Mapping[tuple[str, str], int] = field(default_factory=dict)


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
    industry: str
    largest_yuan: int
    revenue_yuan: int | None
    before_yuan: int | None
    before_sequence: int | None
    before_submission_id: str | None
