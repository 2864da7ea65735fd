"""What every version of anything reported says of itself."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class VersionOrigin(BaseModel):
    """Where one version comes from, why it replaced another, and when it was the one that counts."""

    model_config = ConfigDict(extra="ignore")

    source: str
    submission_id: str
    row_number: int
    sequence: int = Field(description="of a source's versions of one cell the highest counts, whenever it came")
    recorded_at: datetime
    reason: str | None = Field(description="of a restatement: the code its sender gave")
    reference: str | None = Field(description="of a restatement: the notice it follows")
    removed: bool
    simulated: bool
    valid_from: datetime = Field(description="from when it was known: its submission was complete")
    valid_to: datetime | None = Field(
        description="until when its source said so, null while it does; a version that came after a newer one never counted and ends when it begins"
    )
