"""Until when a unit has to reply, counted in Chinese working days."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ReplyDeadline:
    """The last day for a reply; provisional when the holidays of its year are not announced yet."""

    day: date
    provisional: bool


DeadlineFrom = Callable[[date], ReplyDeadline]
"""Counts the deadline from the day in China on which something became known."""
