"""Accepted means kept; publishing resumes by itself (guarantees 1 and 2 of the design)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer

from services.ingest.adapters.kafka_log import KafkaEventLog
from services.ingest.adapters.postgres_publishing import PostgresPublishQueue
from services.ingest.application.publish_submissions import Publishing, RoundLimits, publish_round
from shared.adapters.clock import system_clock
from shared.adapters.cloudevents import metadata_of
from shared.adapters.postgres import SessionFactory
from shared.contracts.feeds import EnterpriseReported
from shared.contracts.submissions import SubmissionPublished
from shared.contracts.topics import ENTERPRISES, SUBMISSIONS
from tests.contracts.ingest_submissions import firm
from tests.fakes.ingest import RecordingPublishObserver
from tests.integration.ingest.conftest import NOBODY, Service, running
from tests.integration.ingest.cuttable_proxy import proxied

JUNE = {"period": "2024-06"}


@asynccontextmanager
async def reader(bootstrap: str, prefix: str) -> AsyncIterator[AIOKafkaConsumer]:
    topics = [topic.full_name(prefix) for topic in (ENTERPRISES, SUBMISSIONS)]
    consumer = AIOKafkaConsumer(*topics, bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()


async def read(consumer: AIOKafkaConsumer, count: int) -> dict[str, tuple[str, bytes]]:
    """Read until so many different events were seen; return topic and body by event id."""
    seen: dict[str, tuple[str, bytes]] = {}
    async with asyncio.timeout(20):
        while len(seen) < count:
            for records in (await consumer.getmany(timeout_ms=200)).values():
                for record in records:
                    seen[metadata_of(record.headers).id] = (record.topic, record.value or b"")
    return seen


async def test_accepted_rows_are_on_the_log_with_their_count(
    database_url: str, kafka_bootstrap: str, topic_prefix: str
) -> None:
    async with running(database_url, kafka_bootstrap, topic_prefix) as service:
        headers = {"X-Correlation-ID": "from-the-bureau"}
        pushed = await service.push("enterprises", {**JUNE, "rows": [firm(1), firm(2)]}, headers=headers)
        report = await service.wait_until_published(pushed.json()["id"])
        assert (report["correlation_id"], report["published_events"]) == ("from-the-bureau", 2)
        async with reader(kafka_bootstrap, topic_prefix) as consumer:
            seen = await read(consumer, 3)
    identifier = pushed.json()["id"]
    assert set(seen) == {f"{identifier}:1", f"{identifier}:2", f"{identifier}:published"}
    row = EnterpriseReported.model_validate_json(seen[f"{identifier}:1"][1])
    assert row.firm is not None
    assert (row.firm.revenue_ytd_yuan, row.uscc) == (12_345_000, firm(1)["uscc"])
    published = SubmissionPublished.model_validate_json(seen[f"{identifier}:published"][1])
    assert (published.events, published.simulated) == (2, True)


async def test_submission_is_accepted_while_kafka_is_away_and_published_later(
    database_url: str, kafka_bootstrap: str, topic_prefix: str
) -> None:
    async with running(database_url, NOBODY, topic_prefix) as service:
        pushed = await service.push("enterprises", {**JUNE, "rows": [firm(1)]})
        assert pushed.status_code == 202
        async with asyncio.timeout(10):
            while not (ready := (await service.http.get("/readyz")).json())["degraded"]:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert (ready["status"], ready["missing"]) == ("degraded", {})
        assert "ingest_publish_backlog_events 1.0" in (await service.http.get("/metrics")).text
    async with running(database_url, kafka_bootstrap, topic_prefix) as service:
        again = Service(service.http, service.key)
        await again.wait_until_published(pushed.json()["id"])
        async with reader(kafka_bootstrap, topic_prefix) as consumer:
            assert len(await read(consumer, 2)) == 2


async def test_crash_after_the_acknowledgement_publishes_the_same_ids_again(
    sessions: SessionFactory, database_url: str, kafka_bootstrap: str, topic_prefix: str
) -> None:
    """The round dies between the log's acknowledgement and the commit of the progress."""
    async with running(database_url, NOBODY, topic_prefix) as service:
        pushed = await service.push("enterprises", {**JUNE, "rows": [firm(1), firm(2), firm(3)]})
    event_log = KafkaEventLog(kafka_bootstrap, prefix=topic_prefix)
    publishing = Publishing(
        queue=PostgresPublishQueue(sessions),
        log=event_log,
        observer=RecordingPublishObserver(),
        clock=system_clock,
        limits=RoundLimits(rows=2),
    )
    with pytest.raises(RuntimeError):
        await _round_that_dies(publishing)
    while await publish_round(publishing):
        pass
    await event_log.close()
    async with reader(kafka_bootstrap, topic_prefix) as consumer:
        seen = await read(consumer, 4)
    identifier = pushed.json()["id"]
    assert set(seen) == {f"{identifier}:{end}" for end in ("1", "2", "3", "published")}


async def _round_that_dies(publishing: Publishing) -> None:
    async with publishing.queue.begin_round() as turn:
        assert turn is not None
        [submission] = await turn.list_pending(1)
        rows = await turn.read_rows(submission, 2)
        await publishing.log.publish([(submission, rows, False)])
        raise RuntimeError("killed")


async def test_database_away_is_503_and_never_202(database_url: str, topic_prefix: str) -> None:
    async with proxied(database_url) as (proxy, url), running(url, NOBODY, topic_prefix) as service:
        await proxy.cut()
        answer = await service.push("enterprises", {**JUNE, "rows": [firm(1)]})
        ready = await service.http.get("/readyz")
        await proxy.mend()
        again = await service.push("enterprises", {**JUNE, "rows": [firm(1)]})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.json()["type"] == "urn:planwatch:problem:database-unavailable"
    assert ready.status_code == 503
    assert "postgresql" in ready.json()["missing"]
    assert (again.status_code, again.json()["accepted"]) == (202, 1)


async def test_database_lost_in_the_middle_of_a_submission_keeps_nothing(database_url: str, topic_prefix: str) -> None:
    async with proxied(database_url) as (proxy, url), running(url, NOBODY, topic_prefix) as service:
        rows = [firm(serial) for serial in range(1, 20_000)]
        pushing = asyncio.create_task(service.push("enterprises", {**JUNE, "rows": rows}))
        await until_staging(database_url)
        await proxy.cut()
        answer = await pushing
        await proxy.mend()
        listed = await service.get("/v1/submissions")
    assert answer.status_code == 503
    assert listed.json()["items"] == []


async def until_staging(database_url: str) -> None:
    """Wait until a transaction copies rows."""
    copying = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY%staged%'"
    connection = await asyncpg.connect(database_url)
    try:
        async with asyncio.timeout(20):
            while not await connection.fetchval(copying):  # noqa: ASYNC110
                await asyncio.sleep(0.005)
    finally:
        await connection.close()


async def test_small_submission_is_published_at_once_when_idle(
    database_url: str, kafka_bootstrap: str, topic_prefix: str
) -> None:
    async with running(database_url, kafka_bootstrap, topic_prefix) as service:
        await service.wait_until_published(
            (await service.push("enterprises", {**JUNE, "rows": [firm(1)]})).json()["id"]
        )
        pushed = await service.push("enterprises", {**JUNE, "rows": [firm(2)]})
        report = await service.wait_until_published(pushed.json()["id"])
    recorded, published = (datetime.fromisoformat(report[name]) for name in ("recorded_at", "published_at"))
    assert (published - recorded).total_seconds() < 0.4, "less than the poll interval: the commit woke the publisher"
