"""What a person stated when acting on an alert: who, for which unit, in which words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Statement:
    """One person's words."""

    by: str
    unit: str | None
    comment: str
