"""An AlertActions that keeps what it was given."""

from services.query.domain.acknowledgement import Acknowledgement
from services.query.domain.errors import AcknowledgementRefusedError


class RecordingAlertActions:
    """Takes every acknowledgement, except those of alerts it was told are closed."""

    def __init__(self, closed: frozenset[str] = frozenset()) -> None:
        self.taken: list[Acknowledgement] = []
        self._closed = closed

    async def acknowledge(self, acknowledgement: Acknowledgement) -> None:
        """Keep it, or refuse it for a closed alert."""
        if acknowledgement.alert_id in self._closed:
            raise AcknowledgementRefusedError(409, "该预警已关闭。")
        self.taken.append(acknowledgement)
