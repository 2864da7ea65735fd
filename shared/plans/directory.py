"""The directory of responsible units of one city (`plans/units/<city>.yaml`)."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from shared.plans.model import BilingualName, PlanModel, Slug, broken

UnitKind = Literal[
    "government", "department", "party", "leading_group", "state_branch", "county", "zone", "organisation", "group"
]

FeedName = Literal["enterprises", "projects", "ratings", "recognitions", "indicators"]


class Unit(PlanModel):
    """A unit: its name as plans write it (`zh`), what else it is called, and what it belongs to.

    A unit that was merged, split or renamed ended on `until`; its `successors` answer in its place, so that targets whose
    plan names the old unit follow (T12).

    Kinds: `department` 市政府工作部门, `party` 市委部门, `leading_group` 领导小组及其办公室, `state_branch` 国家和省驻市机构,
    `county` 县市区人民政府 and `zone` 功能区管委会 (with their `area`), `organisation` 国企、群团、院校等, `group` 合称
    (各县区人民政府: its `members` are meant).
    """

    id: Slug
    name: BilingualName
    aliases: tuple[str, ...] = ()
    kind: UnitKind
    parent: Slug | None = None
    area: str | None = None
    members: tuple[Slug, ...] = ()
    until: date | None = None
    successors: tuple[Slug, ...] = ()

    @model_validator(mode="after")
    def _group_has_members(self) -> "Unit":
        if (self.kind == "group") != bool(self.members):
            raise broken("合称（group）要写 members，别的单位不写", "a group, and only a group, has members")
        if (self.kind in {"county", "zone"}) != (self.area is not None):
            raise broken(
                "县区（county）和功能区（zone）要写 area，别的单位不写",
                "counties and zones, and only they, have an area",
            )
        if (self.until is None) != (not self.successors):
            raise broken(
                "已撤销的单位（until）要写继任单位 successors，别的单位不写",
                "a unit that ended (`until`) names its `successors`, and only such a one",
            )
        return self


class UnitDirectory(PlanModel):
    """The content of `plans/units/<city>.yaml`. `feeds` names the unit that owes each feed, as far as it is known."""

    city: str
    units: tuple[Unit, ...] = Field(min_length=1)
    feeds: Mapping[FeedName, Slug] = Field(default_factory=dict)

    def find(self, name: str) -> Unit | None:
        """Return the unit of this name or alias, exactly as written."""
        return next((unit for unit in self.units if name == unit.name.zh or name in unit.aliases), None)

    def owing(self, feed: FeedName) -> Unit | None:
        """Return the unit that owes a feed; None where the directory names none."""
        return next((unit for unit in self.units if unit.id == self.feeds.get(feed)), None)

    def members(self, unit: Unit) -> tuple[Unit, ...]:
        """Return the units meant by a name: the members of a group, else the unit itself."""
        by_id = {one.id: one for one in self.units}
        return tuple(by_id[member] for member in unit.members) or (unit,)

    def in_office(self, unit: Unit, day: date) -> tuple[Unit, ...]:
        """Return who answers for a unit on a day: itself, or after it ended its successors, and theirs."""
        if unit.until is None or day <= unit.until:
            return (unit,)
        by_id = {one.id: one for one in self.units}
        found = [one for successor in unit.successors for one in self.in_office(by_id[successor], day)]
        return tuple(dict.fromkeys(found))
