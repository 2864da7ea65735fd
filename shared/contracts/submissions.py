"""The event that closes a submission: how many row events it sent, so that a consumer knows when it has all."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from shared.contracts.wire import WireModel

FeedName = Literal["enterprises", "projects", "ratings", "recognitions", "indicators"]


class SubmissionPublished(WireModel):
    """All row events of one submission were published.

    `events` counts them: unchanged rows send none, so it may be 0. A period of a feed counts as known only
    when such a submission is complete at the consumer.
    """

    submission_id: str
    source: str = Field(description="who pushed it: the source the API key is bound to")
    authority: str | None = Field(
        default=None, description="whose rows they are: the publishing authority the API key is bound to, if any"
    )
    simulated: bool = Field(description="the source is a simulation, and must be named as such wherever shown")
    city: str
    feed: FeedName
    period: str
    action: Literal["merge", "replace"]
    reason: str | None = Field(default=None, description="reason code of a restatement")
    reference: str | None = Field(default=None, description="the notice a restatement follows")
    sequence: int
    events: int = Field(ge=0)
    recorded_at: datetime
