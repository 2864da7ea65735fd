"""What query refuses.

QueryError
├── NotFoundError                 the thing asked for is not known
├── InvalidCursorError            a cursor this list did not issue
├── InstantUnreadableError        a parameter is neither an instant with its offset nor a date
├── InstantInFutureError          nobody knows yet what will be known then
├── InstantsConflictError         as_of and asOf name different instants
├── PastNotKeptError              how this stood in the past is not kept
├── UpdatedAfterAsOfError         asked for changes after an instant as seen before it
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


class InstantUnreadableError(QueryError):
    """The parameter is neither an RFC 3339 instant with its offset nor a date."""

    def __init__(self, parameter: str) -> None:
        super().__init__(f"unreadable instant: {parameter}")
        self.parameter = parameter


class InstantInFutureError(QueryError):
    """The parameter names an instant that is still to come."""

    def __init__(self, parameter: str) -> None:
        super().__init__(f"instant in the future: {parameter}")
        self.parameter = parameter


class InstantsConflictError(QueryError):
    """as_of and asOf are the same parameter; they were given with different instants."""


class PastNotKeptError(QueryError):
    """How things of this kind stood at an instant of the past is not kept."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"the past of a {kind} is not kept")
        self.kind = kind


class UpdatedAfterAsOfError(QueryError):
    """updatedAfter is later than as_of: nothing known then can have changed after it."""


class AcknowledgementRefusedError(QueryError):
    """alerts did not take the acknowledgement; `reason` is its sentence for people."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status}: {reason}")
        self.status = status
        self.reason = reason


class AlertsUnavailableError(QueryError):
    """alerts could not be reached, or query has no access to it."""
