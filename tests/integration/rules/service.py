"""rules' consumer over real servers, step by step."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaProducer
from prometheus_client import CollectorRegistry
from sqlalchemy import text

from services.rules.adapters.feed_consumer import FeedConsumer
from services.rules.adapters.metrics import ServiceMetrics, create_metrics
from services.rules.adapters.plan_documents import plan_definitions
from services.rules.adapters.postgres_uow import PostgresDatabase
from services.rules.application.load_plans import LoadPlans, load_plans
from shared.adapters.clock import system_clock
from shared.adapters.consumer_loop import BatchHandler, ConsumerLoop
from shared.adapters.kafka import ConsumerSettings, create_topics, started_producer
from shared.adapters.outbox import OutgoingEvent
from shared.adapters.postgres import SessionFactory, is_passing
from shared.contracts.topics import FEED_TOPICS, FINDINGS, SUBMISSIONS
from shared.plans.loader import load_all

TOPICS = (*FEED_TOPICS.values(), SUBMISSIONS)
ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class Rules:
    """The parts of the service, and what the tests look at."""

    database: PostgresDatabase
    sessions: SessionFactory
    producer: AIOKafkaProducer
    metrics: ServiceMetrics
    registry: CollectorRegistry
    bootstrap_servers: str
    prefix: str

    def handler(self) -> FeedConsumer:
        return FeedConsumer(self.database, metrics=self.metrics.rules, clock=system_clock, told=lambda: None)

    async def send(self, events: Iterable[OutgoingEvent]) -> None:
        for event in events:
            await self.producer.send_and_wait(
                event.topic, value=event.body, key=event.key.encode(), headers=event.headers
            )

    async def consume_until(
        self, done: Callable[[], Any], *, handler: BatchHandler[Any] | None = None, seconds: float = 30
    ) -> None:
        """Run the consumer loop until the condition holds (an async predicate), at most so long."""
        stop = asyncio.Event()
        loop = self._loop(handler or self.handler())

        async def watch() -> None:
            try:
                while not await done():  # noqa: ASYNC110  what is waited for lies in the database
                    await asyncio.sleep(0.05)
            finally:
                stop.set()

        async with asyncio.timeout(seconds), asyncio.TaskGroup() as group:
            group.create_task(loop.run(stop))
            group.create_task(watch())

    def _loop(self, handler: BatchHandler[Any]) -> ConsumerLoop[Any]:
        return ConsumerLoop(
            ConsumerSettings(
                bootstrap_servers=self.bootstrap_servers,
                group_id=f"{self.prefix}rules",
                topics=tuple(topic.full_name(self.prefix) for topic in TOPICS),
            ),
            handler,
            observer=self.metrics.consumer,
            clock=system_clock,
            is_passing=is_passing,
        )

    async def value(self, statement: str, **parameters: object) -> Any:
        async with self.sessions.begin() as session:
            return (await session.execute(text(statement), parameters)).scalar()

    async def rows(self, statement: str) -> Sequence[Any]:
        async with self.sessions.begin() as session:
            return (await session.execute(text(statement))).all()

    async def completed(self) -> int:
        return int(await self.value("SELECT count(*) FROM rules.submissions WHERE completed_at IS NOT NULL"))


@asynccontextmanager
async def running_rules(
    database: PostgresDatabase, sessions: SessionFactory, *, kafka_bootstrap: str, prefix: str
) -> AsyncIterator[Rules]:
    """Create the topics, load the plan suqian-2024, open a producer."""
    await create_topics(kafka_bootstrap, (*TOPICS, FINDINGS), prefix=prefix)
    async with database.transaction() as stores:
        plans = plan_definitions(load_all(ROOT / "plans"))
        suqian = tuple(plan for plan in plans if plan.plan_id == "suqian-2024")
        command = LoadPlans(plans=suqian, correlation_id="test")
        await load_plans(stores, command, now=system_clock())
    registry = CollectorRegistry()
    async with started_producer(kafka_bootstrap) as producer:
        yield Rules(database, sessions, producer, create_metrics(registry), registry, kafka_bootstrap, prefix)
