"""What query refuses.

QueryError
├── NotFoundError                 the thing asked for is not known
├── InvalidCursorError            a cursor this list did not issue
├── AcknowledgementRefusedError   alerts refused, and says why
└── AlertsUnavailableError        alerts did not answer; trying again may help
"""

from shared.kernel.errors import PlanwatchError


class QueryError(PlanwatchError):
    """query cannot answer as asked."""


class NotFoundError(QueryError):
    """Nothing of this kind has this id."""

    def __init__(self, kind: str, identifier: str) -> None:
        super().__init__(f"no such {kind}: {identifier}")
        self.kind = kind
        self.identifier = identifier


class InvalidCursorError(QueryError):
    """The cursor was not issued by this list with these filters."""


class AcknowledgementRefusedError(QueryError):
    """alerts did not take the acknowledgement; `reason` is its sentence for people."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status}: {reason}")
        self.status = status
        self.reason = reason


class AlertsUnavailableError(QueryError):
    """alerts could not be reached, or query has no access to it."""
