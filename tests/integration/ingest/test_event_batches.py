"""Events sent in batches lie where Kafka's own partitioner would put them, in order within each key."""

from aiokafka import AIOKafkaConsumer
from aiokafka.partitioner import DefaultPartitioner

from services.ingest.adapters.event_batches import send_in_batches
from shared.adapters.kafka import create_topics, started_producer
from shared.adapters.outbox import OutgoingEvent
from shared.contracts.topics import PROJECTS

EVENTS = 3_000
BODY = b"x" * 700


async def test_every_event_arrives_once_in_order_at_its_partition(kafka_bootstrap: str, topic_prefix: str) -> None:
    topic = PROJECTS.full_name(topic_prefix)
    events = [
        OutgoingEvent(topic=topic, key=f"key-{number % 97}", headers=[("ce_id", b"%d" % number)], body=BODY)
        for number in range(EVENTS)
    ]
    await create_topics(kafka_bootstrap, [PROJECTS], prefix=topic_prefix)
    async with started_producer(kafka_bootstrap) as producer:
        await send_in_batches(producer, events)
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=kafka_bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        records = [await consumer.getone() for _ in range(EVENTS)]
    finally:
        await consumer.stop()
    partitioner, partitions = DefaultPartitioner(), list(range(PROJECTS.partitions))
    seen: dict[bytes, list[int]] = {}
    for record in records:
        assert record.key is not None
        assert record.partition == partitioner(record.key, partitions, partitions)
        seen.setdefault(record.key, []).append(int(dict(record.headers)["ce_id"]))
    assert all(numbers == sorted(numbers) for numbers in seen.values())
    assert sum(len(numbers) for numbers in seen.values()) == EVENTS
