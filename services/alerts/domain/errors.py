"""What alerts refuses.

AlertsError
├── AlertNotFoundError   no alert has this id
└── AlertClosedError     the alert is closed, nothing can be done with it any more
"""

from shared.kernel.errors import PlanwatchError


class AlertsError(PlanwatchError):
    """A request to alerts is refused."""


class AlertNotFoundError(AlertsError):
    """No alert has this id."""

    def __init__(self, alert_id: str) -> None:
        super().__init__(f"no alert {alert_id}")


class AlertClosedError(AlertsError):
    """The alert is closed, nothing can be done with it any more."""

    def __init__(self, alert_id: str) -> None:
        super().__init__(f"alert {alert_id} is closed")
