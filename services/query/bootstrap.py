"""Puts query together."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx2
from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from services.query.adapters.alerts_client import HttpAlertActions
from services.query.adapters.http_app import create_query_app
from services.query.adapters.metrics import create_metrics
from services.query.adapters.reading.names import load_names
from services.query.adapters.reading.reader import Readers
from services.query.settings import Settings
from shared.adapters.clock import system_clock
from shared.adapters.health import Health
from shared.adapters.postgres import connected_engine, is_reachable
from shared.adapters.serving import Loop

ROLE = "planwatch_query"


@asynccontextmanager
async def composed(settings: Settings) -> AsyncIterator[tuple[FastAPI, tuple[Loop, ...]]]:
    """Open what the service needs; yield its application (it has no loops); close everything at the end."""
    names = load_names(data_dir=Path(settings.data_dir), plans_dir=Path(settings.plans_dir))
    registry = CollectorRegistry()
    health = Health()
    async with AsyncExitStack() as stack:
        engine = await stack.enter_async_context(
            connected_engine(settings.database_url.get_secret_value(), role=ROLE, pool_size=settings.database_pool_size)
        )
        health.readiness["postgresql"] = lambda: is_reachable(engine)
        client = await stack.enter_async_context(_alerts_client(settings))
        app = create_query_app(
            readers=Readers(engine, names, system_clock),
            alert_actions=HttpAlertActions(client),
            health=health,
            registry=registry,
            metrics=create_metrics(registry),
        )
        yield app, ()


def _alerts_client(settings: Settings) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(
        base_url=settings.query_alerts_url,
        headers={"Authorization": f"Bearer {settings.query_alerts_token.get_secret_value()}"},
        timeout=settings.query_alerts_timeout_seconds,
        follow_redirects=False,
        trust_env=False,
    )
