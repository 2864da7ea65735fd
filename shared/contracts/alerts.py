"""What alerts tells anyone: each change of an alert's life."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from shared.contracts.findings import FindingKind, Severity
from shared.contracts.wire import WireModel


class AlertChanged(WireModel):
    """An alert was opened, worsened, eased, updated, acknowledged or closed."""

    alert_id: str
    episode: int = Field(ge=1)
    target_id: str
    area: str
    city: str
    kind: FindingKind
    change: Literal["opened", "worsened", "eased", "updated", "acknowledged", "closed"]
    state: Literal["open", "acknowledged", "closed"]
    severity: Severity
    period: str
    at: datetime
    actor: str | None = None
    comment: str | None = None
    ground: Literal["data_recovered", "target_withdrawn"] | None = None
