"""Where an indicator's figure comes from: a published one, or a quantity that is counted or summed from rows.

`feeds` names the feeds whose rows are read. `unit` is the base unit of a quantity; the indicator says in which unit it is shown.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from services.rules.domain.feed import Feed


@dataclass(frozen=True, slots=True)
class Line:
    """A bound in yuan: 以上 includes it, 超 and 突破 must exceed it (trap 5)."""

    yuan: int
    inclusive: bool

    def is_reached(self, yuan: int | None) -> bool:
        """Whether an amount reaches the line; an amount that is not told does not."""
        if yuan is None:
            return False
        return yuan >= self.yuan if self.inclusive else yuan > self.yuan


def is_within(industry: str | None, industries: tuple[str, ...]) -> bool:
    """Whether an industry is one of these GB/T 4754 codes or lies below one; no codes mean all industries."""
    return not industries or (industry is not None and industry.startswith(industries))


# ---- published figures ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReportedFigure:
    """A published figure of one measure, on the first of these bases that is there; bases never mix (trap 4).

    `final_only`: a provisional figure is not judged by.
    """

    measure: str
    bases: tuple[str, ...]
    final_only: bool = False
    feeds = (Feed.INDICATORS,)


@dataclass(frozen=True, slots=True)
class MeanGrowth:
    """The mean of the published yearly growth from the year after `since_year` on; never computed from levels (trap 3)."""

    bases: tuple[str, ...]
    since_year: int
    final_only: bool = False
    measure = "growth"
    feeds = (Feed.INDICATORS,)

    def years(self, last: int) -> tuple[int, ...]:
        """The years whose growth is meant, up to `last`."""
        return tuple(range(self.since_year + 1, last + 1))


# ---- projects -------------------------------------------------------------------------------------------------------


class ProjectEvent(StrEnum):
    """What happens to a project once; none of these stands for another (trap 5)."""

    SIGNED = "signed"
    FILED = "filed"
    STARTED = "started"
    LISTED = "listed"
    COMPLETED = "completed"
    IN_PRODUCTION = "in_production"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectChoice:
    """Projects whose event falls into the horizon's years. `total` is a line of planned total investment, `equipment` one
    of planned equipment investment; no kinds, no industries and no codes (named projects) mean all.
    """

    event: ProjectEvent
    total: Line | None = None
    equipment: Line | None = None
    kinds: frozenset[str] = frozenset()
    industries: tuple[str, ...] = ()
    codes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CountProjects:
    """How many projects, each once."""

    choice: ProjectChoice
    unit = "个"
    feeds = (Feed.PROJECTS,)


class ProjectAmount(StrEnum):
    """What is summed of projects: the planned total, or what is completed so far (earlier years and this one)."""

    PLANNED_TOTAL = "planned_total"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class SumProjects:
    """An amount of projects, summed in yuan; up to the share `untold_up_to` of them may not tell it."""

    choice: ProjectChoice
    amount: ProjectAmount
    untold_up_to: Fraction = Fraction(0)
    unit = "元"
    feeds = (Feed.PROJECTS,)


# ---- firms ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NetAboveScale:
    """Entries into the above-scale register minus exits, of the horizon's statistical years (trap 2).

    `candidate_revenue_yuan` is the line of the pipeline shown as outlook, None when the plan names none.
    """

    candidate_revenue_yuan: int | None
    unit = "户"
    feeds = (Feed.ENTERPRISES,)


@dataclass(frozen=True, slots=True)
class FirmsOver:
    """Firms whose full-year revenue is over a line; `newly`: and was not the year before."""

    line: Line
    newly: bool
    industries: tuple[str, ...] = ()
    unit = "户"
    feeds = (Feed.ENTERPRISES,)


@dataclass(frozen=True, slots=True)
class CountRegister:
    """Firms in the above-scale register at the end of the period."""

    industries: tuple[str, ...] = ()
    unit = "户"
    feeds = (Feed.ENTERPRISES,)


class FirmAmount(StrEnum):
    """What is summed of firms, from 1 January on: money in yuan, energy in tonnes of standard coal."""

    REVENUE = "revenue"
    OUTPUT = "output"
    PROFIT = "profit"
    TAX = "tax"
    RD = "rd"
    ENERGY = "energy"


@dataclass(frozen=True, slots=True)
class SumFirms:
    """A year-to-date amount of the firms in the above-scale register; up to the share `untold_up_to` may not tell it."""

    amount: FirmAmount
    industries: tuple[str, ...] = ()
    untold_up_to: Fraction = Fraction(0)
    feeds = (Feed.ENTERPRISES,)

    @property
    def unit(self) -> str:
        """The unit of the amount."""
        return "吨标准煤" if self.amount is FirmAmount.ENERGY else "元"


# ---- titles ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Title:
    """A kind of recognition, of some levels or of all."""

    kind: str
    levels: frozenset[str] = frozenset()


class TitleCount(StrEnum):
    """What is counted: what is held at the end of the period, firms or titles, or what was granted in the horizon's years.

    Holders are firms; holdings and grants count each firm and kind once, titles count each. New grants leave out a firm that
    was granted that kind at that level before the horizon, new holders one that was granted any of the titles.
    """

    HOLDERS = "holders"
    HOLDINGS = "holdings"
    TITLES_HELD = "titles_held"
    GRANTS = "grants"
    NEW_GRANTS = "new_grants"
    NEW_HOLDERS = "new_holders"
    TITLES_GRANTED = "titles_granted"

    @property
    def is_stock(self) -> bool:
        """Whether it looks at one day, and not at the years of the horizon."""
        return self in {TitleCount.HOLDERS, TitleCount.HOLDINGS, TitleCount.TITLES_HELD}

    @property
    def is_new(self) -> bool:
        """Whether what was granted before the horizon takes away from it."""
        return self in {TitleCount.NEW_GRANTS, TitleCount.NEW_HOLDERS}


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRecognitions:
    """Firms with one of the titles, or the titles granted; `register_only`: of firms in the above-scale register."""

    count: TitleCount
    titles: tuple[Title, ...]
    register_only: bool = False

    @property
    def unit(self) -> str:
        """Firms, or titles."""
        return "户" if self.count in {TitleCount.HOLDERS, TitleCount.NEW_HOLDERS} else "项"

    @property
    def feeds(self) -> tuple[Feed, ...]:
        """Titles, and where the register matters the firms' reports."""
        return (Feed.RECOGNITIONS, Feed.ENTERPRISES) if self.register_only else (Feed.RECOGNITIONS,)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of the titles, each once, in order."""
        return tuple(sorted({title.kind for title in self.titles}))

    def names(self, kind: str, level: str) -> bool:
        """Whether a recognition of this kind and level is one of the titles."""
        return any(title.kind == kind and (not title.levels or level in title.levels) for title in self.titles)


# ---- ratios ---------------------------------------------------------------------------------------------------------

Quantity = CountProjects | SumProjects | NetAboveScale | FirmsOver | CountRegister | SumFirms | CountRecognitions


@dataclass(frozen=True, slots=True)
class Ratio:
    """One quantity divided by another, in their base units, times `factor`."""

    numerator: Quantity
    denominator: Quantity
    factor: Fraction

    @property
    def feeds(self) -> tuple[Feed, ...]:
        """The feeds of both, each once."""
        return tuple(dict.fromkeys((*self.numerator.feeds, *self.denominator.feeds)))


Published = ReportedFigure | MeanGrowth
Derivation = Published | Quantity | Ratio


def quantities_of(derivation: Derivation) -> tuple[Published | Quantity, ...]:
    """Return what must be known for the figure: both parts of a ratio, else the derivation itself."""
    if isinstance(derivation, Ratio):
        return (derivation.numerator, derivation.denominator)
    return (derivation,)


def base_unit(derivation: Derivation) -> str | None:
    """Return the unit in which the figure is found; None where it is found in the indicator's own."""
    return None if isinstance(derivation, ReportedFigure | MeanGrowth | Ratio) else derivation.unit
