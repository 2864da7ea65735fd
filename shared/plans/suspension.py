"""Which targets a plan suspends for a time (`plans/<plan>/suspensions.yaml`): an explanation that somebody accepted."""

from datetime import date

from pydantic import Field, model_validator

from shared.plans.model import BilingualName, PlanModel, broken


class Suspension(PlanModel):
    """One target (`<clause>/<slug>`) with its areas' parts, or with `area` that area's alone, from a day to a day.

    It covers the periods whose last day is one of these, both included. `reference` is the paper that says so.
    """

    target: str
    area: str | None = None
    since: date
    until: date
    reason: BilingualName
    approved_by: str = Field(min_length=1)
    reference: str | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> "Suspension":
        if self.until < self.since:
            raise broken("until 早于 since", "until is before since")
        return self

    def concerns(self, target: str, area: str) -> bool:
        """Whether it holds for a target in an area."""
        return self.target == target and self.area in (None, area)

    def touches(self, first: date, last: date) -> bool:
        """Whether it shares a day with those from first to last."""
        return self.since <= last and first <= self.until


class Suspensions(PlanModel):
    """The content of `suspensions.yaml`."""

    suspensions: tuple[Suspension, ...] = Field(min_length=1)
