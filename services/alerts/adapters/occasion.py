"""One notice to be written: the change, its addressee, and the rules its words follow."""

from dataclasses import dataclass
from datetime import datetime

from services.alerts.domain.alert import Changed
from services.alerts.domain.deadline import DeadlineFrom, ReplyDeadline
from services.alerts.domain.notice import Addressee, Cause
from shared.contracts.findings import FindingChanged
from shared.kernel.china_time import day_in_china

_ASKING = (Cause.NEW, Cause.RETROACTIVE, Cause.WORSENED, Cause.REOPENED)


@dataclass(frozen=True, slots=True, kw_only=True)
class WritingRules:
    """What the words depend on besides the change: addresses, names, and how a reply's deadline is counted."""

    page_url: str
    issuer: str
    office: str
    reply_days: int
    deadline_from: DeadlineFrom
    mail_domain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """One change, told to one addressee. `now` is the instant it is decided, from which deadlines count.

    `event` is the finding as far as it concerns the alert, `before` the same as the alert last stood; None for a new one.
    """

    changed: Changed
    event: FindingChanged
    before: FindingChanged | None
    addressee: Addressee
    cause: Cause
    notice_id: str
    now: datetime

    def reply_by(self, rules: WritingRules) -> ReplyDeadline | None:
        """Return the deadline; None when no reply is asked for."""
        if self.cause not in _ASKING or not self.changed.alert.run.goes_on:
            return None
        return rules.deadline_from(day_in_china(self.now))

    def page(self, rules: WritingRules) -> str:
        """Return the address of the alert's page."""
        return f"{rules.page_url.rstrip('/')}/{self.changed.alert.alert_id}"
