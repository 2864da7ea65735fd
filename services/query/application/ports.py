"""What query needs from outside to act."""

from typing import Protocol

from services.query.domain.acknowledgement import Acknowledgement


class AlertActions(Protocol):
    """Where actions on alerts are taken: the service that owns them."""

    async def acknowledge(self, acknowledgement: Acknowledgement) -> None:
        """Pass it on; raise AcknowledgementRefusedError or AlertsUnavailableError."""
        ...
