"""Assembles query's HTTP application: REST, pages and static files."""

from collections.abc import Mapping
from pathlib import Path

from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.staticfiles import StaticFiles
from prometheus_client import CollectorRegistry

from services.query.adapters.api import alert_routes, fact_routes, plan_routes
from services.query.adapters.conditional import ConditionalReads
from services.query.adapters.error_answers import ErrorAnswers
from services.query.adapters.metrics import MeasuredRequests, QueryMetrics
from services.query.adapters.pages import acknowledgement_route, routes
from services.query.adapters.pages.language import LanguageChoice
from services.query.adapters.pages.renderer import Renderer
from services.query.adapters.reading.reader import OpenReader
from services.query.adapters.security_headers import SecurityHeaders
from services.query.application.ports import AlertActions
from shared.adapters.health import Health
from shared.adapters.http import create_app

_ROUTERS = (
    plan_routes.router,
    alert_routes.router,
    fact_routes.router,
    routes.router,
    acknowledgement_route.router,
)
_STATIC = Path(__file__).parent / "static"
_DESCRIPTION = (
    "Plans, targets, verdicts, signals, alerts and facts as planwatch knows them now. Decimals are strings; every list is"
    ' `{"items": […], "next": cursor}`; every read has an `ETag`.'
)


def create_query_app(
    *,
    open_reader: OpenReader,
    alert_actions: AlertActions,
    health: Health,
    registry: CollectorRegistry,
    metrics: QueryMetrics,
    units: Mapping[str, str],
) -> FastAPI:
    """Return the application; `units` names units of measure in English."""
    renderer = Renderer(units)
    app = create_app(title="planwatch query", description=_DESCRIPTION, registry=registry, health=health)
    app.state.open_reader = open_reader
    app.state.alert_actions = alert_actions
    app.state.renderer = renderer
    for router in _ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    ErrorAnswers(app, renderer).install()
    metrics.start_at_zero(
        sorted({route.path for router in _ROUTERS for route in router.routes if isinstance(route, APIRoute)})
    )
    app.add_middleware(ConditionalReads)
    app.add_middleware(LanguageChoice)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(MeasuredRequests, metrics=metrics)
    return app
