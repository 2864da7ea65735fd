"""What alerts tells anyone: each change of an alert's life."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from shared.contracts.findings import FindingKind, Severity
from shared.contracts.wire import WireModel


class AlertChanged(WireModel):
    """A change of an alert's life. `retroactive`: the breach was found after its period had been judged otherwise, or passed."""

    alert_id: str
    episode: int = Field(ge=1)
    target_id: str
    area: str
    city: str
    kind: FindingKind
    change: Literal[
        "opened",
        "worsened",
        "eased",
        "updated",
        "acknowledged",
        "closed",
        "made_good",
        "retracted",
        "reopened",
        "stale",
        "refreshed",
        "suspended",
        "resumed",
    ]
    state: Literal["open", "acknowledged", "suspended", "made_good", "retracted", "closed"]
    severity: Severity
    period: str
    at: datetime
    actor: str | None = None
    comment: str | None = None
    ground: Literal["data_recovered", "data_corrected", "target_withdrawn", "outcome_known"] | None = None
    retroactive: bool = False
    unit: str | None = Field(default=None, description="the unit the actor acts for")
    since: str | None = Field(default=None, description="first period in breach")
    until: str | None = Field(default=None, description="last period in breach")
    worst: Severity | None = None
    breached_on: date | None = Field(default=None, description="the end of the first period in breach")
    due_on: date | None = Field(default=None, description="first deadline for a reply, counted from discovery")
    stale_since: str | None = Field(default=None, description="first period without figures behind the breach")
    suspended_until: date | None = Field(default=None, description="last day of a suspension, in China")
    approver: str | None = Field(default=None, description="who approved the suspension")
    merged_into: str | None = Field(
        default=None, description="id of the alert that goes on in place of a retracted one"
    )
