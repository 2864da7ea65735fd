"""What any AlertActions must do."""

from abc import ABC, abstractmethod

import pytest

from services.query.application.ports import AlertActions
from services.query.domain.acknowledgement import Acknowledgement
from services.query.domain.errors import AcknowledgementRefusedError

OPEN, CLOSED = "alert_open", "alert_closed"


def acknowledgement(alert_id: str) -> Acknowledgement:
    return Acknowledgement(alert_id=alert_id, actor="模拟签收人", unit="市商务局", comment="已知悉", language="zh")


class AlertActionsContract(ABC):
    @abstractmethod
    def make_actions(self) -> AlertActions:
        """Return actions that know an open and a closed alert."""

    @abstractmethod
    def taken(self) -> list[tuple[str, str, str | None, str]]:
        """Return what was taken: alert, person, unit, comment."""

    async def test_an_acknowledgement_is_taken_with_person_unit_and_comment(self) -> None:
        await self.make_actions().acknowledge(acknowledgement(OPEN))
        assert self.taken() == [(OPEN, "模拟签收人", "市商务局", "已知悉")]

    async def test_a_closed_alert_is_refused_with_the_reason_for_people(self) -> None:
        with pytest.raises(AcknowledgementRefusedError) as refused:
            await self.make_actions().acknowledge(acknowledgement(CLOSED))
        assert (refused.value.status, refused.value.reason) == (409, "该预警已关闭。")
        assert self.taken() == []
