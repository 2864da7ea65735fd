"""Lights as query counts and shows them: grey is everything that has no light (no figure, not due, no verdict yet)."""

from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel

Light = Literal["green", "yellow", "red", "grey"]


class LightCounts(BaseModel):
    """How many targets show each light."""

    green: int = 0
    yellow: int = 0
    red: int = 0
    grey: int = 0


def light_of(stored: str | None) -> Light:
    """Return the light of a stored value."""
    match stored:
        case "green" | "yellow" | "red":
            return stored
        case _:
            return "grey"


def light_counts(stored: Iterable[tuple[str | None, int]]) -> LightCounts:
    """Return the sums of counts by stored light."""
    counts = {"green": 0, "yellow": 0, "red": 0, "grey": 0}
    for light, targets in stored:
        counts[light_of(light)] += targets
    return LightCounts(**counts)
