import pytest

from services.query.application.acknowledge_alert import Entered, acknowledge_alert
from services.query.domain.acknowledgement import Acknowledgement, InvalidAcknowledgementError
from tests.fakes.query_alert_actions import RecordingAlertActions


async def test_what_was_entered_is_trimmed_and_passed_on() -> None:
    actions = RecordingAlertActions()
    entered = Entered(actor=" 模拟签收人 ", unit="市商务局", comment=" ", seen=7)
    await acknowledge_alert(actions, "alert_1", entered, language="en")
    assert actions.taken == [
        Acknowledgement(alert_id="alert_1", actor="模拟签收人", unit="市商务局", comment="", language="en", seen=7)
    ]


async def test_a_blank_name_never_reaches_alerts() -> None:
    actions = RecordingAlertActions()
    with pytest.raises(InvalidAcknowledgementError):
        await acknowledge_alert(actions, "alert_1", Entered(actor="  "), language="zh")
    assert actions.taken == []
