"""Corrections on real tables with the real words: taken back, found later, and resting until a day."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.alerts.adapters.notice_writer import ChineseNoticeWriter
from services.alerts.adapters.occasion import WritingRules
from services.alerts.adapters.postgres_alerts import PostgresAlertStore
from services.alerts.adapters.suspension_loop import SuspensionLoop
from services.alerts.application.acknowledge_alert import AcknowledgeAlert, acknowledge_alert
from services.alerts.application.record_findings import Recorded, ReportedFinding, record_findings
from services.alerts.application.settle_suspensions import settle_suspensions
from services.alerts.application.suspend_alert import SuspendAlert, suspend_alert
from services.alerts.application.tell import Telling
from services.alerts.domain.alert import Alert, Change, Changed, Suspension
from services.alerts.domain.deadline import ReplyDeadline
from services.alerts.domain.finding import Finding
from services.alerts.domain.notice import Channel, Endpoint
from services.alerts.domain.statement import Statement
from shared.adapters.postgres import connected_engine, session_factory
from shared.contracts.findings import ResponsibleUnit
from shared.reference.working_days import WorkingDays
from tests.contracts.alerts_findings import JOINT, LEAD, MONTHS, corrected, finding_of_runs, run, runs_of_year, trigger
from tests.fakes.alerts import InMemoryAlertStore

T0 = datetime(2026, 2, 3, 2, tzinfo=UTC)
T1 = datetime(2026, 3, 5, 2, tzinfo=UTC)
SUCCESSOR = "市后继局"
RECIPIENTS = {
    LEAD: (Endpoint(Channel.MAIL, "lead@units.example"), Endpoint(Channel.WEBHOOK, "http://units.example/hook")),
    SUCCESSOR: (Endpoint(Channel.MAIL, "successor@units.example"),),
}


def deadline_from(day: date) -> ReplyDeadline:
    return ReplyDeadline(WorkingDays.announced().add(day, 5), provisional=False)


RULES = WritingRules(
    page_url="http://planwatch.example/alerts",
    issuer="规划目标监测预警系统",
    office="领导小组办公室",
    reply_days=5,
    deadline_from=deadline_from,
    mail_domain="planwatch.example",
)
TELLING = Telling(lambda _city, unit: RECIPIENTS.get(unit, ()), ChineseNoticeWriter(RULES), deadline_from)


@dataclass
class Desk:
    """The store, and a look into its tables."""

    engine: AsyncEngine
    counted: list[Change] = field(default_factory=list)

    @property
    def store(self) -> PostgresAlertStore:
        return PostgresAlertStore(session_factory(self.engine), topic_prefix="test.")

    async def record(self, *findings: Finding, now: datetime) -> Sequence[Recorded]:
        reported = [ReportedFinding(found, "correlation-1") for found in findings]
        return await record_findings(reported, store=self.store, telling=TELLING, now=now)

    async def rows(self, query: str) -> list[dict[str, Any]]:
        async with self.engine.connect() as connection:
            return [dict(row) for row in (await connection.execute(text(query))).mappings()]

    async def alert(self) -> dict[str, Any]:
        (row,) = await self.rows("SELECT * FROM alerts.alerts")
        return row

    async def history(self) -> list[str]:
        return [row["change"] for row in await self.rows("SELECT change FROM alerts.alert_events ORDER BY event_id")]

    async def notices(self, cause: str) -> list[dict[str, Any]]:
        return [row for row in await self.rows("SELECT * FROM alerts.notices") if row["cause"] == cause]

    async def acknowledge(self, alert: Alert) -> None:
        stated = Statement(by="示例人员", unit=LEAD, comment="已收到")
        command = AcknowledgeAlert(alert_id=alert.alert_id, acknowledgement=stated, correlation_id="correlation-2")
        await acknowledge_alert(command, store=self.store, now=T0)

    async def suspend(self, alert: Alert, until: date) -> None:
        rest = Suspension(by="示例人员", unit=LEAD, approver="示例审批人", reason="停产检修", until=until)
        command = SuspendAlert(alert_id=alert.alert_id, suspension=rest, correlation_id="correlation-3")
        await suspend_alert(command, store=self.store, longest=timedelta(days=365), now=T0)

    async def sweep(self, now: datetime) -> None:
        """Let a replica sweep until a sweep finds nothing."""
        stop = asyncio.Event()

        async def resume_due(at: datetime) -> Sequence[Changed]:
            resumed = await settle_suspensions(store=self.store, telling=TELLING, now=at)
            if not resumed:
                stop.set()
            return resumed

        loop = SuspensionLoop(resume_due, clock=lambda: now, committed=lambda: None, changed=self.counted.append)
        await asyncio.wait_for(loop.run(stop), 30)


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Desk]:
    async with connected_engine(database_url, role="planwatch_alerts") as engine:
        yield Desk(engine)


async def test_a_breach_that_never_was_is_taken_back_from_everyone_who_was_told(desk: Desk) -> None:
    (opened,) = await desk.record(finding_of_runs(run("2025-11", "2025-12")), now=T0)
    await desk.acknowledge(opened.changes[0].alert)
    correction = {
        "corrected": (corrected("2025-11", "2025-12"),),
        "triggers": (trigger(period="2025-12"),),
        "units": (ResponsibleUnit(name=SUCCESSOR, role="lead"),),
    }
    await desk.record(finding_of_runs(sequence=2, **correction), now=T1)
    await desk.record(finding_of_runs(sequence=3, **correction), finding_of_runs(sequence=3, **correction), now=T1)

    alert = await desk.alert()
    assert (alert["state"], alert["ground"], alert["closed_at"]) == ("retracted", "data_corrected", T1)
    assert (alert["since_period"], alert["until_period"], alert["period"]) == ("2025-11", "2025-12", "2025-12")
    assert await desk.history() == ["opened", "acknowledged", "retracted"]
    notices = await desk.notices("retracted")
    told = sorted((one["unit"], one["channel"], one["state"]) for one in notices)
    assert told == sorted((one["unit"], one["channel"], one["state"]) for one in await desk.notices("new"))
    assert told == [(JOINT, "none", "unreachable"), (LEAD, "mail", "queued"), (LEAD, "webhook", "queued")]
    mail = next(one["body_text"] for one in notices if one["channel"] == "mail")
    assert "修订前：应达30个，实际22个，落后序时进度（黄灯）" in mail
    assert "修订后：应达30个，实际31个，达到序时进度" in mail
    assert "sub_0009（示例统计局，2025年12月项目报表），原因：差错更正，依据：示例更正说明〔2024〕3号" in mail
    hook = next(json.loads(one["body_text"]) for one in notices if one["channel"] == "webhook")
    assert (hook["type"], hook["data"]["before"]["actual"], hook["data"]["after"]["actual"]) == (
        "alert.retracted",
        "22",
        "31",
    )


async def test_a_breach_found_later_counts_its_deadline_from_the_day_it_became_known(desk: Desk) -> None:
    await desk.record(finding_of_runs(run("2025-11", retroactive=True), triggers=(trigger(period="2025-11"),)), now=T1)

    alert = await desk.alert()
    assert (alert["state"], alert["retroactive"]) == ("open", True)
    assert (alert["breached_on"], alert["due_on"]) == (date(2025, 11, 30), date(2026, 3, 12))
    assert alert["due_on"] == deadline_from(date(2026, 3, 5)).day
    (snapshot,) = [row["snapshot"] for row in await desk.rows("SELECT snapshot FROM alerts.alert_events")]
    kept = {name: snapshot[name] for name in ("retroactive", "breached_on", "due_on", "until_period", "worst")}
    assert kept == {
        "retroactive": True,
        "breached_on": "2025-11-30",
        "due_on": "2026-03-12",
        "until_period": "2025-11",
        "worst": "yellow",
    }
    mail = next(one["body_text"] for one in await desk.notices("retroactive") if one["channel"] == "mail")
    assert "办理期限自今日起计算" in mail
    assert "2026年3月12日前" in mail


async def test_an_old_breach_is_found_beside_one_that_goes_on(desk: Desk) -> None:
    autumn, winter = run("2025-09", "2025-10", "2025-11", worst="red", retroactive=True), run("2025-12")
    await desk.record(finding_of_runs(winter), now=T0)
    await desk.record(finding_of_runs(autumn, winter, sequence=2, triggers=(trigger(),)), now=T1)

    rows = await desk.rows("SELECT episode, state, previous, finding FROM alerts.alerts ORDER BY episode")
    assert [(row["episode"], row["state"]) for row in rows] == [(1, "open"), (2, "made_good")]
    assert (rows[0]["previous"] is None, rows[1]["previous"]) == (False, None)
    assert (rows[1]["finding"]["state"], rows[1]["finding"]["period"]) == ("clear", "2025-11")
    assert (rows[0]["finding"]["state"], rows[0]["finding"]["period"]) == ("breach", "2025-12")
    assert await desk.history() == ["opened", "opened", "made_good", "updated"]
    assert len(await desk.notices("retroactive")) == 3
    assert await desk.notices("closed") == []


async def test_what_was_made_good_and_never_was_is_taken_back_with_its_numbers(desk: Desk) -> None:
    red = run("2025-11", "2025-11", "2025-12", severity="red", actual=12)
    await desk.record(finding_of_runs(run("2025-11", severity="red", actual=12)), now=T0)
    await desk.record(finding_of_runs(red, sequence=2), now=T0)
    await desk.record(finding_of_runs(sequence=3, corrected=(corrected("2025-11"),)), now=T1)

    assert await desk.history() == ["opened", "made_good", "retracted"]
    mail = next(one["body_text"] for one in await desk.notices("retracted") if one["channel"] == "mail")
    assert "修订前：应达30个，实际12个，严重落后序时进度（红灯）" in mail
    assert "（此前已解除）不成立" in mail


async def test_a_suspension_rests_the_alert_until_its_last_day_and_any_replica_ends_it(desk: Desk) -> None:
    (opened,) = await desk.record(finding_of_runs(run("2025-12")), now=T0)
    await desk.acknowledge(opened.changes[0].alert)
    await desk.suspend(opened.changes[0].alert, date(2026, 3, 4))
    await desk.record(finding_of_runs(run("2025-12", "2026-01/P2M", severity="red"), sequence=2), now=T0)
    resting = await desk.alert()
    await desk.sweep(datetime(2026, 3, 4, 15, 59, tzinfo=UTC))
    still = await desk.alert()
    await asyncio.gather(*(desk.sweep(T1) for _ in range(3)))

    assert (resting["state"], resting["suspended_by"], resting["suspension_approver"]) == (
        "suspended",
        "示例人员",
        "示例审批人",
    )
    assert still == resting
    alert = await desk.alert()
    assert (alert["state"], alert["severity"], alert["suspended_until"]) == ("open", "red", None)
    assert await desk.history() == ["opened", "acknowledged", "suspended", "worsened", "resumed"]
    assert desk.counted == [Change.RESUMED]
    assert await desk.notices("worsened") == []
    mail = next(one for one in await desk.notices("resumed") if one["channel"] == "mail")
    assert mail["subject"] == "【暂缓结束·红】示例市 开工10亿元以上项目数 严重落后序时进度（2026年1—2月）"
    (resumed,) = await desk.rows("SELECT * FROM alerts.alert_events WHERE change = 'resumed'")
    assert (resumed["actor"], resumed["comment"]) == (None, "暂缓到期，自动恢复")
    (entry,) = await desk.rows("SELECT * FROM alerts.alert_events WHERE change = 'suspended'")
    assert (entry["actor"], entry["unit"], entry["comment"]) == ("示例人员", LEAD, "停产检修")
    assert (entry["snapshot"]["suspended_until"], entry["snapshot"]["suspension_approver"]) == (
        "2026-03-04",
        "示例审批人",
    )


async def test_an_alert_is_read_back_as_decided_so_that_replays_change_nothing(desk: Desk) -> None:
    runs = (run("2025-03", "2025-04", "2025-05", worst="red"), run("2025-07", "2025-08", "2025-09"), run("2025-12"))
    await desk.record(finding_of_runs(*runs, stale_since="2026-01/P2M"), now=T0)
    before = await desk.rows("SELECT * FROM alerts.alerts ORDER BY episode")
    await desk.record(finding_of_runs(*runs, sequence=2, stale_since="2026-01/P2M"), now=T1)

    assert await desk.rows("SELECT * FROM alerts.alerts ORDER BY episode") == before
    links = {row["episode"]: row["previous"] for row in before}
    assert links == {1: None, 2: before[0]["alert_id"], 3: before[1]["alert_id"]}


@pytest.mark.parametrize("seed", range(8))
async def test_tables_and_memory_agree_on_every_change_of_random_corrections(desk: Desk, seed: int) -> None:
    dice, memory = Random(seed), InMemoryAlertStore()  # noqa: S311  (the same corrections at every run)
    weights = ("ok", "ok", "silent", "yellow", "red")
    for sequence in range(1, 7):
        lights = [dice.choice(weights) for _ in MONTHS]
        found = finding_of_runs(*runs_of_year(lights), sequence=2 * sequence)
        (kept,) = await desk.record(found, now=T0)
        reported = [ReportedFinding(found, "correlation-1")]
        (thought,) = await record_findings(reported, store=memory, telling=TELLING, now=T0)
        assert told(kept) == told(thought)
        (renewed,) = await desk.record(replace(found, sequence=2 * sequence + 1), now=T1)
        assert renewed.changes == ()


def told(recorded: Recorded) -> tuple[list[str], set[str]]:
    changes = [f"{one.change} {one.alert.alert_id} {one.alert.state} {one.alert.run}" for one in recorded.changes]
    return changes, {f"{one.cause} {one.addressee} {one.content.subject}" for one in recorded.notices}
