"""Row events on a real broker become facts, verdicts and findings in a real database."""

import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import orjson
import pytest
from prometheus_client import generate_latest
from sqlalchemy import text as _text

from services.rules.adapters.feed_consumer import FeedConsumer
from services.rules.adapters.postgres_uow import PostgresDatabase
from services.rules.domain.facts import (
    RecognitionsQuestion,
)
from services.rules.domain.feed import Feed
from shared.adapters.clock import system_clock
from shared.adapters.consumer_loop import Received
from shared.adapters.outbox import OutgoingEvent
from shared.adapters.parked import resend_parked
from shared.adapters.postgres import SessionFactory
from shared.contracts.findings import FindingChanged
from tests.contracts.rules_messages import messages
from tests.contracts.rules_rows import CITY, YI, firm, gone_recognition, project, push, rating, recognition
from tests.integration.rules.service import Rules, running_rules

STARTS = "suqian-2024/m1/starts-10yi@2024"
GIANT = ("national_giant", "第六批")
_CURRENT = (
    "SELECT status FROM rules.verdicts WHERE target_id = :target AND period = :period ORDER BY sequence DESC LIMIT 1"
)
MARCH = push(
    Feed.PROJECTS,
    "2024-03",
    [project(f"p{number}", planned_total_yuan=12 * YI) for number in range(20)],
    sequence=1,
    simulated=True,
)


@pytest.fixture
async def rules(
    database: PostgresDatabase, sessions: SessionFactory, kafka_bootstrap: str, topic_prefix: str
) -> AsyncIterator[Rules]:
    async with running_rules(database, sessions, kafka_bootstrap=kafka_bootstrap, prefix=topic_prefix) as running:
        yield running


async def _status(rules: Rules, period: str = "2024-03") -> Any:
    return await rules.value(_CURRENT, target=STARTS, period=period)


async def test_a_submission_becomes_verdicts_signals_and_a_finding_in_the_outbox(rules: Rules) -> None:
    await rules.send(messages(MARCH, prefix=rules.prefix))
    await rules.consume_until(lambda: _has_completed(rules, 1))
    assert await _status(rules) == "on_pace"
    assert await rules.value("SELECT count(*) FROM rules.project_versions") == 20
    assert await rules.value("SELECT count(*) FROM rules.signals WHERE kind = 'project_start'") == 40
    body = await rules.value("SELECT body FROM rules.outbox WHERE body LIKE '%starts-50yi@2024%'")
    finding = FindingChanged.model_validate_json(body)
    assert (finding.state, finding.severity, finding.sequence, finding.period) == ("breach", "yellow", 1, "2024-03")
    assert (finding.clause.quote, finding.simulated) == ("50亿元以上项目10个", True)
    first = finding.units[0]
    assert (first.name, first.role, first.answers) == ("市商务局", "support", True)
    assert [unit.answers for unit in finding.units[1:]] == [False] * (len(finding.units) - 1)
    assert finding.figures[0].submissions == (MARCH.submission_id,)
    correlation = "SELECT DISTINCT correlation_id FROM rules.verdicts WHERE period = '2024-03'"
    assert await rules.value(correlation) == "correlation-1"


async def test_the_same_events_twice_are_stored_and_judged_once(rules: Rules) -> None:
    await rules.send(messages(MARCH, prefix=rules.prefix))
    await rules.send(messages(MARCH, prefix=rules.prefix))
    await rules.send(messages(push(Feed.PROJECTS, "2024-04", [], sequence=2), prefix=rules.prefix))
    await rules.consume_until(lambda: _has_completed(rules, 2))
    counts = "SELECT received, parked, events FROM rules.submissions WHERE sequence = 1"
    assert [tuple(row) for row in await rules.rows(counts)] == [(20, 0, 20)]
    per_period = "SELECT count(*) FROM rules.verdicts WHERE target_id = :target AND period = '2024-03'"
    assert await rules.value(per_period, target=STARTS) == 1


async def test_a_poison_row_is_parked_its_targets_cannot_be_judged_and_sent_again_it_replaces_that(
    rules: Rules,
) -> None:
    *rows, last, closing = messages(MARCH, prefix=rules.prefix)
    await rules.send([*rows, replace(last, body=b'{"broken": true'), closing])
    await rules.consume_until(lambda: _has_completed(rules, 1))
    assert await _status(rules) == "cannot_judge"
    assert await rules.value("SELECT parked FROM rules.submissions") == 1
    assert await rules.value("SELECT count(*) FROM rules.project_versions") == 19
    repaired = rules.value("UPDATE rules.parked_messages SET value = :value RETURNING parked_id", value=last.body)
    assert await repaired is not None
    async with rules.sessions.begin() as session:
        assert await resend_parked(session, "rules", rules.producer, at=system_clock()) == 1
    await rules.consume_until(lambda: _is(rules, "on_pace"))
    assert await rules.value("SELECT parked FROM rules.submissions") == 0


@pytest.mark.parametrize(
    "content",
    [
        pytest.param({"planned_total_yuan": 10**30}, id="too large for the column"),
        pytest.param({"planned_total_yuan": -(10**30)}, id="too small for the column"),
    ],
)
async def test_a_value_the_database_refuses_parks_that_row_alone(rules: Rules, content: dict[str, object]) -> None:
    *rows, last, closing = messages(MARCH, prefix=rules.prefix)
    event = orjson.loads(last.body)
    text = orjson.dumps(event).decode()
    total = f'"planned_total_yuan":{12 * YI}'
    assert total in text
    broken = text.replace(total, f'"planned_total_yuan":{content["planned_total_yuan"]}').encode()
    await rules.send([*rows, replace(last, body=broken), closing])
    await rules.consume_until(lambda: _has_completed(rules, 1))
    assert await rules.value("SELECT count(*) FROM rules.project_versions") == 19
    assert await rules.value("SELECT count(*) FROM rules.parked_messages") == 1


@dataclass(slots=True)
class _DiesAfterCommit:
    """A handler whose process ends between the database commit and the offset commit."""

    inner: FeedConsumer

    def decode(self, message: Received) -> Any:
        return self.inner.decode(message)

    async def handle(self, batch: Sequence[Any]) -> None:
        await self.inner.handle(batch)
        raise _KilledError

    async def park(self, message: Received, reason: str) -> None:
        await self.inner.park(message, reason)


class _KilledError(Exception):
    pass


async def test_dying_between_database_and_offset_commit_loses_and_doubles_nothing(rules: Rules) -> None:
    await rules.send(messages(MARCH, prefix=rules.prefix))
    for _ in range(3):
        with pytest.raises(ExceptionGroup):
            await rules.consume_until(_never, handler=_DiesAfterCommit(rules.handler()))
    await rules.send(messages(push(Feed.PROJECTS, "2024-04", [], sequence=2), prefix=rules.prefix))
    await rules.consume_until(lambda: _has_completed(rules, 2))
    assert await rules.value("SELECT received FROM rules.submissions WHERE sequence = 1") == 20
    assert await rules.value("SELECT count(*) FROM rules.project_versions") == 20
    repeated = "SELECT count(*) - count(DISTINCT (target_id, area, period)) FROM rules.verdicts"
    assert await rules.value(repeated) == 0
    told = "SELECT target_id FROM rules.findings WHERE target_id LIKE '%/m1/starts-%' AND period = '2024-03'"
    assert sorted(row[0] for row in await rules.rows(told)) == [
        "suqian-2024/m1/starts-1yi@2024",
        "suqian-2024/m1/starts-50yi@2024",
    ]
    repeated_events = "SELECT count(*) - count(DISTINCT headers ->> 'ce_id') FROM rules.outbox"
    assert await rules.value(repeated_events) == 0


async def test_class_d_firms_are_told_by_area_once_their_rating_is_final(rules: Rules) -> None:
    """上年度综合评价 D 类: preliminary ratings alert nobody, T is not D (trap 6)."""
    early = push(
        Feed.RATINGS, "2024-06", [rating("a", 2023, "D", stage="public_notice"), rating("b", 2023, "T")], sequence=2
    )
    final = push(Feed.RATINGS, "2024-07", [rating("a", 2023, "D"), rating("c", 2023, "D", area="321323")], sequence=3)
    named = push(Feed.ENTERPRISES, "2024-06", [firm("a", name="示例甲公司")], sequence=1)
    await rules.send([*messages(named, prefix=rules.prefix), *messages(early, prefix=rules.prefix)])
    await rules.consume_until(lambda: _has_completed(rules, 2))
    assert await rules.value("SELECT count(*) FROM rules.findings WHERE kind = 'rating_d'") == 0
    await rules.send(messages(final, prefix=rules.prefix))
    await rules.consume_until(lambda: _has_completed(rules, 3))
    events = await rules.rows("SELECT event FROM rules.findings WHERE kind = 'rating_d' ORDER BY area")
    assert [(event[0]["area"], event[0]["period"], event[0]["severity"]) for event in events] == [
        ("321322", "2023", "yellow"),
        ("321323", "2023", "yellow"),
    ]
    assert [subject["name"] for subject in events[0][0]["subjects"]] == ["示例甲公司"]


async def test_titles_are_kept_corrected_and_withdrawn_and_a_poison_one_is_parked(rules: Rules) -> None:
    first = push(Feed.RECOGNITIONS, "2024-05", [recognition(key, *GIANT) for key in "abc"], sequence=1)
    later = push(
        Feed.RECOGNITIONS,
        "2024-06",
        [recognition("a", *GIANT, revoked_on=date(2024, 6, 3)), gone_recognition("b", *GIANT)],
        sequence=2,
    )
    a, b, c, closing = messages(first, prefix=rules.prefix)
    await rules.send([a, b, replace(c, body=c.body.replace(b"2024-05-20", b"2024-05-32")), closing])
    await rules.send(messages(later, prefix=rules.prefix))
    await rules.consume_until(lambda: _has_completed(rules, 2))
    async with rules.database.transaction() as stores:
        found = await stores.facts.recognitions(RecognitionsQuestion(CITY, GIANT[:1], date(2024, 12, 31)))
    assert [(one.uscc, one.version.removed, one.revoked_on) for one in found] == [
        ("a", False, date(2024, 6, 3)),
        ("b", True, None),
    ]
    assert await rules.value("SELECT parked FROM rules.submissions WHERE sequence = 1") == 1
    assert await rules.value("SELECT count(*) FROM rules.parked_messages") == 1


async def test_metrics_count_verdicts_and_measure_the_lag(rules: Rules) -> None:
    await rules.send(messages(MARCH, prefix=rules.prefix))
    await rules.consume_until(lambda: _has_completed(rules, 1))
    exposed = generate_latest(rules.registry).decode()
    behind = await rules.value("SELECT count(*) FROM rules.verdicts WHERE status = 'behind'")
    assert behind > 0
    assert f'rules_verdicts_total{{status="behind"}} {behind}.0' in exposed
    assert "rules_evaluation_lag_seconds_count 1.0" in exposed
    assert "rules_evaluation_seconds_count 1.0" in exposed


# ---- order ----------------------------------------------------------------------------------------------------------

HALF_YEAR = (
    MARCH,
    push(Feed.PROJECTS, "2024-04", [project("p1", planned_total_yuan=60 * YI)], sequence=2),
    push(Feed.PROJECTS, "2024-03", [project("p2", start_evidence="pending", planned_total_yuan=12 * YI)], sequence=3),
    push(Feed.ENTERPRISES, "2024-03", [firm("a"), firm("b", above_scale=False)], sequence=4),
    push(Feed.RATINGS, "2024-04", [rating("a", 2023, "D")], sequence=5),
    push(Feed.RATINGS, "2024-05", [rating("a", 2023, "C")], sequence=6),
    push(Feed.RECOGNITIONS, "2024-05", [recognition("a", *GIANT), recognition("b", *GIANT)], sequence=7),
    push(Feed.RECOGNITIONS, "2024-06", [gone_recognition("a", *GIANT)], sequence=8),
)
_STATE = (
    "SELECT target_id, period, verdict_id FROM (SELECT DISTINCT ON (target_id, period) * FROM rules.verdicts"
    " ORDER BY target_id, period, sequence DESC) AS current ORDER BY 1, 2",
    "SELECT signal_id, fingerprint FROM (SELECT DISTINCT ON (signal_id) * FROM rules.signals"
    " ORDER BY signal_id, sequence DESC) AS current WHERE active ORDER BY 1",
    "SELECT target_id, area, severity, fingerprint FROM (SELECT DISTINCT ON (target_id, area, kind) * FROM rules.findings"
    " ORDER BY target_id, area, kind, sequence DESC) AS current WHERE state = 'breach' ORDER BY 1, 2",
    "SELECT submission_id, row_number FROM rules.project_versions ORDER BY 1, 2",
    "SELECT submission_id, row_number, removed FROM rules.recognition_versions ORDER BY 1, 2",
)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_any_order_of_the_events_ends_in_the_same_verdicts_signals_and_findings(
    rules: Rules, sessions: SessionFactory, seed: int
) -> None:
    events = [event for one in HALF_YEAR for event in messages(one)]
    straight = await _state_after(rules, events)
    await _forget(sessions)
    shuffled = [*events, *events[::3]]
    random.Random(seed).shuffle(shuffled)  # noqa: S311  a test's dice
    assert await _state_after(rules, shuffled) == straight


async def _state_after(rules: Rules, events: Sequence[OutgoingEvent]) -> list[list[tuple[Any, ...]]]:
    handler = rules.handler()
    decoded = [
        handler.decode(Received(topic=e.topic, partition=0, offset=0, key=None, value=e.body, headers=tuple(e.headers)))
        for e in events
    ]
    for start in range(0, len(decoded), 7):
        await handler.handle(decoded[start : start + 7])
    return [[tuple(row) for row in await rules.rows(statement)] for statement in _STATE]


async def _forget(sessions: SessionFactory) -> None:
    """Empty everything but the plans and the first verdict of each target, which came with them."""
    tables = (
        "submissions enterprise_versions project_versions rating_versions recognition_versions signals findings outbox"
    )
    async with sessions.begin() as session:
        for table in tables.split():
            await session.execute(_text(f"DELETE FROM rules.{table}"))
        await session.execute(_text("DELETE FROM rules.verdicts WHERE correlation_id <> 'test'"))


async def _has_completed(rules: Rules, count: int) -> bool:
    return await rules.completed() == count


async def _is(rules: Rules, status: str) -> bool:
    return bool(await _status(rules) == status)


async def _never() -> bool:
    return False
