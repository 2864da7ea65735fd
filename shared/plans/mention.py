"""The numbers of a document: what judges (targets), what repeats it, what cannot be monitored, facts, and mere words."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from shared.plans.catalogue import Basis
from shared.plans.comparison import Comparator
from shared.plans.horizon import AtHorizonPace, BaselineGrowthPace, BaselineLinearPace, Horizon, LevelAtYear, Pace
from shared.plans.model import BilingualName, DecimalText, PlanModel, Slug, Year, broken
from shared.plans.responsible import Responsible

Direction = Literal["up", "down"]
Frequency = Literal["month", "year"]
Binding = Literal["binding", "expected"]

TargetRef = str
"""`<clause>/<slug>` in the same plan, `<plan>:<clause>/<slug>` in another; a fact is `<clause>/<indicator>@<period>`."""


class Reference(PlanModel):
    """The second figure a relative target needs (完成省定目标, 低于全省平均): an indicator, of an area (trap 14)."""

    indicator: Slug
    area: str


class Baseline(PlanModel):
    """The value a path starts from, the year it belongs to, and the words that state it."""

    value: DecimalText
    year: Year
    quote: str = Field(min_length=1)


class Milestone(PlanModel):
    """A value to be reached on the way; `quote` only where other words than the target's state it."""

    year: Year
    value: DecimalText
    quote: str | None = Field(default=None, min_length=1)


class Stated(PlanModel):
    """A number as the document writes it.

    `value` may be followed by `upper` (3-5项). `qualifier` holds the word beside it (左右, 以上, 突破, 力争…达到),
    `comparator_stated` is false when no word of the text compares (39) and the comparator is our reading.
    `unit_written` only where the document writes another unit than `unit`, or none (an empty text).
    """

    value: DecimalText | None = None
    upper: DecimalText | None = None
    qualifier: str | None = Field(default=None, min_length=1)
    comparator: Comparator | None = None
    comparator_stated: bool = False
    unit: str | None = None
    unit_written: str | None = None
    quote: str = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> "Stated":
        if self.upper is not None and (self.value is None or self.upper <= self.value):
            raise broken(
                "区间写两项：value 是起点，upper 是终点，upper 要大于 value",
                "`upper` is the end of a range that begins at `value`",
            )
        if self.value is not None and self.unit is None:
            raise broken("写了 value 就要写 unit", "a `value` needs its `unit`")
        return self

    @property
    def as_written(self) -> str:
        """The unit as the document writes it."""
        return (self.unit or "") if self.unit_written is None else self.unit_written


class Target(Stated):
    """One number of the plan that is judged: exactly one of `value` and `reference`.

    `area` is the plan's city when not given; `scope` is the industry, chain or group the number is about, as written.
    `part_of` names the target whose value this one is a part of. `responsible` only where another clause names who answers.
    """

    slug: Slug
    name: BilingualName
    indicator: Slug
    scope: str | None = None
    area: str | None = None
    reference: Reference | None = None
    comparator: Comparator
    comparator_stated: bool
    direction: Direction
    unit: str
    horizon: Horizon
    baseline: Baseline | None = None
    milestones: tuple[Milestone, ...] = ()
    pace: Pace = AtHorizonPace(kind="at_horizon", stated=False)
    frequency: Frequency = "year"
    binding: Binding = "expected"
    lights: Slug = "default"
    part_of: TargetRef | None = None
    responsible: Responsible | None = None

    @model_validator(mode="after")
    def _consistent(self) -> "Target":
        if (self.value is None) == (self.reference is None):
            raise broken(
                "value（数）和 reference（与另一个数比）写一个，只写一个", "give exactly one of `value` and `reference`"
            )
        if self.comparator in {"ge", "gt"} and self.direction == "down":
            raise broken("ge、gt 是下限，direction 应为 up", "a lower bound (ge, gt) contradicts direction `down`")
        if self.comparator in {"le", "lt"} and self.direction == "up":
            raise broken("le、lt 是上限，direction 应为 down", "an upper bound (le, lt) contradicts direction `up`")
        return self

    def quote_of(self, milestone: Milestone) -> str:
        """Return the words that state a milestone: its own, or the target's."""
        return milestone.quote or self.quote

    @model_validator(mode="after")
    def _path(self) -> "Target":
        if isinstance(self.pace, BaselineLinearPace | BaselineGrowthPace) and self.baseline is None:
            raise broken(
                "baseline_linear、baseline_growth 进度要写 baseline（基期的数、年份和引文）",
                "a path from a baseline needs `baseline`",
            )
        if self.milestones and not isinstance(self.horizon, LevelAtYear):
            raise broken("只有 level_at_year 目标才有 milestones", "only a level at a year has milestones before it")
        years = [milestone.year for milestone in self.milestones]
        if isinstance(self.horizon, LevelAtYear) and (years != sorted(set(years)) or self.horizon.year in years):
            raise broken(
                "milestones 按年份先后，每年一个，都在目标年份之前",
                "milestones come in order, each year once, and before the horizon",
            )
        return self


class Restatement(Stated):
    """The same number said again elsewhere; `target` is the one that is judged. Other value or qualifier: a contradiction."""

    slug: Slug
    target: TargetRef
    comparator: Comparator
    comparator_stated: bool
    unit: str


UnmonitoredReason = Literal["qualitative", "redacted", "aspirational", "undefined", "unmeasured", "action"]
"""Why a number cannot be monitored.

qualitative   no number is stated, or words stand for it (百强, 前列)
redacted      the document hides it
aspirational  a vision without a year or measure
undefined     what it counts is not defined anywhere
unmeasured    nobody collects such a figure
action        it says how something is done, not what must come of it
"""


class Unmonitored(Stated):
    """A number or commitment that cannot be monitored: why, and what data would be needed."""

    slug: Slug
    name: BilingualName
    scope: str | None = None
    area: str | None = None
    direction: Direction | None = None
    horizon: Horizon | None = None
    reason: UnmonitoredReason
    needs: BilingualName
    responsible: Responsible | None = None


class Fact(PlanModel):
    """Historic figures the document states in one place: values by indicator, of one area and period.

    Each is in the indicator's unit unless `units` names another. They can be loaded through the `indicators` feed.
    """

    quote: str = Field(min_length=1)
    period: str
    area: str | None = None
    basis: Basis | None = None
    values: Mapping[Slug, DecimalText] = Field(min_length=1)
    units: Mapping[Slug, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _units_of_values(self) -> "Fact":
        if set(self.units) - set(self.values):
            raise broken("units 里的指标在 values 里没有", "`units` names an indicator that has no value here")
        return self


ExemptionReason = Literal[
    "name", "date", "reference", "order", "definition", "technical", "historic", "background", "row", "process"
]
"""Why a numeral is neither target nor fact.

name        part of a name (615产业体系, 5G, 一带一路)
date        a year or day
reference   a number of a document, law or meeting
order       an ordinal or the number of a heading
definition  a bound that defines what is counted elsewhere
technical   a property of a product
historic    something past that no indicator can hold truthfully (only bounded, one-off, without a period)
background  about others, or general
row         it stands as a row in a feed file of this project
process     how many steps, groups or kinds something has
"""


class Exemption(PlanModel):
    """Words whose numerals are no targets and no facts. In a clause: there. In the head: everywhere in the document."""

    quote: str = Field(min_length=1)
    reason: ExemptionReason
    note: str | None = None
