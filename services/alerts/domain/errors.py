"""What alerts refuses.

AlertsError
├── AlertNotFoundError   no alert has this id
├── AlertClosedError     the alert is closed, nothing can be done with it any more
└── AlertWorsenedError   the alert became worse after the person saw it
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


class AlertWorsenedError(AlertsError):
    """The alert became worse after the person saw it."""

    def __init__(self, alert_id: str) -> None:
        super().__init__(f"alert {alert_id} became worse")
