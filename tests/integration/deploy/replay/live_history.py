"""A live database with a history: submissions accepted by ingest and received by rules in any order, row by row if need be."""

import json
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg

from deploy.replay.accepted import announcement_of, page_of
from services.alerts.adapters.finding_consumer import reported_finding
from services.alerts.adapters.notice_writer import ChineseNoticeWriter
from services.alerts.adapters.occasion import WritingRules
from services.alerts.adapters.postgres_alerts import PostgresAlertStore
from services.alerts.application.acknowledge_alert import AcknowledgeAlert, acknowledge_alert
from services.alerts.application.record_findings import record_findings
from services.alerts.application.resume_alert import ResumeAlert, resume_alert
from services.alerts.application.settle_suspensions import settle_suspensions
from services.alerts.application.suspend_alert import SuspendAlert, suspend_alert
from services.alerts.application.tell import Telling
from services.alerts.domain.alert import Suspension
from services.alerts.domain.deadline import ReplyDeadline
from services.alerts.domain.notice import Endpoint
from services.alerts.domain.statement import Statement
from services.ingest.adapters.postgres_acceptance import PostgresAcceptanceStore
from services.ingest.adapters.postgres_holds import PostgresHoldStore
from services.ingest.adapters.postgres_keys import PostgresKeyStore
from services.ingest.adapters.postgres_publishing import PostgresPublishQueue
from services.ingest.application.accept_submission import Accepted, Intake, accept_submission
from services.ingest.application.decide_hold import DecideHold, Deciding, decide_hold
from services.ingest.application.manage_keys import secret_hash
from services.ingest.domain.feeds import FeedName
from services.ingest.domain.hold_decision import Verb
from services.ingest.domain.restatement import HoldLimits
from services.rules.adapters.feed_duties import read_duties
from services.rules.adapters.plan_files import read_authorities, read_plans
from services.rules.adapters.postgres_uow import PostgresDatabase
from services.rules.application.load_plans import LoadPlans, load_plans
from services.rules.application.receive_batch import ParkRow, ReceiveBatch, park_row, receive_batch
from services.rules.application.tick_city import TickCity, tick_city
from services.rules.domain.ledger import Announcement
from services.rules.domain.rows import FeedRow
from shared.adapters.consumer_loop import Received
from shared.adapters.postgres import SessionFactory, connected_engine, session_factory
from shared.kernel.china_time import day_in_china
from shared.reference.areas import Areas
from shared.reference.units_of_measure import UnitsOfMeasure
from tests.contracts.ingest_submissions import NO_LIMITS, REFERENCE, command, sender

ROOT = Path(__file__).resolve().parents[4]
DATA = ROOT / "data"
SECOND = sender(key_id="key_2", may_release=True)
"""The key of a second person of the same source."""
PRESS = sender(key_id="key_3", source="example-press", authority="示例日报")
"""The key of a source whose authority ranks lower."""
BEGINNING = datetime(2025, 9, 1, 1, 0, tzinfo=UTC)
SAMPLE = ROOT / "tests" / "unit" / "shared" / "plans" / "sample"


@dataclass(slots=True)
class Minutes:
    """A clock that goes on by a minute whenever it is read."""

    now: datetime = BEGINNING

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@dataclass(slots=True)
class LiveHistory:
    """The services' own code over one database, step by step."""

    url: str
    ingest: SessionFactory
    rules: PostgresDatabase
    alerts: SessionFactory
    connection: "asyncpg.Connection[asyncpg.Record]"
    clock: Minutes = field(default_factory=Minutes)
    channels: dict[str, tuple[Endpoint, ...]] = field(default_factory=dict)
    limits: HoldLimits = NO_LIMITS
    _position: int = 0
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    async def accept(self, feed: FeedName, period: str, rows: list[Any], **envelope: Any) -> str:
        """Push rows; return the id of the accepted submission."""
        intake = Intake(
            store=PostgresAcceptanceStore(self.ingest, self.clock),
            reference=REFERENCE,
            clock=self.clock,
            new_id=lambda: f"sub_{next(self._numbers):04d}",
            limits=self.limits,
        )
        outcome = await accept_submission(
            command(rows, feed=feed, period=period, today=self.clock.now.date(), **envelope), intake
        )
        assert isinstance(outcome, Accepted), outcome
        assert outcome.receipt.submission_id is not None
        return outcome.receipt.submission_id

    async def release(self, submission_id: str) -> None:
        """Let a second person release a held submission."""
        command = DecideHold(
            submission_id=submission_id, verb=Verb.RELEASED, sender=SECOND, by="示例丁", comment="已核对"
        )
        needs = Deciding(holds=PostgresHoldStore(self.ingest), areas=REFERENCE.areas, clock=self.clock)
        await decide_hold(command, needs)

    async def push(self, feed: FeedName, period: str, rows: list[Any], **envelope: Any) -> str:
        """Push rows, and let rules receive them at once."""
        submission_id = await self.accept(feed, period, rows, **envelope)
        await self.receive(submission_id)
        return submission_id

    async def receive(self, *submission_ids: str, parked: Collection[int] = ()) -> None:
        """Let rules receive submissions in one batch, after rows of the first were parked."""
        for row in parked:
            async with self.rules.transaction() as stores:
                await park_row(stores, ParkRow(submission_id=submission_ids[0], row_number=row), now=self.clock())
        rows: list[FeedRow] = []
        announcements: list[Announcement] = []
        for submission_id in submission_ids:
            of_one, announcement = await self._events(submission_id)
            left_out = set(parked) if submission_id == submission_ids[0] else set()
            rows += [row for number, row in of_one.items() if number not in left_out]
            announcements.append(announcement)
        await self._batch(rows, announcements)

    async def send_again(self, submission_id: str, *rows: int) -> None:
        """Let rules receive rows that were parked, each in a batch of its own."""
        known, _ = await self._events(submission_id)
        for number in rows:
            await self._batch([known[number]], [])

    async def load(self, plans: Path) -> None:
        """Load plan files and ranks as rules does at its start."""
        loaded = LoadPlans(
            plans=read_plans(plans, DATA), correlation_id="load-plans", authorities=read_authorities(DATA)
        )
        async with self.rules.transaction() as stores:
            await load_plans(stores, loaded, now=self.clock())

    async def tick(self, city: str = "321300") -> bool:
        """Let rules look what is overdue today; return whether that was new."""
        now = self.clock()
        async with self.rules.transaction() as stores:
            return await tick_city(stores, TickCity(city=city, day=day_in_china(now)), now=now)

    async def take_up(self) -> int:
        """Let alerts take up what rules told since the last time, in one batch; return how many findings."""
        new = await self.connection.fetch(_OUTBOX, self._position)
        self._position = max((record["position"] for record in new), default=self._position)
        batch = [reported_finding(_received(record)) for record in new]
        await record_findings(batch, store=self.store, telling=self.telling, now=self.clock())
        return len(batch)

    @property
    def store(self) -> PostgresAlertStore:
        return PostgresAlertStore(self.alerts, topic_prefix="test.")

    @property
    def telling(self) -> Telling:
        rules = WritingRules(
            page_url="http://planwatch.example/alerts",
            issuer="示例系统",
            office="示例办公室",
            reply_days=5,
            deadline_from=lambda day: ReplyDeadline(day + timedelta(days=5), provisional=False),
            mail_domain="planwatch.example",
        )
        return Telling(lambda _city, unit: self.channels.get(unit, ()), ChineseNoticeWriter(rules), rules.deadline_from)

    async def active(self, target_id: str) -> str:
        """Return the id of a target's alert that somebody must act on."""
        found = await self.connection.fetchval(_ACTIVE, target_id)
        assert found is not None, target_id
        return str(found)

    async def all_active(self) -> list[str]:
        return [record["alert_id"] for record in await self.connection.fetch(_ALL_ACTIVE)]

    async def rows_of(self, submission_id: str) -> list[int]:
        """Return the numbers of a submission's rows."""
        return list((await self._events(submission_id))[0])

    async def acknowledge(self, alert_id: str, by: str) -> None:
        stated = Statement(by=by, unit="市商务局", comment="已收到")
        command = AcknowledgeAlert(alert_id=alert_id, acknowledgement=stated, correlation_id=f"ack-{by}")
        await acknowledge_alert(command, store=self.store, now=self.clock())

    async def suspend(self, alert_id: str, days: int) -> None:
        until = (self.clock.now + timedelta(days=days)).date()
        rest = Suspension(by="示例甲", unit="市商务局", approver="示例乙", reason="项目推迟", until=until)
        command = SuspendAlert(alert_id=alert_id, suspension=rest, correlation_id="suspend")
        await suspend_alert(command, store=self.store, longest=timedelta(days=365), now=self.clock())

    async def resume(self, alert_id: str) -> None:
        stated = Statement(by="示例丙", unit=None, comment="提前恢复")
        command = ResumeAlert(alert_id=alert_id, statement=stated, correlation_id="resume")
        await resume_alert(command, store=self.store, telling=self.telling, now=self.clock())

    async def days_pass(self, days: int) -> None:
        self.clock.now += timedelta(days=days)
        await settle_suspensions(store=self.store, telling=self.telling, now=self.clock())

    async def execute(self, statement: str, *values: object) -> str:
        """Change the live database behind the services' back."""
        return str(await self.connection.execute(statement, *values))

    async def value(self, statement: str) -> Any:
        return await self.connection.fetchval(statement)

    async def _batch(self, rows: list[FeedRow], announcements: list[Announcement]) -> None:
        async with self.rules.transaction() as stores:
            batch = ReceiveBatch(rows=tuple(rows), announcements=tuple(announcements))
            await receive_batch(stores, batch, now=self.clock())

    async def _events(self, submission_id: str) -> tuple[Mapping[int, FeedRow], Announcement]:
        """Return what the publisher puts on the log of a submission; nothing is noted, so that it can be asked again."""
        async with PostgresPublishQueue(self.ingest).begin_round() as turn:
            assert turn is not None
            pending = {one.submission_id: one for one in await turn.list_pending(1000)}
            rows = await turn.read_rows(pending[submission_id], 10_000)
        read = page_of(pending[submission_id], rows).rows
        return {row.origin.row_number: row for row in read}, announcement_of(pending[submission_id])


_ALL_ACTIVE = (
    "SELECT alert_id FROM alerts.alerts WHERE state IN ('open', 'acknowledged', 'suspended') ORDER BY alert_id"
)
_ACTIVE = "SELECT alert_id FROM alerts.alerts WHERE target_id = $1 AND state IN ('open', 'acknowledged', 'suspended')"
_OUTBOX = "SELECT position, topic, key, headers::text AS headers, body FROM rules.outbox WHERE position > $1 ORDER BY position"


def _received(record: asyncpg.Record) -> Received:
    headers = tuple((name, value.encode()) for name, value in json.loads(record["headers"]).items())
    return Received(record["topic"], 0, 0, record["key"].encode(), record["body"].encode(), headers)


@asynccontextmanager
async def live_history(url: str) -> AsyncIterator[LiveHistory]:
    """Open a history over a fresh migrated database."""
    connection = await asyncpg.connect(url, server_settings={"timezone": "UTC"})
    async with (
        connected_engine(url, role="planwatch_ingest", pool_size=2) as ingest,
        connected_engine(url, role="planwatch_rules", pool_size=2) as rules,
        connected_engine(url, role="planwatch_alerts", pool_size=2) as alerts,
    ):
        keys = PostgresKeyStore(session_factory(ingest))
        for number, one in enumerate((sender(), SECOND, PRESS)):
            await keys.add(one, secret_hash(f"pwk_test_{number}"))
        database = PostgresDatabase(
            session_factory(rules),
            areas=Areas.load(DATA / "areas.csv"),
            units=UnitsOfMeasure.load(DATA / "units_of_measure.csv"),
            topic_prefix="test.",
            duties=read_duties(SAMPLE, DATA),
        )
        try:
            yield LiveHistory(url, session_factory(ingest), database, session_factory(alerts), connection)
        finally:
            await connection.close()
