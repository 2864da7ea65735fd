"""The ceiling: what the bare drivers do with the same rows on the same servers, in the same run."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from shared.adapters.cloudevents import headers_of
from shared.contracts.feeds import EnterpriseReported, Firm
from shared.contracts.wire import EventMetadata
from shared.simulation.firm_rows import Row

TOPIC = "benchmark.ceiling"
PARTITIONS = 6
AT = datetime(2026, 1, 1, tzinfo=UTC)
COLUMNS = ("uscc", "period", "sequence", "name", "area", "industry", "above_scale", "revenue_ytd_yuan", "output_ytd_yuan",
           "profit_ytd_yuan", "tax_ytd_yuan", "employees")  # fmt: skip
TABLE = """
CREATE TABLE ceiling (uscc text, period text, sequence bigint, name text, area text, industry text, above_scale boolean,
 revenue_ytd_yuan bigint, output_ytd_yuan bigint, profit_ytd_yuan bigint, tax_ytd_yuan bigint, employees int,
 PRIMARY KEY (uscc, period))
"""
UPSERT = f"""
INSERT INTO ceiling SELECT * FROM staging
ON CONFLICT (uscc, period) DO UPDATE SET ({", ".join(COLUMNS[2:])}) = ({", ".join(f"EXCLUDED.{name}" for name in COLUMNS[2:])})
WHERE EXCLUDED.sequence > ceiling.sequence
"""  # noqa: S608  (constants)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceilings:
    """Rows a second of each bare stage."""

    produce: float
    consume: float
    copy: float
    staged_upsert: float

    @property
    def slowest(self) -> float:
        """The stage that bounds any pipeline made of these."""
        return min(self.produce, self.consume, self.copy, self.staged_upsert)


def wire_events(rows: Sequence[Row], period: str) -> list[tuple[bytes, bytes, list[tuple[str, bytes]]]]:
    """Return key, value and headers of the events planwatch itself would send for these firms."""
    return [_wire_event(number, row, period) for number, row in enumerate(rows, start=1)]


def _wire_event(number: int, row: Row, period: str) -> tuple[bytes, bytes, list[tuple[str, bytes]]]:
    uscc = str(row["uscc"])
    event = EnterpriseReported(
        submission_id="sub_benchmark",
        row=number,
        city="321300",
        period=period,
        uscc=uscc,
        firm=Firm.model_validate(_firm(row)),
    )
    metadata = EventMetadata(
        id=f"sub_benchmark:{number}",
        source="/planwatch/ingest/benchmark",
        type="planwatch.enterprise.reported.v1",
        time=AT,
        recorded_at=AT,
        sequence=1,
        partition_key=uscc,
        correlation_id="benchmark",
    )
    return uscc.encode(), event.model_dump_json().encode(), headers_of(metadata)


def _firm(row: Row) -> dict[str, object]:
    money = {"revenue_ytd", "output_ytd", "profit_ytd", "tax_ytd", "rd_ytd"}
    renamed = {"energy_ytd": "energy_ytd_tce", "electricity_ytd": "electricity_ytd_wan_kwh", "land": "land_mu"}
    return {
        f"{name}_yuan" if name in money else renamed.get(name, name): _yuan(value) if name in money else value
        for name, value in row.items()
        if name != "uscc"
    }


def _yuan(value: object) -> int | None:
    return None if value is None else round(float(str(value)) * 10_000)


async def measure(bootstrap_servers: str, database_url: str, rows: Sequence[Row], period: str) -> Ceilings:
    """Run the four bare stages one after the other."""
    events = wire_events(rows, period)
    async with _fresh_topic(bootstrap_servers):
        produce = await _rate(len(rows), lambda: _produce(bootstrap_servers, events))
        consume = await _rate(len(rows), lambda: _consume(bootstrap_servers, len(rows)))
    connection = await asyncpg.connect(database_url)
    try:
        records = [_record(row, period) for row in rows]
        await connection.execute("DROP TABLE IF EXISTS ceiling")
        await connection.execute(TABLE)
        copy = await _rate(len(rows), lambda: _copy(connection, records))
        await connection.execute("TRUNCATE ceiling")
        upsert = await _rate(len(rows), lambda: _staged_upsert(connection, records))
        await connection.execute("DROP TABLE ceiling")
    finally:
        await connection.close()
    return Ceilings(produce=produce, consume=consume, copy=copy, staged_upsert=upsert)


def _record(row: Row, period: str) -> tuple[object, ...]:
    money = [_yuan(row[name]) for name in ("revenue_ytd", "output_ytd", "profit_ytd", "tax_ytd")]
    return (
        row["uscc"],
        period,
        1,
        row["name"],
        row["area"],
        row["industry"],
        row["above_scale"],
        *money,
        row["employees"],
    )


async def _rate(count: int, work: Callable[[], Awaitable[None]]) -> float:
    begun = time.perf_counter()
    await work()
    return count / (time.perf_counter() - begun)


async def _produce(bootstrap_servers: str, events: Sequence[tuple[bytes, bytes, list[tuple[str, bytes]]]]) -> None:
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap_servers, enable_idempotence=True, acks="all", linger_ms=2, max_batch_size=256 * 1024
    )
    await producer.start()
    try:
        futures = [await producer.send(TOPIC, value, key=key, headers=headers) for key, value, headers in events]
        for future in futures:
            await future
    finally:
        await producer.stop()


async def _consume(bootstrap_servers: str, count: int) -> None:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap_servers, max_partition_fetch_bytes=4 * 1024 * 1024)
    await consumer.start()
    try:
        partitions = [TopicPartition(TOPIC, number) for number in range(PARTITIONS)]
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        seen = 0
        while seen < count:
            batches = await consumer.getmany(timeout_ms=1000, max_records=5000)
            seen += sum(len(batch) for batch in batches.values())
    finally:
        await consumer.stop()


async def _copy(connection: "asyncpg.Connection[asyncpg.Record]", records: Sequence[tuple[object, ...]]) -> None:
    await connection.copy_records_to_table("ceiling", records=records, columns=list(COLUMNS))


async def _staged_upsert(
    connection: "asyncpg.Connection[asyncpg.Record]", records: Sequence[tuple[object, ...]]
) -> None:
    async with connection.transaction():
        await connection.execute("CREATE TEMP TABLE staging (LIKE ceiling) ON COMMIT DROP")
        await connection.copy_records_to_table("staging", records=records, columns=list(COLUMNS))
        await connection.execute(UPSERT)


@asynccontextmanager
async def _fresh_topic(bootstrap_servers: str) -> AsyncIterator[None]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(TOPIC, PARTITIONS, 1)])
        yield
        await admin.delete_topics([TOPIC])
    finally:
        await admin.close()
