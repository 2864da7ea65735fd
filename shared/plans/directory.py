"""The directory of responsible units of one city (`plans/units/<city>.yaml`)."""

from typing import Literal

from pydantic import Field

from shared.plans.model import BilingualName, PlanModel, Slug

UnitKind = Literal["government", "department", "party", "leading_group", "state_branch"]


class Unit(PlanModel):
    """A unit: its name as plans write it (`zh`), what else it is called, and what it belongs to.

    Kinds: `department` 市政府工作部门, `party` 市委部门, `leading_group` 领导小组及其办公室, `state_branch` 国家和省驻市机构.
    """

    id: Slug
    name: BilingualName
    aliases: tuple[str, ...] = ()
    kind: UnitKind
    parent: Slug | None = None


class UnitDirectory(PlanModel):
    """The content of `plans/units/<city>.yaml`."""

    city: str
    units: tuple[Unit, ...] = Field(min_length=1)

    def find(self, name: str) -> Unit | None:
        """Return the unit of this name or alias, exactly as written."""
        return next((unit for unit in self.units if name == unit.name.zh or name in unit.aliases), None)
