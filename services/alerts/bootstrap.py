"""Puts alerts together."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from email.headerregistry import Address
from pathlib import Path

import httpx2
from aiokafka import AIOKafkaProducer
from fastapi import APIRouter, FastAPI
from prometheus_client import CollectorRegistry

from services.alerts.adapters.broker_readiness import is_broker_reachable
from services.alerts.adapters.channels import Channels, load_channels
from services.alerts.adapters.delivery_loop import DeliveryLoop, DeliverySettings
from services.alerts.adapters.finding_consumer import FindingConsumer
from services.alerts.adapters.http_routes import Actions, action_routes
from services.alerts.adapters.mail_transport import SmtpServer, SmtpTransport
from services.alerts.adapters.metrics import SERVICE, Metrics, create_metrics
from services.alerts.adapters.notice_writer import ChineseNoticeWriter
from services.alerts.adapters.observation_loop import ObservationLoop
from services.alerts.adapters.occasion import WritingRules
from services.alerts.adapters.postgres_alerts import PostgresAlertStore
from services.alerts.adapters.postgres_notices import PostgresNoticeQueue
from services.alerts.adapters.reach import units_without_channel
from services.alerts.adapters.suspension_loop import SuspensionLoop
from services.alerts.adapters.tables import SCHEMA
from services.alerts.adapters.webhook_transport import WebhookTransport
from services.alerts.application.acknowledge_alert import AcknowledgeAlert, acknowledge_alert
from services.alerts.application.ports import Acted, Transport
from services.alerts.application.record_findings import ReportedFinding
from services.alerts.application.resume_alert import ResumeAlert, resume_alert
from services.alerts.application.settle_suspensions import settle_suspensions
from services.alerts.application.suspend_alert import SuspendAlert, suspend_alert
from services.alerts.application.tell import Telling
from services.alerts.domain.alert import Alert
from services.alerts.domain.deadline import DeadlineFrom, ReplyDeadline
from services.alerts.domain.delivery import RetryPolicy
from services.alerts.domain.notice import Channel
from services.alerts.settings import Settings
from shared.adapters.clock import system_clock
from shared.adapters.consumer_loop import ConsumerLoop
from shared.adapters.health import Health
from shared.adapters.http import create_app
from shared.adapters.kafka import ConsumerSettings, create_topics, started_producer
from shared.adapters.outbox import OutboxPublisher
from shared.adapters.postgres import SessionFactory, connected_engine, is_passing, is_reachable, session_factory
from shared.adapters.serving import Loop
from shared.contracts.topics import ALERTS, FINDINGS
from shared.plans.loader import Plan, load_plans
from shared.reference.working_days import WorkingDays

ROLE = "planwatch_alerts"
DESCRIPTION = "Actions on alerts. They are read at the query service."


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the loops and the routes are made of."""

    settings: Settings
    sessions: SessionFactory
    producer: AIOKafkaProducer
    channels: Channels
    plans: tuple[Plan, ...]
    metrics: Metrics


@asynccontextmanager
async def composed(settings: Settings) -> AsyncIterator[tuple[FastAPI, tuple[Loop, ...]]]:
    """Open what the service needs; yield its application and its loops; close everything at the end."""
    plans_dir = Path(settings.plans_dir)
    channels = load_channels(Path(settings.alerts_channels_file), plans_dir)
    plans = load_plans(plans_dir)
    registry = CollectorRegistry()
    async with AsyncExitStack() as stack:
        engine = await stack.enter_async_context(
            connected_engine(settings.database_url.get_secret_value(), role=ROLE, pool_size=settings.database_pool_size)
        )
        producer = await stack.enter_async_context(started_producer(settings.kafka_bootstrap_servers))
        await create_topics(settings.kafka_bootstrap_servers, (FINDINGS, ALERTS), prefix=settings.topic_prefix)
        client = await stack.enter_async_context(httpx2.AsyncClient(follow_redirects=False, trust_env=False))
        parts = _Parts(
            settings=settings,
            sessions=session_factory(engine),
            producer=producer,
            channels=channels,
            plans=plans,
            metrics=create_metrics(registry, topics=(FINDINGS.full_name(settings.topic_prefix),)),
        )
        health = Health()
        health.readiness["postgresql"] = lambda: is_reachable(engine)
        health.readiness["kafka"] = lambda: is_broker_reachable(producer)
        app = create_app(title="planwatch alerts", description=DESCRIPTION, registry=registry, health=health)
        yield app, _assemble(parts, app, health, client)


def _assemble(parts: _Parts, app: FastAPI, health: Health, client: httpx2.AsyncClient) -> tuple[Loop, ...]:
    settings = parts.settings
    mail = SmtpTransport(smtp_server(settings))
    webhook = WebhookTransport(client, parts.channels, timeout=_send_timeout(settings), clock=system_clock)
    publisher = OutboxPublisher(
        SCHEMA, parts.sessions, parts.producer, observer=parts.metrics.outbox, clock=system_clock
    )
    deliveries = (
        _delivery(parts, Channel.MAIL, mail, settings.alerts_mail_concurrency),
        _delivery(parts, Channel.WEBHOOK, webhook, settings.alerts_webhook_concurrency),
    )

    def committed() -> None:
        publisher.wake()
        for delivery in deliveries:
            delivery.wake()

    consumer = _consumer(parts, committed)
    health.liveness["findings"] = consumer.stuck
    for delivery in deliveries:
        health.liveness[f"delivery_{delivery.channel}"] = delivery.stuck
    observation = ObservationLoop(
        parts.sessions,
        parts.metrics.alerts,
        probe_mail=mail.probe,
        count_unreached=lambda day: len(units_without_channel(parts.channels, parts.plans, on=day)),
        clock=system_clock,
    )
    app.include_router(_actions(parts, committed))
    return (consumer, publisher, *deliveries, _suspensions(parts, committed), observation)


def _consumer(parts: _Parts, committed: Callable[[], None]) -> ConsumerLoop[ReportedFinding]:
    settings = parts.settings
    handler = FindingConsumer(
        _store(parts),
        _telling(parts),
        sessions=parts.sessions,
        clock=system_clock,
        committed=committed,
        changed=parts.metrics.alerts.changed,
    )
    return ConsumerLoop(
        ConsumerSettings(
            bootstrap_servers=settings.kafka_bootstrap_servers,
            group_id=f"{settings.topic_prefix}{SERVICE}",
            topics=(FINDINGS.full_name(settings.topic_prefix),),
            batch_size=200,
        ),
        handler,
        observer=parts.metrics.consumer,
        clock=system_clock,
        is_passing=is_passing,
    )


def _store(parts: _Parts) -> PostgresAlertStore:
    return PostgresAlertStore(parts.sessions, topic_prefix=parts.settings.topic_prefix)


def _telling(parts: _Parts) -> Telling:
    rules = writing_rules(parts.settings)
    return Telling(parts.channels.today(system_clock), ChineseNoticeWriter(rules), rules.deadline_from)


def _suspensions(parts: _Parts, committed: Callable[[], None]) -> SuspensionLoop:
    store, telling = _store(parts), _telling(parts)
    return SuspensionLoop(
        lambda now: settle_suspensions(store=store, telling=telling, now=now),
        clock=system_clock,
        committed=committed,
        changed=parts.metrics.alerts.changed,
    )


def _actions(parts: _Parts, committed: Callable[[], None]) -> APIRouter:
    store, telling = _store(parts), _telling(parts)
    longest = timedelta(days=parts.settings.alerts_suspension_longest_days)

    def done(acted: Acted) -> Alert:
        if acted.change is not None:
            parts.metrics.alerts.changed(acted.change)
            committed()
        return acted.alert

    async def acknowledge(command: AcknowledgeAlert) -> Alert:
        return done(await acknowledge_alert(command, store=store, now=system_clock()))

    async def suspend(command: SuspendAlert) -> Alert:
        return done(await suspend_alert(command, store=store, longest=longest, now=system_clock()))

    async def resume(command: ResumeAlert) -> Alert:
        return done(await resume_alert(command, store=store, telling=telling, now=system_clock()))

    actions = Actions(acknowledge=acknowledge, suspend=suspend, resume=resume)
    return action_routes(actions, token=parts.settings.alerts_action_token.get_secret_value())


def _delivery(parts: _Parts, channel: Channel, transport: Transport, concurrency: int) -> DeliveryLoop:
    settings = parts.settings
    delivery = DeliverySettings(
        channel=channel,
        concurrency=concurrency,
        policy=RetryPolicy(
            first=timedelta(seconds=settings.alerts_retry_first_seconds),
            longest=timedelta(seconds=settings.alerts_retry_longest_seconds),
            give_up_after=timedelta(days=settings.alerts_retry_give_up_days),
        ),
    )
    queue = PostgresNoticeQueue(parts.sessions)
    return DeliveryLoop(delivery, queue, transport, observer=parts.metrics.alerts, clock=system_clock)


def _send_timeout(settings: Settings) -> timedelta:
    return timedelta(seconds=settings.alerts_send_timeout_seconds)


def smtp_server(settings: Settings) -> SmtpServer:
    """Return where mail goes."""
    password = settings.alerts_smtp_password
    return SmtpServer(
        host=settings.alerts_smtp_host,
        port=settings.alerts_smtp_port,
        starttls=settings.smtp_is_encrypted,
        user=settings.alerts_smtp_user,
        password=password.get_secret_value() if password else None,
        sender=Address(settings.alerts_mail_from_name, addr_spec=settings.alerts_mail_from),
        timeout=_send_timeout(settings),
    )


def writing_rules(settings: Settings) -> WritingRules:
    """Return what the words of notices depend on."""
    return WritingRules(
        page_url=settings.alerts_page_url,
        issuer=settings.alerts_issuer,
        office=settings.alerts_reply_office,
        reply_days=settings.alerts_reply_working_days,
        deadline_from=_deadline_in(settings.alerts_reply_working_days),
        mail_domain=Address(addr_spec=settings.alerts_mail_from).domain,
    )


def _deadline_in(working_days: int) -> DeadlineFrom:
    calendar = WorkingDays.announced()

    def deadline_from(day: date) -> ReplyDeadline:
        last = calendar.add(day, working_days)
        return ReplyDeadline(last, calendar.is_provisional(last.year))

    return deadline_from
