"""An acknowledgement (签收) as a person enters it."""

from dataclasses import dataclass

from services.query.domain.errors import QueryError

MAX_ACTOR = 100
MAX_COMMENT = 1000


class InvalidAcknowledgementError(QueryError):
    """The form lacks the name, or a text is too long. `field` names what to correct."""

    def __init__(self, field: str) -> None:
        super().__init__(f"not acceptable: {field}")
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """Who acknowledges which alert, for which unit (empty when not said), and what they remark.

    `seen` is the newest entry of the history that the page showed. `language` is that of the sentence a refusal is worded in.
    """

    alert_id: str
    actor: str
    unit: str
    comment: str
    language: str
    seen: int | None = None

    def __post_init__(self) -> None:
        """Refuse a missing name and texts nobody would read."""
        if not self.actor or len(self.actor) > MAX_ACTOR:
            raise InvalidAcknowledgementError("actor")
        if len(self.unit) > MAX_ACTOR:
            raise InvalidAcknowledgementError("unit")
        if len(self.comment) > MAX_COMMENT:
            raise InvalidAcknowledgementError("comment")
