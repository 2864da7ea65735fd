"""Row events of the feeds: one submission row that changed something, or a row that left (`removed`)."""

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from shared.contracts.wire import Number, WireModel, Yuan

Stage = Literal["preliminary", "public_notice", "objected", "final"]
RatingClass = Literal["A", "B", "C", "D", "T"]
StartEvidence = Literal["accepted", "pending", "none"]


class FeedRow(WireModel):
    """What every row event says of its origin: submission, row (1 is the first), city and period of the submission.

    `removed` is true when a `replace` submission no longer holds the row; then only the key is given.
    """

    submission_id: str
    row: int = Field(ge=1)
    city: str
    period: str
    removed: bool = False


class Firm(WireModel):
    """One firm in one period. `_ytd` values are cumulative from 1 January."""

    name: str
    area: str
    industry: str
    operating_status: Literal["operating", "suspended", "closed"]
    above_scale: bool
    entered_on: date | None = None
    entry_kind: Literal["new", "grown", "moved_in", "changed"] | None = None
    exited_on: date | None = None
    exit_kind: Literal["closed", "shrunk", "moved_out", "changed"] | None = None
    revenue_ytd_yuan: Yuan | None = None
    output_ytd_yuan: Yuan | None = None
    profit_ytd_yuan: Yuan | None = None
    tax_ytd_yuan: Yuan | None = None
    rd_ytd_yuan: Yuan | None = None
    energy_ytd_tce: Number | None = Field(default=None, description="tonnes of standard coal (吨标准煤)")
    electricity_ytd_wan_kwh: Number | None = Field(default=None, description="万千瓦时")
    employees: int | None = None
    land_mu: Number | None = Field(default=None, description="亩")


class EnterpriseReported(FeedRow):
    """One firm was reported for one period, corrected, or left."""

    uscc: str
    firm: Firm | None

    @model_validator(mode="after")
    def _firm_unless_removed(self) -> Self:
        if self.removed == (self.firm is not None):
            raise ValueError("`firm` is given exactly when the row is not removed")
        return self


class Project(WireModel):
    """One investment project as known at one period."""

    name: str
    owner_uscc: str | None = None
    area: str
    industry: str | None = None
    kind: Literal["new", "expansion", "retrofit", "relocation", "other"]
    planned_total_yuan: Yuan
    planned_equipment_yuan: Yuan | None = None
    completed_prior_yuan: Yuan | None = None
    planned_year_yuan: Yuan | None = None
    completed_ytd_yuan: Yuan | None = None
    signed_on: date | None = None
    filed_on: date | None = None
    started_on: date | None = None
    start_evidence: StartEvidence = "none"
    listed_on: date | None = None
    completed_on: date | None = None
    production_on: date | None = None


class ProjectReported(FeedRow):
    """One project was reported for one period, corrected, or left."""

    code: str
    project: Project | None

    @model_validator(mode="after")
    def _project_unless_removed(self) -> Self:
        if self.removed == (self.project is not None):
            raise ValueError("`project` is given exactly when the row is not removed")
        return self


class Rating(WireModel):
    """The resource-use rating of one firm in the round of one year. `T` means not rated, it is not `D`."""

    class_: RatingClass = Field(alias="class")
    score: Number | None = None
    stage: Stage
    published_on: date
    area: str


class RatingReported(FeedRow):
    """One firm's rating was reported, moved to another stage, or left."""

    uscc: str
    year: int
    rating: Rating | None

    @model_validator(mode="after")
    def _rating_unless_removed(self) -> Self:
        if self.removed == (self.rating is not None):
            raise ValueError("`rating` is given exactly when the row is not removed")
        return self


class Recognition(WireModel):
    """One title of one firm, from the day it was granted until the day it was revoked, if it was."""

    name: str | None = Field(default=None, description="the firm's name as the list of the batch gives it")
    level: str = Field(description="a level of the kind")
    granted_on: date
    revoked_on: date | None = None
    area: str


class RecognitionReported(FeedRow):
    """One title was granted to one firm, changed, revoked, or left. Its cell: uscc × kind × batch."""

    uscc: str
    kind: str = Field(description="a kind of `data/recognition_kinds.csv`")
    batch: str = Field(description="which batch of the title, as the granting notice names it: 2024年第一批")
    recognition: Recognition | None

    @model_validator(mode="after")
    def _recognition_unless_removed(self) -> Self:
        if self.removed == (self.recognition is not None):
            raise ValueError("`recognition` is given exactly when the row is not removed")
        return self


class IndicatorValue(WireModel):
    """One published figure in the unit of the indicator catalogue."""

    value: Number
    unit: str
    status: Literal["provisional", "final"]
    authority: str


class IndicatorReported(FeedRow):
    """One figure was reported, corrected, or left. Its cell: indicator × area × value_period × measure × basis."""

    indicator: str
    area: str
    value_period: str
    measure: Literal["level", "growth", "share"]
    basis: Literal["month", "ytd", "year", "point"]
    figure: IndicatorValue | None

    @model_validator(mode="after")
    def _figure_unless_removed(self) -> Self:
        if self.removed == (self.figure is not None):
            raise ValueError("`figure` is given exactly when the row is not removed")
        return self
