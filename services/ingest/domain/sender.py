"""Who pushes: what an API key is bound to."""

from dataclasses import dataclass
from datetime import datetime

from services.ingest.domain.feeds import FeedName


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """A key's binding: it writes as `source`, for one city and the listed feeds only (I11).

    `may_release`: it may also release or withdraw what another key of its city pushed and what was held.
    """

    key_id: str
    source: str
    name: str
    simulated: bool
    authority: str | None
    city: str
    feeds: tuple[FeedName, ...]
    created_at: datetime
    revoked_at: datetime | None = None
    may_release: bool = False
