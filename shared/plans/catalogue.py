"""The catalogue of indicators (`plans/indicators.yaml`): what is measured, in which unit, and where figures come from."""

from typing import Annotated, Literal

from pydantic import Field

from shared.plans.model import BilingualName, DecimalText, PlanModel, Slug

IndicatorKind = Literal["stock", "flow", "ratio", "growth", "index", "count"]
Measure = Literal["level", "growth", "share"]
Basis = Literal["month", "ytd", "year", "point"]


class Reported(PlanModel):
    """The indicators feed brings it: exactly one measure, on these bases (trap 4: bases never mix)."""

    kind: Literal["reported"]
    measure: Measure
    bases: tuple[Basis, ...] = Field(min_length=1)


class CountProjectStarts(PlanModel):
    """Distinct projects started in the year with accepted evidence, planned total of at least `min_total_yuan`."""

    kind: Literal["count_project_starts"]
    feed: Literal["projects"]
    min_total_yuan: DecimalText = Field(gt=0)


class CountFirmsCrossing(PlanModel):
    """Firms whose full-year revenue passed the threshold this year and did not the year before.

    `inclusive`: 以上 reaches the threshold exactly; 超 and 突破 must exceed it (trap 5).
    """

    kind: Literal["count_firms_crossing"]
    feed: Literal["enterprises"]
    min_revenue_yuan: DecimalText = Field(gt=0)
    inclusive: bool


class CountFirmsAbove(PlanModel):
    """Firms whose full-year revenue passes the threshold; `inclusive` as in CountFirmsCrossing."""

    kind: Literal["count_firms_above"]
    feed: Literal["enterprises"]
    min_revenue_yuan: DecimalText = Field(gt=0)
    inclusive: bool


class NetAboveScale(PlanModel):
    """Entries into the above-scale register minus exits, of one statistical year.

    The year Y begins after the annual batch of Y−1 (the 1–2月 report of Y) and ends with the annual batch of Y,
    which shows in the 1–2月 report of Y+1 (trap 2).
    """

    kind: Literal["net_above_scale"]
    feed: Literal["enterprises"]


Derivation = Annotated[
    CountProjectStarts | CountFirmsCrossing | CountFirmsAbove | NetAboveScale,
    Field(discriminator="kind"),
]


class Derived(PlanModel):
    """planwatch counts it from the rows of a feed."""

    kind: Literal["derived"]
    derivation: Derivation


class Indicator(PlanModel):
    """What is measured. `integer`: fractions of it do not exist (firms, projects)."""

    id: Slug
    name: BilingualName
    unit: str
    kind: IndicatorKind
    integer: bool
    source: Annotated[Reported | Derived, Field(discriminator="kind")]


class IndicatorFile(PlanModel):
    """The content of `plans/indicators.yaml`."""

    indicators: tuple[Indicator, ...]
