"""Lights as query counts and shows them: grey is everything that has no light.

That is: no figure, not due, no verdict yet, or an accepted explanation that suspends it.
"""

from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel, Field
from sqlalchemy import and_, func, or_

from services.query.adapters.views import TARGETS

Light = Literal["green", "yellow", "red", "grey"]


class LightCounts(BaseModel):
    """How many targets show each light."""

    green: int = 0
    yellow: int = 0
    red: int = 0
    grey: int = 0
    suspended: int = Field(default=0, description="of the grey ones, those that an accepted explanation suspends")


IS_SUSPENDED = and_(
    TARGETS.c.light.is_(None), or_(TARGETS.c.suspended, func.coalesce(TARGETS.c.status, "") == "suspended")
)
"""Whether a target shows no light because its alert, or the judgement of its latest period, is suspended."""


def light_of(stored: str | None) -> Light:
    """Return the light of a stored value."""
    match stored:
        case "green" | "yellow" | "red":
            return stored
        case _:
            return "grey"


def light_counts(stored: Iterable[tuple[str | None, bool, int]]) -> LightCounts:
    """Return the sums of counts by stored light and whether it is suspended."""
    counts = {"green": 0, "yellow": 0, "red": 0, "grey": 0, "suspended": 0}
    for light, is_suspended, targets in stored:
        counts[light_of(light)] += targets
        counts["suspended"] += targets if is_suspended else 0
    return LightCounts(**counts)
