"""Puts rules together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from sqlalchemy.ext.asyncio import AsyncEngine

from services.rules.adapters.backlog_loop import BacklogLoop
from services.rules.adapters.feed_consumer import FeedConsumer
from services.rules.adapters.feed_duties import read_duties
from services.rules.adapters.metrics import SERVICE, create_metrics
from services.rules.adapters.plan_files import read_authorities, read_plans
from services.rules.adapters.postgres_uow import PostgresDatabase
from services.rules.adapters.tables import SCHEMA
from services.rules.adapters.tick_loop import TickLoop
from services.rules.application.load_plans import LoadPlans, load_plans
from services.rules.settings import RulesSettings
from shared.adapters.clock import system_clock
from shared.adapters.consumer_loop import ConsumerLoop
from shared.adapters.health import Health
from shared.adapters.http import create_app
from shared.adapters.kafka import ConsumerSettings, create_topics, started_producer
from shared.adapters.logging import get_logger
from shared.adapters.outbox import OutboxPublisher
from shared.adapters.postgres import SessionFactory, connected_engine, is_passing, is_reachable, session_factory
from shared.adapters.serving import Loop
from shared.contracts.topics import FEED_TOPICS, FINDINGS, SUBMISSIONS
from shared.reference.areas import Areas
from shared.reference.units_of_measure import UnitsOfMeasure

ROLE = "planwatch_rules"
DESCRIPTION = "Judges targets. Verdicts are read at the query service."
TOPICS = (*FEED_TOPICS.values(), SUBMISSIONS)
_BROKER_PATIENCE_SECONDS = 5

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the loops are made of."""

    settings: RulesSettings
    engine: AsyncEngine
    sessions: SessionFactory
    producer: AIOKafkaProducer
    database: PostgresDatabase


@asynccontextmanager
async def composed(settings: RulesSettings) -> AsyncIterator[tuple[FastAPI, tuple[Loop, ...]]]:
    """Open what the service needs and load the plans; yield its application and loops; close everything at the end."""
    data_dir = Path(settings.data_dir)
    command = LoadPlans(
        plans=read_plans(Path(settings.plans_dir), data_dir),
        correlation_id="load-plans",
        authorities=read_authorities(data_dir),
    )
    async with AsyncExitStack() as stack:
        engine = await stack.enter_async_context(
            connected_engine(settings.database_url.get_secret_value(), role=ROLE, pool_size=settings.database_pool_size)
        )
        producer = await stack.enter_async_context(started_producer(settings.kafka_bootstrap_servers))
        await create_topics(settings.kafka_bootstrap_servers, (*TOPICS, FINDINGS), prefix=settings.topic_prefix)
        sessions = session_factory(engine)
        database = database_of(settings, sessions)
        await _load(database, command)
        yield _assembled(_Parts(settings, engine, sessions, producer, database))


def database_of(settings: RulesSettings, sessions: SessionFactory) -> PostgresDatabase:
    """Return the unit of work over the sessions, with the reference data it needs."""
    data_dir = Path(settings.data_dir)
    return PostgresDatabase(
        sessions,
        areas=Areas.load(data_dir / "areas.csv"),
        units=UnitsOfMeasure.load(data_dir / "units_of_measure.csv"),
        topic_prefix=settings.topic_prefix,
        duties=read_duties(Path(settings.plans_dir), data_dir),
    )


async def _load(database: PostgresDatabase, command: LoadPlans) -> None:
    async with database.transaction() as stores:
        loaded = await load_plans(stores, command, now=system_clock())
    log.info("plans_loaded", plans=len(command.plans), changed=loaded.changed_plans, new_verdicts=len(loaded.verdicts))


def _assembled(parts: _Parts) -> tuple[FastAPI, tuple[Loop, ...]]:
    settings = parts.settings
    topics = tuple(topic.full_name(settings.topic_prefix) for topic in TOPICS)
    registry = CollectorRegistry()
    metrics = create_metrics(registry, topics=topics)
    publisher = OutboxPublisher(SCHEMA, parts.sessions, parts.producer, observer=metrics.outbox, clock=system_clock)
    consumer = ConsumerLoop(
        ConsumerSettings(
            bootstrap_servers=settings.kafka_bootstrap_servers,
            group_id=f"{settings.topic_prefix}{SERVICE}",
            topics=topics,
            batch_size=settings.rules_batch_size,
        ),
        FeedConsumer(parts.database, metrics=metrics.rules, clock=system_clock, told=publisher.wake),
        observer=metrics.consumer,
        clock=system_clock,
        is_passing=is_passing,
    )
    health = Health(
        liveness={"consumer": consumer.stuck},
        readiness={
            "postgresql": lambda: is_reachable(parts.engine),
            "kafka": lambda: _is_broker_reachable(parts.producer),
        },
    )
    app = create_app(title="planwatch rules", description=DESCRIPTION, registry=registry, health=health)
    ticks = TickLoop(
        parts.database,
        cities=tuple(parts.database.duties.cities),
        clock=system_clock,
        interval=timedelta(seconds=settings.rules_tick_seconds),
        told=publisher.wake,
    )
    return app, (consumer, publisher, ticks, BacklogLoop(parts.sessions, metrics.rules, clock=system_clock))


async def _is_broker_reachable(producer: AIOKafkaProducer) -> str | None:
    """Return None when a broker answers, else why not."""
    try:
        async with asyncio.timeout(_BROKER_PATIENCE_SECONDS):
            await producer.client.fetch_all_metadata()
    except (KafkaError, OSError, TimeoutError) as error:
        return f"Kafka does not answer: {type(error).__name__}"
    return None
