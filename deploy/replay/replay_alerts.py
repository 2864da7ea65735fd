"""Makes alerts take up the replayed findings again, in the order and at the instants its history has, with what people did."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import assert_never

from sqlalchemy import text

from deploy.replay.alert_history import Act, AlertHistory, Entry, Step, TakeUp
from deploy.replay.told_findings import ToldFindings
from services.alerts.adapters.notice_writer import ChineseNoticeWriter
from services.alerts.adapters.occasion import WritingRules
from services.alerts.adapters.postgres_alerts import PostgresAlertStore
from services.alerts.application.acknowledge_alert import AcknowledgeAlert, acknowledge_alert
from services.alerts.application.record_findings import ReportedFinding, record_findings
from services.alerts.application.resume_alert import ResumeAlert, resume_alert
from services.alerts.application.settle_suspensions import settle_suspensions
from services.alerts.application.suspend_alert import SuspendAlert, suspend_alert
from services.alerts.application.tell import Telling
from services.alerts.domain.alert import Change, Suspension
from services.alerts.domain.deadline import ReplyDeadline
from services.alerts.domain.errors import AlertsError
from services.alerts.domain.finding import FindingKey
from services.alerts.domain.notice import Endpoint
from services.alerts.domain.statement import Statement
from shared.adapters.postgres import SessionFactory

_ANY_LENGTH = timedelta(days=36_500)
_LAST = 2**63
_WORDS = WritingRules(
    page_url="https://replay.invalid",
    issuer="重放",
    office="重放",
    reply_days=0,
    deadline_from=lambda day: ReplyDeadline(day, provisional=False),
    mail_domain="replay.invalid",
)
"""Addresses, names and deadlines are settings of the running service: no part of what is compared depends on them."""

_DISABLE = text(
    "INSERT INTO alerts.disabled_endpoints (channel, recipient, disabled_at, reason)"
    " VALUES (:channel, :recipient, :at, :reason) ON CONFLICT DO NOTHING"
)


@dataclass(slots=True)
class AlertsRerun:
    """What a replay of alerts met: acts that could not be done again, and findings that alerts has not taken up."""

    refused: list[str] = field(default_factory=list)
    waiting: int = 0


class AlertsReplay:
    """Replays steps in order over the scratch database."""

    def __init__(self, sessions: SessionFactory, history: AlertHistory, findings: ToldFindings) -> None:
        self._sessions = sessions
        self._store = PostgresAlertStore(sessions, topic_prefix="")
        self._history = history
        self._findings = findings
        self._applied: dict[FindingKey, int] = {}
        self._disabled = list(history.disabled)
        self._met = AlertsRerun()

    async def run(self, *, told: Callable[[], None]) -> AlertsRerun:
        """Replay the history, then what was taken up without leaving a trace in it."""
        for step in self._history.steps:
            await self._disable_until(step)
            await self._do(step)
            told()
        await self._take_up_the_rest()
        return self._met

    async def _do(self, step: Step) -> None:
        match step:
            case TakeUp():
                await self._take_up(step)
            case Act():
                await self._act(step.entry)
            case unreachable:
                assert_never(unreachable)

    async def _take_up(self, step: TakeUp) -> None:
        batch: list[ReportedFinding] = []
        for key, sequence in step.findings:
            batch += self._after_applied(key, sequence)
            self._applied[key] = max(sequence, self._applied.get(key, -1))
        await self._record(batch, step.at)

    async def _record(self, batch: list[ReportedFinding], at: datetime) -> None:
        if batch:
            await record_findings(batch, store=self._store, telling=self._telling(at), now=at)

    async def _take_up_the_rest(self) -> None:
        """Record findings that changed nothing when they were taken up; those not taken up yet are counted."""
        for key in self._findings.keys:
            taken = self._history.taken_up.get(key)
            if taken is not None:
                await self._record(self._after_applied(key, taken.sequence), taken.at)
                self._applied[key] = max(taken.sequence, self._applied.get(key, -1))
            self._met.waiting += len(self._findings.between(key, self._applied.get(key, -1), _LAST))

    def _after_applied(self, key: FindingKey, until: int) -> list[ReportedFinding]:
        return self._findings.between(key, self._applied.get(key, -1), until)

    async def _act(self, entry: Entry) -> None:
        try:
            await self._repeat(entry)
        except AlertsError as error:
            self._met.refused.append(f"{entry.alert_id} {entry.change}: {type(error).__name__}")

    async def _repeat(self, entry: Entry) -> None:
        stated = Statement(by=entry.actor or "", unit=entry.unit, comment=entry.comment or "")
        alert_id, correlation_id = entry.alert_id, entry.correlation_id
        store, telling, now = self._store, self._telling(entry.at), entry.at
        if entry.by_day:
            await settle_suspensions(store=store, telling=telling, now=now)
        elif entry.change == Change.RESUMED:
            resume = ResumeAlert(alert_id=alert_id, statement=stated, correlation_id=correlation_id)
            await resume_alert(resume, store=store, telling=telling, now=now)
        elif entry.change == Change.SUSPENDED:
            suspend = SuspendAlert(alert_id=alert_id, suspension=_suspension(entry), correlation_id=correlation_id)
            await suspend_alert(suspend, store=store, longest=_ANY_LENGTH, now=now)
        else:
            acknowledge = AcknowledgeAlert(alert_id=alert_id, acknowledgement=stated, correlation_id=correlation_id)
            await acknowledge_alert(acknowledge, store=store, now=now)

    async def _disable_until(self, step: Step) -> None:
        """Stop using the endpoints that had said by then that they no longer exist."""
        while self._disabled and self._disabled[0][1] <= step_at(step):
            endpoint, at, reason = self._disabled.pop(0)
            values = {"channel": endpoint.channel, "recipient": endpoint.recipient, "at": at, "reason": reason}
            async with self._sessions.begin() as session:
                await session.execute(_DISABLE, values)

    def _telling(self, at: datetime) -> Telling:
        def channels_of(city: str, unit: str) -> tuple[Endpoint, ...]:
            return self._history.endpoints.at(city, unit, at)

        return Telling(channels_of, ChineseNoticeWriter(_WORDS), _WORDS.deadline_from)


def step_at(step: Step) -> datetime:
    """Return when a step happened."""
    return step.at if isinstance(step, TakeUp) else step.entry.at


def _suspension(entry: Entry) -> Suspension:
    return Suspension(
        by=entry.actor or "",
        unit=entry.unit,
        approver=entry.approver or "",
        reason=entry.comment or "",
        until=entry.until or date.max,
    )
