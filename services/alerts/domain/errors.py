"""What alerts refuses.

AlertsError
├── AlertNotFoundError      no alert has this id
├── AlertClosedError        the alert has ended, nothing can be done with it any more
├── AlertWorsenedError      the alert became worse after the person saw it
├── SelfApprovedError       who suspends an alert approves it too
├── SuspendedByPlanError    the plan suspends the target today, and no person resumes that
└── SuspensionPeriodError   a suspension must end after today and within the longest time allowed
"""

from datetime import date

from shared.kernel.errors import PlanwatchError


class AlertsError(PlanwatchError):
    """A request to alerts is refused."""


class AlertNotFoundError(AlertsError):
    """No alert has this id."""

    def __init__(self, alert_id: str) -> None:
        super().__init__(f"no alert {alert_id}")


class AlertClosedError(AlertsError):
    """The alert has ended, nothing can be done with it any more."""

    def __init__(self, alert_id: str) -> None:
        super().__init__(f"alert {alert_id} has ended")


class AlertWorsenedError(AlertsError):
    """The alert became worse after the person saw it."""

    def __init__(self, alert_id: str) -> None:
        super().__init__(f"alert {alert_id} became worse")


class SelfApprovedError(AlertsError):
    """Who suspends an alert approves it too."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} cannot approve their own suspension")


class SuspendedByPlanError(AlertsError):
    """The plan suspends the target today, and no person resumes that."""

    def __init__(self, alert_id: str) -> None:
        super().__init__(f"alert {alert_id} is suspended by its plan")


class SuspensionPeriodError(AlertsError):
    """A suspension must end after today and within the longest time allowed."""

    def __init__(self, until: date) -> None:
        super().__init__(f"a suspension cannot last until {until.isoformat()}")
