"""How an office breaks city targets down to counties and zones (`plans/<plan>/decomposition.yaml`)."""

from pydantic import Field, model_validator

from shared.plans.model import BilingualName, DecimalText, PlanModel, Year, broken


class Part(PlanModel):
    """The part of one area: its value in the target's unit, or its share of the whole (0 to 1). `unit` answers for it."""

    area: str
    value: DecimalText | None = None
    share: DecimalText | None = Field(default=None, gt=0, le=1)
    unit: str

    @model_validator(mode="after")
    def _one_of(self) -> "Part":
        if (self.value is None) == (self.share is None):
            raise broken("value（数）和 share（份额）写一个，只写一个", "give exactly one of `value` and `share`")
        return self


class Breakdown(PlanModel):
    """One target (`<clause>/<slug>`) by areas; for one `year` only where years differ."""

    target: str
    year: Year | None = None
    parts: tuple[Part, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_kind(self) -> "Breakdown":
        if len({part.value is None for part in self.parts}) > 1:
            raise broken(
                "同一目标的各地要么都写 value，要么都写 share", "parts are given by values or by shares, not both"
            )
        return self


class Decomposition(PlanModel):
    """The content of `decomposition.yaml`: the document that breaks the targets down, and its numbers."""

    source: BilingualName
    breakdowns: tuple[Breakdown, ...] = Field(min_length=1)
