"""Findings from the log: decoded, recorded in one transaction, and delivery woken right after the commit."""

from collections.abc import Callable, Sequence

from services.alerts.adapters.finding_codec import decode_finding
from services.alerts.adapters.tables import SCHEMA
from services.alerts.application.ports import AlertStore
from services.alerts.application.record_findings import Recorded, ReportedFinding, record_findings
from services.alerts.application.tell import Telling
from services.alerts.domain.alert import Change, Unchanged
from shared.adapters.cloudevents import metadata_of
from shared.adapters.consumer_loop import Received
from shared.adapters.logging import get_logger
from shared.adapters.parked import park_message
from shared.adapters.postgres import SessionFactory
from shared.contracts.topics import FINDINGS
from shared.kernel.clock import Clock
from shared.kernel.errors import InvalidMessageError

log = get_logger(__name__)


class FindingConsumer:
    """A `BatchHandler`."""

    def __init__(
        self,
        store: AlertStore,
        telling: Telling,
        *,
        sessions: SessionFactory,
        clock: Clock,
        committed: Callable[[], None],
        changed: Callable[[Change], None],
    ) -> None:
        self._store = store
        self._telling = telling
        self._sessions = sessions
        self._clock = clock
        self._committed = committed
        self._changed = changed

    def decode(self, message: Received) -> ReportedFinding:
        """Return the finding; raise InvalidMessageError when it is not one."""
        return reported_finding(message)

    async def handle(self, batch: Sequence[ReportedFinding]) -> None:
        """Record the batch. Findings seen before change nothing, so that a batch may come again."""
        recorded = await record_findings(batch, store=self._store, telling=self._telling, now=self._clock())
        self._committed()
        for result in recorded:
            _log(result)
            for changed in result.changes:
                self._changed(changed.change)

    async def park(self, message: Received, reason: str) -> None:
        """Keep the message with its reason."""
        async with self._sessions.begin() as session:
            await park_message(session, SCHEMA, message, reason=reason, at=self._clock())


def reported_finding(message: Received) -> ReportedFinding:
    """Return the finding a message holds; raise InvalidMessageError when it is not one."""
    metadata = metadata_of(message.headers)
    if metadata.type != FINDINGS.event_type:
        raise InvalidMessageError(f"not a finding: ce_type is {metadata.type}")
    return ReportedFinding(decode_finding(message.value), _plain(metadata.correlation_id))


def _plain(correlation_id: str) -> str:
    """Leave out what no header of a mail or a webhook may hold."""
    return "".join(letter for letter in correlation_id if letter.isascii() and letter.isprintable())[:100]


def _log(recorded: Recorded) -> None:
    finding = recorded.reported.finding
    if isinstance(recorded.decision, Unchanged):
        log.info(
            "finding_changed_nothing",
            target_id=finding.key.target_id,
            area=finding.key.area,
            kind=finding.key.kind,
            sequence=finding.sequence,
            why=recorded.decision.why,
            correlation_id=recorded.reported.correlation_id,
        )
        return
    unreachable = [notice.addressee.unit.name for notice in recorded.notices if not notice.addressee.reachable]
    if unreachable:
        log.warning("units_unreachable", units=unreachable, correlation_id=recorded.reported.correlation_id)
    for changed in recorded.changes:
        log.info(
            "alert_changed",
            alert_id=changed.alert.alert_id,
            change=changed.change,
            state=changed.alert.state,
            severity=changed.alert.severity,
            notices=sum(notice.alert_id == changed.alert.alert_id for notice in recorded.notices),
            correlation_id=recorded.reported.correlation_id,
        )
