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


_UNKNOWN = ("no_data", "cannot_judge", "not_due")
"""What has no light of its own, suspended or not: no silence is excused."""
_STATUS = func.coalesce(TARGETS.c.status, "no_data")
IS_SUSPENDED = and_(
    TARGETS.c.light.is_(None), or_(and_(TARGETS.c.suspended, _STATUS.not_in(_UNKNOWN)), _STATUS == "suspended")
)
"""Whether a target shows no light because its alert, or the judgement of its latest period, is suspended."""


def is_suspended(light: str | None, status: str | None, *, alert_rests: bool) -> bool:
    """Return the same of a stored light, the status of the latest verdict, and whether the alert rests."""
    return light is None and (status == "suspended" or (alert_rests and status is not None and status not in _UNKNOWN))


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
