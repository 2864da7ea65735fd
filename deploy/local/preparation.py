"""What the servers need before the services start: tables and topics."""

import asyncio

from deploy.local.servers import Addresses
from deploy.migrations import migrate
from shared.adapters.kafka import create_topics
from shared.contracts.topics import DEFAULT_PREFIX, TOPICS


async def prepare_servers(addresses: Addresses, *, topic_prefix: str = DEFAULT_PREFIX) -> None:
    """Bring the database to the newest revision and make the topics that are missing."""
    await asyncio.gather(
        asyncio.to_thread(migrate, addresses.database_url),
        create_topics(addresses.kafka_bootstrap_servers, TOPICS, prefix=topic_prefix),
    )
