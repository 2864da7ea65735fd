"""Bodies of requests and answers."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.alerts.domain.alert import Alert, Suspension
from services.alerts.domain.statement import Statement

_NO_CONTROL = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=_NO_CONTROL)]
Remark = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000, pattern=_NO_CONTROL)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000, pattern=_NO_CONTROL)]


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

    def statement(self) -> Statement:
        """Return what was stated."""
        return Statement(by=self.by, unit=self.unit, comment=self.comment)


class SuspendRequest(BaseModel):
    """Who suspends (暂缓), who approved it, why, and until which day."""

    model_config = ConfigDict(extra="forbid")

    by: Line = Field(description="the person")
    approver: Line = Field(description="who approved it; somebody else than the person")
    reason: Reason = Field(description="the explanation that was accepted")
    until: date = Field(description="last day of the suspension, in China; after today")
    unit: Line | None = Field(default=None, description="the unit the person acts for")

    def suspension(self) -> Suspension:
        """Return what was stated."""
        return Suspension(by=self.by, unit=self.unit, approver=self.approver, reason=self.reason, until=self.until)


class ResumeRequest(BaseModel):
    """Who ends a suspension early, and why."""

    model_config = ConfigDict(extra="forbid")

    by: Line = Field(description="the person")
    reason: Reason = Field(description="why it ends before its last day")
    unit: Line | None = Field(default=None, description="the unit the person acts for")

    def statement(self) -> Statement:
        """Return what was stated."""
        return Statement(by=self.by, unit=self.unit, comment=self.reason)


class AlertState(BaseModel):
    """Where the alert stands after the action."""

    alert_id: str
    episode: int
    state: Literal["open", "acknowledged", "suspended", "made_good", "retracted", "closed"]
    severity: Literal["yellow", "red"]
    acknowledged_at: datetime | None = Field(description="the first acknowledgement since it was opened or worsened")
    acknowledged_by: str | None
    suspended_until: date | None = Field(description="last day of the suspension, in China")
    suspended_by: str | None
    approver: str | None
    suspension_reason: str | None
    updated_at: datetime

    @classmethod
    def of(cls, alert: Alert) -> "AlertState":
        """Return the answer for an alert."""
        rest = alert.suspension
        return cls(
            alert_id=alert.alert_id,
            episode=alert.episode,
            state=alert.state.value,
            severity=alert.severity.value,
            acknowledged_at=alert.acknowledged_at,
            acknowledged_by=alert.acknowledged_by,
            suspended_until=rest.until if rest else None,
            suspended_by=rest.by if rest else None,
            approver=rest.approver if rest else None,
            suspension_reason=rest.reason if rest else None,
            updated_at=alert.updated_at,
        )
