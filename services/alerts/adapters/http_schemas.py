"""Bodies of requests and answers."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.alerts.domain.acknowledgement import Acknowledgement
from services.alerts.domain.alert import Alert

_NO_CONTROL = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=_NO_CONTROL)]
Remark = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000, pattern=_NO_CONTROL)]


class AcknowledgeRequest(BaseModel):
    """Who acknowledges (签收), for which unit, with which comment."""

    model_config = ConfigDict(extra="forbid")

    by: Line = Field(description="the person")
    unit: Line | None = Field(default=None, description="the unit the person acts for")
    comment: Remark = Field(default="", description="anything to add")
    seen: int | None = Field(
        default=None,
        ge=0,
        lt=2**63,
        description="id of the newest history entry the person saw; refused when the alert became worse after it",
    )

    def acknowledgement(self) -> Acknowledgement:
        """Return what was stated."""
        return Acknowledgement(by=self.by, unit=self.unit, comment=self.comment)


class AlertState(BaseModel):
    """Where the alert stands after the action."""

    alert_id: str
    episode: int
    state: Literal["open", "acknowledged", "closed"]
    severity: Literal["yellow", "red"]
    acknowledged_at: datetime | None = Field(description="the first acknowledgement since it was opened or worsened")
    acknowledged_by: str | None
    updated_at: datetime

    @classmethod
    def of(cls, alert: Alert) -> "AlertState":
        """Return the answer for an alert."""
        return cls(
            alert_id=alert.alert_id,
            episode=alert.episode,
            state=alert.state.value,
            severity=alert.severity.value,
            acknowledged_at=alert.acknowledged_at,
            acknowledged_by=alert.acknowledged_by,
            updated_at=alert.updated_at,
        )
