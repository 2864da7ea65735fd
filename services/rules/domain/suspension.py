"""Suspending the judgement of a target: an accepted explanation covers some periods, and is told with every verdict of them."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from services.rules.domain.in_force import InForce
from services.rules.domain.status import Status
from services.rules.domain.wording import Reason, Text
from shared.kernel.period import Period

_WOULD_BE = {
    Status.MET: Text("已完成", "met"),
    Status.ON_PACE: Text("达到序时进度", "on pace"),
    Status.BEHIND: Text("落后序时进度", "behind"),
    Status.FAR_BEHIND: Text("严重落后", "far behind"),
    Status.MISSED: Text("到期未完成", "missed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """From a day to a day, both included: who approved it and why; `reference` is the paper that says so."""

    since: date
    until: date
    reason: Text
    approved_by: str
    reference: str | None = None

    def within(self, in_force: InForce) -> "Suspension | None":
        """Return what of it lies in the days of a version; None when nothing does."""
        if in_force.is_empty:
            return None
        since = max(self.since, in_force.since or self.since)
        until = self.until if in_force.until is None else min(self.until, in_force.until - timedelta(days=1))
        return replace(self, since=since, until=until) if since <= until else None

    def goes_on_in(self, other: "Suspension") -> bool:
        """Whether another is the same decision, from the day after this one on."""
        return replace(self, since=self.until + timedelta(days=1), until=other.until) == other

    def covers(self, period: Period) -> bool:
        """Whether it covers the period: it is told by its last day."""
        return self.since <= period.end <= self.until


def suspended(suspension: Suspension, instead_of: Status) -> Reason:
    """Say what the verdict would be, until when it is suspended, by whom and why."""
    paper_zh = "" if suspension.reference is None else f"，依据{suspension.reference}"
    paper_en = "" if suspension.reference is None else f" ({suspension.reference})"
    would_be, until = _WOULD_BE[instead_of], suspension.until.isoformat()
    return Reason(
        "suspended",
        f"暂缓评判至{until}（由{suspension.approved_by}批准{paper_zh}）：{suspension.reason.zh}；不暂缓则为“{would_be.zh}”",
        f"Suspended until {until}, approved by {suspension.approved_by}{paper_en}: {suspension.reason.en};"
        f" it would be “{would_be.en}”",
    )
