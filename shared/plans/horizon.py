"""The horizon of a target and the path to it."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from shared.plans.model import DecimalText, PlanModel, Year, broken

Month = Annotated[int, Field(ge=1, le=12)]


# ---- horizon ----------------------------------------------------------------------------------------------------


class Annual(PlanModel):
    """Every year of the plan anew (每年…): one target for each; from `since` or to `year` where the text says so."""

    kind: Literal["annual"]
    since: Year | None = None
    year: Year | None = None


class LevelAtYear(PlanModel):
    """The level that the year's figure must show (到2025年达到…)."""

    kind: Literal["level_at_year"]
    year: Year


class CumulativeBy(PlanModel):
    """The sum from `since` (the plan's first year when not given) to the end of `year` (到2025年累计新增…)."""

    kind: Literal["cumulative_by"]
    year: Year
    since: Year | None = None


class GrowthOver(PlanModel):
    """The mean annual growth from the base year `since` to `year` (“十四五”年均增长…)."""

    kind: Literal["growth"]
    year: Year
    since: Year

    @model_validator(mode="after")
    def _in_order(self) -> "GrowthOver":
        if self.year <= self.since:
            raise broken("增长的起始年 since 应早于 year", "the growth ends before it begins")
        return self


Horizon = Annotated[Annual | LevelAtYear | CumulativeBy | GrowthOver, Field(discriminator="kind")]


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
            raise broken("shares 按时间先后排列，份额只增不减", "shares must follow each other in time and never fall")
        if values[-1] != 1:
            raise broken("最后一个份额应为 1", "the last share must be 1")
        return self


class SchedulePace(_SharesPace):
    """Cumulative shares by month or quarter; between two of them the earlier one holds."""

    kind: Literal["schedule"]


class SteppedPace(_SharesPace):
    """Judged only in the named months; in every other month the target is not due (trap 2)."""

    kind: Literal["stepped"]


class _BaselinePace(_Pace):
    """From the target's baseline. `yearly` is the pace the document writes beside it (年均提高2.1个百分点: 2.1), for lint."""

    yearly: DecimalText | None = None


class BaselineLinearPace(_BaselinePace):
    """A straight line from the baseline to the target; `yearly` is the step of a year."""

    kind: Literal["baseline_linear"]


class BaselineGrowthPace(_BaselinePace):
    """Constant growth from the baseline to the target; `yearly` is the growth of a year in per cent."""

    kind: Literal["baseline_growth"]


class AtHorizonPace(_Pace):
    """Judged only with the report that ends the horizon."""

    kind: Literal["at_horizon"]


Pace = Annotated[
    LinearPace | IntegerPace | SchedulePace | SteppedPace | BaselineLinearPace | BaselineGrowthPace | AtHorizonPace,
    Field(discriminator="kind"),
]
