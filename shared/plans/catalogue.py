"""The catalogue of indicators (`plans/indicators/*.yaml`): what is measured, in which unit, and where figures come from."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from shared.plans.model import BilingualName, DecimalText, PlanModel, Slug, broken

IndicatorKind = Literal["stock", "flow", "ratio", "growth", "index", "count", "rank"]
Measure = Literal["level", "growth", "share"]
Basis = Literal["month", "ytd", "year", "point"]
Feed = Literal["enterprises", "projects", "recognitions"]


class Reported(PlanModel):
    """The indicators feed brings it: exactly one measure, on these bases (trap 4: bases never mix).

    `authority` publishes or keeps the figure. `availability`: `published` (statistics and yearly communiqués), or `ledger`
    (an office counts it for itself, so its targets need that office's figures first). `accepts`: `final` when a provisional
    figure must not be judged by.
    """

    measure: Measure
    bases: tuple[Basis, ...] = Field(min_length=1)
    authority: str = Field(min_length=1)
    availability: Literal["published", "ledger"]
    accepts: Literal["any", "final"] = Field(default="any", exclude_if=lambda accepts: accepts == "any")


# ---- derived from rows ------------------------------------------------------------------------------------------

UntoldPercent = Annotated[DecimalText, Field(ge=0, lt=100, exclude_if=lambda percent: percent == 0)]
"""The policy for missing amounts (E14): a sum is known when at most so many per cent of the rows do not tell theirs; these are
left out and the verdict says how many. Zero: one row that does not tell leaves the sum unknown.
"""

# ---- derived from projects --------------------------------------------------------------------------------------


class _Projects(PlanModel):
    """Which projects count, once each, in the horizon's years: those whose `event` falls into them.

    Tiers go by planned total investment and nest (trap 5). `inclusive`: 以上 reaches `min_total_yuan` exactly, 超 must exceed
    it; `equipment_inclusive` says the same of planned equipment investment. A start counts with accepted evidence only.
    `kinds` and `industries` (GB/T 4754 codes, a code holds those below it) are all when empty. `codes` are named projects: a
    target that one of them is in production by some month is a count of 1 with a schedule.
    """

    feed: Literal["projects"] = "projects"
    event: Literal["signed", "filed", "started", "listed", "completed", "in_production"]
    min_total_yuan: DecimalText | None = Field(default=None, gt=0)
    inclusive: bool = True
    min_equipment_yuan: DecimalText | None = Field(default=None, gt=0)
    equipment_inclusive: bool = True
    kinds: tuple[Literal["new", "expansion", "retrofit", "relocation", "other"], ...] = ()
    industries: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


class CountProjects(_Projects):
    """How many projects."""

    kind: Literal["count_projects"]


class SumProjects(_Projects):
    """Their investment in yuan: planned in total, or completed so far (earlier years and this one)."""

    kind: Literal["sum_projects"]
    field: Literal["planned_total", "completed"]
    untold_up_to: UntoldPercent = Decimal(0)


# ---- derived from enterprises -----------------------------------------------------------------------------------


class CountFirmsCrossing(PlanModel):
    """Firms whose full-year revenue passed the threshold this year and did not the year before.

    `inclusive`: 以上 reaches the threshold exactly; 超 and 突破 must exceed it (trap 5).
    """

    kind: Literal["count_firms_crossing"]
    feed: Literal["enterprises"] = "enterprises"
    min_revenue_yuan: DecimalText = Field(gt=0)
    inclusive: bool


class CountFirmsAbove(PlanModel):
    """Firms whose full-year revenue passes the threshold; `inclusive` as in CountFirmsCrossing.

    `industries` (GB/T 4754 codes, a code holds those below it) are all when empty.
    """

    kind: Literal["count_firms_above"]
    feed: Literal["enterprises"] = "enterprises"
    min_revenue_yuan: DecimalText = Field(gt=0)
    inclusive: bool
    industries: tuple[str, ...] = ()


class NetAboveScale(PlanModel):
    """Entries into the above-scale register minus exits, of one statistical year.

    The year Y begins after the annual batch of Y−1 (the 1–2月 report of Y) and ends with the annual batch of Y,
    which shows in the 1–2月 report of Y+1 (trap 2).
    """

    kind: Literal["net_above_scale"]
    feed: Literal["enterprises"] = "enterprises"


class CountRegister(PlanModel):
    """Firms in the above-scale register at the period: reported as above scale and not yet left."""

    kind: Literal["count_register"]
    feed: Literal["enterprises"] = "enterprises"
    industries: tuple[str, ...] = ()


class SumFirms(PlanModel):
    """A year-to-date figure summed over the firms of the above-scale register; of some industries where they are given."""

    kind: Literal["sum_firms"]
    feed: Literal["enterprises"] = "enterprises"
    field: Literal["revenue", "output", "profit", "tax", "rd", "energy"]
    industries: tuple[str, ...] = ()
    untold_up_to: UntoldPercent = Decimal(0)


# ---- derived from recognitions ----------------------------------------------------------------------------------


class Title(PlanModel):
    """A kind of recognition (`data/recognition_kinds.csv`), of some levels (省级以上: national and provincial) or of all."""

    kind: str
    levels: tuple[str, ...] = ()


class CountRecognitions(PlanModel):
    """Counted from the lists of titles; `register_only`: of firms in the above-scale register only.

    Three look at the end of the period: `holders` are distinct firms that hold one of the titles (累计达到), `holdings` each
    firm and kind once (…的数量之和), `titles_held` every title, for products, workshops and awards, of which one firm can have
    several. The others look at what was granted in the horizon's years: `grants` each firm and kind once, renewals too
    (认定，含重新认定); `new_grants` the same without firms that were granted that kind at that level before (新认定; the
    ministries list 复核 apart); `new_holders` distinct firms that were never granted any of the titles before (首次);
    `titles_granted` every title.
    """

    kind: Literal["count_recognitions"]
    feed: Literal["recognitions"] = "recognitions"
    count: Literal["holders", "holdings", "titles_held", "grants", "new_grants", "new_holders", "titles_granted"]
    titles: tuple[Title, ...] = Field(min_length=1)
    register_only: bool = False


# ---- ratios -----------------------------------------------------------------------------------------------------

_Counted = (
    CountProjects
    | SumProjects
    | CountFirmsCrossing
    | CountFirmsAbove
    | NetAboveScale
    | CountRegister
    | SumFirms
    | CountRecognitions
)
Quantity = Annotated[_Counted, Field(discriminator="kind")]


class Ratio(PlanModel):
    """One quantity divided by another, times `factor` (100 gives per cent). A denominator of zero cannot be judged."""

    kind: Literal["ratio"]
    numerator: Quantity
    denominator: Quantity
    factor: DecimalText = Field(gt=0)


Derivation = Annotated[_Counted | Ratio, Field(discriminator="kind")]


def feeds_of(derivation: Derivation) -> tuple[Feed, ...]:
    """Return the feeds a derivation reads, each once."""
    if isinstance(derivation, Ratio):
        return tuple(dict.fromkeys((derivation.numerator.feed, derivation.denominator.feed)))
    return (derivation.feed,)


class Indicator(PlanModel):
    """What is measured. `integer`: fractions of it do not exist (firms, projects).

    `derived`: planwatch computes it from the rows of a feed; then targets are judged by that, and a published figure, where
    `reported` is given too, stands beside it. Otherwise the published figure is judged.
    """

    id: Slug
    name: BilingualName
    definition: BilingualName
    unit: str
    kind: IndicatorKind
    integer: bool
    derived: Derivation | None = None
    reported: Reported | None = None

    @model_validator(mode="after")
    def _has_a_source(self) -> "Indicator":
        if self.derived is None and self.reported is None:
            raise broken(
                "写明数据从哪里来：derived（由明细数出）、reported（报送），或两者",
                "say where its figures come from: `derived`, `reported`, or both",
            )
        return self


class IndicatorFile(PlanModel):
    """The content of one file of `plans/indicators/`."""

    indicators: tuple[Indicator, ...]
