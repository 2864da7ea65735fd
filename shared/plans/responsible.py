"""Who answers for a clause, by role, each unit as the document writes it."""

from typing import Literal, get_args

from pydantic import Field, model_validator

from shared.plans.model import PlanModel, Slug, broken

Role = Literal["lead", "support", "joint", "implementing"]
ROLES: tuple[Role, ...] = get_args(Role)


class Responsible(PlanModel):
    """Units by the role the document writes: `lead` 牵头, `support` 责任, `joint` 共同责任, `implementing` 落实.

    `basis`: `stated` (the clause names them), `plan_office` (the clause names nobody; the unit that the plan makes
    report on its progress answers), `issuer` (the document names nobody at all; whoever issued it answers, and there
    are no words to quote), `decomposition` (an office's breakdown names them). `divided`: 按职责分工负责 is written.
    """

    lead: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    joint: tuple[str, ...] = ()
    implementing: tuple[str, ...] = ()
    basis: Literal["stated", "plan_office", "issuer", "decomposition"] = "stated"
    divided: bool = False
    quote: str | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _complete(self) -> "Responsible":
        if not self.names:
            raise broken("至少写一个单位", "name at least one unit")
        if (self.quote is None) != (self.basis in {"issuer", "decomposition"}):
            raise broken(
                "写上点名单位的原文 quote；只有 issuer 没有引文",
                "give the words that name the units; only `issuer` and `decomposition` have none",
            )
        return self

    def of(self, role: Role) -> tuple[str, ...]:
        """Return the units of one role."""
        units: tuple[str, ...] = getattr(self, role)
        return units

    @property
    def names(self) -> tuple[str, ...]:
        """Every unit, by role."""
        return tuple(name for role in ROLES for name in self.of(role))

    @property
    def answering(self) -> str:
        """The unit that answers for all: the first lead, else the first named (our convention where 牵头 is not written)."""
        return self.names[0]


class Implementing(PlanModel):
    """Units that carry out every clause from one on (以下均需各县区落实，不再列出)."""

    units: tuple[str, ...] = Field(min_length=1)
    from_clause: Slug
    quote: str = Field(min_length=1)
