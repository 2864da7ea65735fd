"""The schema of a plan's files: the head (`plan.yaml`) and its chapters with clauses, targets and signal rules."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from shared.plans.contradiction import Contradiction
from shared.plans.mention import Exemption, Fact, Restatement, Target, Unmonitored
from shared.plans.model import BilingualName, DecimalText, PlanModel, Slug, Year, broken
from shared.plans.responsible import Implementing, Responsible

# ---- head -------------------------------------------------------------------------------------------------------


class Effective(PlanModel):
    """The years the plan covers, first and last included."""

    first_year: Year
    last_year: Year

    @model_validator(mode="after")
    def _in_order(self) -> "Effective":
        if self.last_year < self.first_year:
            raise broken("last_year 早于 first_year", "last_year is before first_year")
        return self

    @property
    def years(self) -> tuple[int, ...]:
        """Every year covered, in order."""
        return tuple(range(self.first_year, self.last_year + 1))


class Amendment(PlanModel):
    """A change of the plan in force: from which day its files hold as they stand now, and which document made it so."""

    effective_on: date
    reference: str = Field(min_length=1)
    note: BilingualName


class Head(PlanModel):
    """The document: what it is, who issued it, and the SHA-256 of its text (the text itself is not in the project).

    `office` answers where a clause names nobody. What the document does not say (its number, its day) is absent.
    """

    id: Slug
    title: BilingualName
    status: Literal["issued", "draft"] = "issued"
    document_number: str | None = None
    issuer: str
    issued_on: date | None = None
    effective: Effective
    city: str
    office: Responsible
    implementing: Implementing | None = None
    amendments: tuple[Amendment, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    text_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")

    @property
    def effective_on(self) -> date:
        """The day from which the plan holds as its files stand now: the last amendment's, else the start of its first year."""
        days = [amendment.effective_on for amendment in self.amendments]
        return max(days, default=date(self.effective.first_year, 1, 1))


# ---- signals ----------------------------------------------------------------------------------------------------


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


# ---- clauses ----------------------------------------------------------------------------------------------------

ClauseKind = Literal["section", "measure", "table", "box", "safeguard"]


class Clause(PlanModel):
    """A place of the document: a section's text, a numbered measure, a table, a boxed item, or a 保障措施.

    `number` and `title` are written as the document's heading has them (`1.`, a table has none); `heading` gives the
    exact words that begin the clause where those two do not. A clause reaches to the heading of the next one listed.
    """

    id: Slug
    kind: ClauseKind
    number: str | None = None
    title: str
    heading: str | None = Field(default=None, min_length=1)
    responsible: Responsible | None = None
    targets: tuple[Target, ...] = ()
    restatements: tuple[Restatement, ...] = ()
    unmonitored: tuple[Unmonitored, ...] = ()
    signals: tuple[SignalRule, ...] = ()
    facts: tuple[Fact, ...] = ()
    exemptions: tuple[Exemption, ...] = ()

    @property
    def begins_with(self) -> str:
        """The words of the document that begin the clause."""
        return self.heading or (self.number or "") + self.title


class Chapter(PlanModel):
    """The content of one chapter file beside `plan.yaml`."""

    title: str
    clauses: tuple[Clause, ...] = Field(min_length=1)
