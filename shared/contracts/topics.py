"""Every topic, declared once: name, partitions, retention, durability, key and event."""

from dataclasses import dataclass
from datetime import timedelta

from shared.contracts.alerts import AlertChanged
from shared.contracts.feeds import (
    EnterpriseReported,
    IndicatorReported,
    ProjectReported,
    RatingReported,
    RecognitionReported,
)
from shared.contracts.findings import FindingChanged
from shared.contracts.submissions import SubmissionPublished
from shared.contracts.wire import WireModel

DEFAULT_PREFIX = "planwatch."
FOREVER = timedelta(milliseconds=-1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic without its prefix. `retention` of FOREVER keeps the log for replays."""

    name: str
    event: type[WireModel]
    event_type: str
    key: str
    partitions: int = 6
    retention: timedelta = FOREVER
    min_insync_replicas: int = 1

    def full_name(self, prefix: str = DEFAULT_PREFIX) -> str:
        """Return the name on the broker."""
        return f"{prefix}{self.name}"


ENTERPRISES = Topic(
    name="feeds.enterprises.v1", event=EnterpriseReported, event_type="planwatch.enterprise.reported.v1", key="uscc"
)
PROJECTS = Topic(
    name="feeds.projects.v1", event=ProjectReported, event_type="planwatch.project.reported.v1", key="project code"
)
RATINGS = Topic(name="feeds.ratings.v1", event=RatingReported, event_type="planwatch.rating.reported.v1", key="uscc")
RECOGNITIONS = Topic(
    name="feeds.recognitions.v1",
    event=RecognitionReported,
    event_type="planwatch.recognition.reported.v1",
    key="uscc",
)
INDICATORS = Topic(
    name="feeds.indicators.v1",
    event=IndicatorReported,
    event_type="planwatch.indicator.reported.v1",
    key="indicator|area",
)
SUBMISSIONS = Topic(
    name="submissions.v1", event=SubmissionPublished, event_type="planwatch.submission.published.v1", key="city"
)
FINDINGS = Topic(
    name="findings.v1", event=FindingChanged, event_type="planwatch.finding.changed.v1", key="target or rule id"
)
ALERTS = Topic(name="alerts.v1", event=AlertChanged, event_type="planwatch.alert.changed.v1", key="alert id")

FEED_TOPICS = {
    "enterprises": ENTERPRISES,
    "projects": PROJECTS,
    "ratings": RATINGS,
    "recognitions": RECOGNITIONS,
    "indicators": INDICATORS,
}
TOPICS = (ENTERPRISES, PROJECTS, RATINGS, RECOGNITIONS, INDICATORS, SUBMISSIONS, FINDINGS, ALERTS)
