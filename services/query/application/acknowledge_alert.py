"""A person acknowledges an alert on its page; alerts decides."""

from dataclasses import dataclass

from services.query.application.ports import AlertActions
from services.query.domain.acknowledgement import Acknowledgement


@dataclass(frozen=True, slots=True)
class Entered:
    """A form as a person filled it in. `seen` is the newest entry of the history that the page showed."""

    actor: str = ""
    unit: str = ""
    comment: str = ""
    seen: int | None = None


async def acknowledge_alert(actions: AlertActions, alert_id: str, entered: Entered, *, language: str) -> None:
    """Check what was entered and pass it on; raise InvalidAcknowledgementError or what `actions` raises."""
    await actions.acknowledge(
        Acknowledgement(
            alert_id=alert_id,
            actor=entered.actor.strip(),
            unit=entered.unit.strip(),
            comment=entered.comment.strip(),
            language=language,
            seen=entered.seen,
        )
    )
