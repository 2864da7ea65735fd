"""What can go wrong on the local machine, as one sentence a person can act on.

LocalError
├── LocalServerError    Kafka or PostgreSQL cannot be started or does not answer
└── LocalServiceError   a service cannot be started or does not get ready
"""

from pathlib import Path

from shared.kernel.errors import PlanwatchError


class LocalError(PlanwatchError):
    """Something on this machine keeps planwatch from running."""

    def __init__(self, sentence: str, *, log: Path | None = None) -> None:
        super().__init__(sentence if log is None else f"{sentence} (log: {log})")
        self.log = log


class LocalServerError(LocalError):
    """Kafka or PostgreSQL cannot be started or does not answer."""


class LocalServiceError(LocalError):
    """A service of planwatch cannot be started or does not get ready."""
