"""Composition root of ingest."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from sqlalchemy.ext.asyncio import AsyncEngine

from services.ingest.adapters.feed_age_loop import FeedAgeLoop
from services.ingest.adapters.http_holds import HoldDesk, create_hold_router
from services.ingest.adapters.http_push import Push, PushLimits
from services.ingest.adapters.http_routes import create_router
from services.ingest.adapters.kafka_log import KafkaEventLog
from services.ingest.adapters.metrics import IngestMetrics, create_metrics
from services.ingest.adapters.postgres_acceptance import PostgresAcceptanceStore
from services.ingest.adapters.postgres_holds import PostgresHoldStore
from services.ingest.adapters.postgres_keys import PostgresKeyStore
from services.ingest.adapters.postgres_publishing import PostgresPublishQueue
from services.ingest.adapters.postgres_submissions import PostgresSubmissions
from services.ingest.adapters.publisher_loop import PublisherLoop
from services.ingest.adapters.reference_data import load_due_days, load_reference_data
from services.ingest.application.accept_submission import Intake
from services.ingest.application.decide_hold import Deciding
from services.ingest.application.publish_submissions import Publishing, RoundLimits
from services.ingest.settings import Settings
from shared.adapters.clock import system_clock
from shared.adapters.health import Health
from shared.adapters.http import create_app
from shared.adapters.postgres import SessionFactory, connected_engine, is_reachable, session_factory
from shared.adapters.serving import Loop

ROLE = "planwatch_ingest"
_MIB = 1024 * 1024


@asynccontextmanager
async def composed(settings: Settings) -> AsyncIterator[tuple[FastAPI, list[Loop]]]:
    """Build the HTTP application and the loops, and close what they hold at the end."""
    async with connected_engine(
        settings.database_url.get_secret_value(), role=ROLE, pool_size=settings.database_pool_size
    ) as engine:
        sessions = session_factory(engine)
        registry = CollectorRegistry()
        metrics = create_metrics(registry)
        event_log = KafkaEventLog(settings.kafka_bootstrap_servers, prefix=settings.topic_prefix)
        publisher = _publisher(sessions, event_log, metrics, settings)
        keys = PostgresKeyStore(sessions)
        ages = FeedAgeLoop(keys, metrics, clock=system_clock, due_on=load_due_days(Path(settings.data_dir)))
        app = create_app(
            title="planwatch ingest",
            description="Takes what statistics systems push, checks it, keeps it and publishes it.",
            registry=registry,
            health=_health(engine, event_log, publisher),
        )
        push = _push(sessions, keys, metrics, publisher, settings)
        app.include_router(create_router(push, PostgresSubmissions(sessions)))
        app.include_router(create_hold_router(_hold_desk(sessions, push)))
        yield app, [publisher, ages]


def _publisher(
    sessions: SessionFactory, event_log: KafkaEventLog, metrics: IngestMetrics, settings: Settings
) -> PublisherLoop:
    publishing = Publishing(
        queue=PostgresPublishQueue(sessions),
        log=event_log,
        observer=metrics,
        clock=system_clock,
        limits=RoundLimits(rows=settings.ingest_publish_batch_rows),
    )
    return PublisherLoop(publishing, event_log)


def _push(
    sessions: SessionFactory,
    keys: PostgresKeyStore,
    metrics: IngestMetrics,
    publisher: PublisherLoop,
    settings: Settings,
) -> Push:
    return Push(
        intake=Intake(
            store=PostgresAcceptanceStore(sessions, system_clock),
            reference=load_reference_data(Path(settings.data_dir), Path(settings.plans_dir)),
            clock=system_clock,
            new_id=lambda: f"sub_{uuid4().hex}",
            limits=settings.hold_limits,
        ),
        keys=keys,
        metrics=metrics,
        limits=PushLimits(
            body_bytes=settings.ingest_max_body_mib * _MIB,
            large_slots=asyncio.Semaphore(settings.ingest_parallel_large),
        ),
        wake_publisher=publisher.wake,
    )


def _hold_desk(sessions: SessionFactory, push: Push) -> HoldDesk:
    deciding = Deciding(holds=PostgresHoldStore(sessions), areas=push.intake.reference.areas, clock=push.intake.clock)
    return HoldDesk(deciding=deciding, keys=push.keys, wake_publisher=push.wake_publisher)


def _health(engine: AsyncEngine, event_log: KafkaEventLog, publisher: PublisherLoop) -> Health:
    """PostgreSQL away: not ready. Kafka away: degraded, for submissions are accepted and published later."""

    async def postgresql() -> str | None:
        return await is_reachable(engine)

    async def kafka() -> str | None:
        return event_log.problem

    return Health(
        liveness={"publisher": publisher.stuck}, readiness={"postgresql": postgresql}, degradation={"kafka": kafka}
    )
