"""The schema of a plan's files: the head (`plan.yaml`) and its chapters with clauses, targets and signal rules."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from shared.plans.model import BilingualName, DecimalText, PlanModel, Slug, Year

Comparator = Literal["ge", "gt", "le", "lt", "eq"]
Direction = Literal["up", "down"]
Frequency = Literal["month", "year"]
Binding = Literal["binding", "expected"]
LeadBasis = Literal["stated", "first_listed", "plan_office"]
Month = Annotated[int, Field(ge=1, le=12)]


# ---- head -------------------------------------------------------------------------------------------------------


class Effective(PlanModel):
    """The years the plan covers, first and last included."""

    first_year: Year
    last_year: Year

    @model_validator(mode="after")
    def _in_order(self) -> "Effective":
        if self.last_year < self.first_year:
            raise ValueError("last_year is before first_year")
        return self

    @property
    def years(self) -> tuple[int, ...]:
        """Every year covered, in order."""
        return tuple(range(self.first_year, self.last_year + 1))


class Head(PlanModel):
    """The document: what it is, who issued it, and the SHA-256 of its text (the text itself is not in the project)."""

    id: Slug
    title: BilingualName
    document_number: str
    issuer: str
    issued_on: date
    effective: Effective
    city: str
    text_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


# ---- responsibility ---------------------------------------------------------------------------------------------


class Responsible(PlanModel):
    """Who answers, by role, each unit as the document writes it.

    `lead_basis`: `stated` (牵头 is written, or one unit alone is named), `first_listed` (the text says 按职责分工负责
    and the first unit leads by convention), `plan_office` (the clause names nobody; the unit that the plan makes
    report on its progress answers). `quote` holds the words that name them.
    """

    lead: str
    lead_basis: LeadBasis
    joint: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    implementing: tuple[str, ...] = ()
    quote: str = Field(min_length=1)

    @property
    def names(self) -> tuple[str, ...]:
        """Every unit, the lead first."""
        return (self.lead, *self.joint, *self.support, *self.implementing)


# ---- horizon ----------------------------------------------------------------------------------------------------


class Annual(PlanModel):
    """Every year of the plan anew (每年…): one target for each."""

    kind: Literal["annual"]


class LevelAtYear(PlanModel):
    """The level that the year's figure must show (到2025年达到…)."""

    kind: Literal["level_at_year"]
    year: Year


class CumulativeBy(PlanModel):
    """The sum from `since` (the plan's first year when not given) to the end of `year` (到2025年累计新增…)."""

    kind: Literal["cumulative_by"]
    year: Year
    since: Year | None = None


Horizon = Annotated[Annual | LevelAtYear | CumulativeBy, Field(discriminator="kind")]


# ---- pace -------------------------------------------------------------------------------------------------------


class _Pace(PlanModel):
    stated: bool = Field(description="the document itself states this pace; otherwise it is our choice and says so")


class LinearPace(_Pace):
    """The elapsed share of the year."""

    kind: Literal["linear"]


class IntegerPace(_Pace):
    """The elapsed share of the year, rounded down: floor(target · m / 12) (trap 7)."""

    kind: Literal["integer"]


class PaceShare(PlanModel):
    """The cumulative share of the target expected by a month's report; `years_after` 1 is the year after the horizon."""

    month: Month
    years_after: Literal[0, 1] = 0
    share: DecimalText = Field(gt=0, le=1)


class _SharesPace(_Pace):
    shares: tuple[PaceShare, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _rising_to_one(self) -> "_SharesPace":
        order = [(share.years_after, share.month) for share in self.shares]
        values = [share.share for share in self.shares]
        if order != sorted(set(order)) or values != sorted(values):
            raise ValueError("shares must follow each other in time and never fall")
        if values[-1] != 1:
            raise ValueError("the last share must be 1")
        return self


class SchedulePace(_SharesPace):
    """Cumulative shares by month or quarter; between two of them the earlier one holds."""

    kind: Literal["schedule"]


class SteppedPace(_SharesPace):
    """Judged only in the named months; in every other month the target is not due (trap 2)."""

    kind: Literal["stepped"]


class Baseline(PlanModel):
    """The value a path starts from, the year it belongs to, and the words that state it."""

    value: DecimalText
    year: Year
    quote: str = Field(min_length=1)


class BaselineLinearPace(_Pace):
    """A straight line from the baseline to the target."""

    kind: Literal["baseline_linear"]
    baseline: Baseline


class BaselineGrowthPace(_Pace):
    """Constant growth from the baseline to the target."""

    kind: Literal["baseline_growth"]
    baseline: Baseline


class AtHorizonPace(_Pace):
    """Judged only with the report that ends the horizon."""

    kind: Literal["at_horizon"]


Pace = Annotated[
    LinearPace | IntegerPace | SchedulePace | SteppedPace | BaselineLinearPace | BaselineGrowthPace | AtHorizonPace,
    Field(discriminator="kind"),
]


# ---- targets and signals ----------------------------------------------------------------------------------------


class Reference(PlanModel):
    """The second figure a relative target needs (完成省定目标, 低于全省平均): an indicator, of an area (trap 14)."""

    indicator: Slug
    area: str


class Target(PlanModel):
    """One number of the plan: exactly one of `value` and `reference`.

    `comparator_stated` is false when the document gives a bare number (39) and the comparator is our reading.
    `area` is the plan's city when not given. `responsible` only where another clause names who answers.
    """

    slug: Slug
    name: BilingualName
    indicator: Slug
    area: str | None = None
    value: DecimalText | None = None
    reference: Reference | None = None
    comparator: Comparator
    comparator_stated: bool
    direction: Direction
    unit: str
    horizon: Horizon
    pace: Pace
    frequency: Frequency
    binding: Binding
    lights: Slug
    responsible: Responsible | None = None
    quote: str = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> "Target":
        if (self.value is None) == (self.reference is None):
            raise ValueError("give exactly one of `value` and `reference`")
        if self.comparator in {"ge", "gt"} and self.direction == "down":
            raise ValueError("a lower bound (ge, gt) contradicts direction `down`")
        if self.comparator in {"le", "lt"} and self.direction == "up":
            raise ValueError("an upper bound (le, lt) contradicts direction `up`")
        return self


class _SignalRule(PlanModel):
    slug: Slug
    name: BilingualName
    alert: bool = Field(description="someone must act on it; otherwise it is recorded and shown only")
    quote: str = Field(min_length=1)


class AboveScaleEntry(_SignalRule):
    """A firm entered the above-scale register."""

    kind: Literal["above_scale_entry"]


class AboveScaleCandidate(_SignalRule):
    """A firm outside the register whose revenue of the last 12 months reached `min_revenue_yuan`."""

    kind: Literal["above_scale_candidate"]
    min_revenue_yuan: DecimalText = Field(gt=0)


class ClassDFinal(_SignalRule):
    """A firm's final rating of the last published round is D (trap 6)."""

    kind: Literal["class_d_final"]


class ProjectStart(_SignalRule):
    """A project with accepted start evidence has a planned total of at least `min_total_yuan`; tiers nest (trap 5)."""

    kind: Literal["project_start"]
    min_total_yuan: DecimalText = Field(gt=0)


SignalRule = Annotated[
    AboveScaleEntry | AboveScaleCandidate | ClassDFinal | ProjectStart,
    Field(discriminator="kind"),
]


class Clause(PlanModel):
    """A numbered measure, a table or a boxed item, with its responsible units, targets and signal rules.

    `number` and `title` are written as the document's heading has them (`1.`, a table has none): they are its place.
    """

    id: Slug
    number: str | None = None
    title: str
    responsible: Responsible
    targets: tuple[Target, ...] = ()
    signals: tuple[SignalRule, ...] = ()


class Chapter(PlanModel):
    """The content of one chapter file beside `plan.yaml`."""

    title: str
    clauses: tuple[Clause, ...] = Field(min_length=1)
