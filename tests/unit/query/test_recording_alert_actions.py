from services.query.application.ports import AlertActions
from tests.contracts.query_alert_actions import CLOSED, AlertActionsContract
from tests.fakes.query_alert_actions import RecordingAlertActions


class TestRecordingAlertActions(AlertActionsContract):
    def make_actions(self) -> AlertActions:
        self._actions = RecordingAlertActions(frozenset({CLOSED}))
        return self._actions

    def taken(self) -> list[tuple[str, str, str | None, str]]:
        return [(one.alert_id, one.actor, one.unit, one.comment) for one in self._actions.taken]
