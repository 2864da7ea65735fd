"""Whether Kafka answers, for `/readyz`."""

import asyncio

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

_PATIENCE_SECONDS = 5


async def is_broker_reachable(producer: AIOKafkaProducer) -> str | None:
    """Return None when a broker answers, else why not."""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await producer.client.fetch_all_metadata()
    except (KafkaError, OSError, TimeoutError) as error:
        return f"Kafka does not answer: {type(error).__name__}"
    return None
