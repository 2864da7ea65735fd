"""A person acknowledges an alert on its page; alerts decides."""

from services.query.application.ports import AlertActions
from services.query.domain.acknowledgement import Acknowledgement


async def acknowledge_alert(
    actions: AlertActions, *, alert_id: str, actor: str, unit: str, comment: str, language: str
) -> None:
    """Check what was entered and pass it on; raise InvalidAcknowledgementError or what `actions` raises."""
    await actions.acknowledge(
        Acknowledgement(
            alert_id=alert_id, actor=actor.strip(), unit=unit.strip(), comment=comment.strip(), language=language
        )
    )
