"""Assembles query's HTTP application: REST, pages and static files."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.staticfiles import StaticFiles
from prometheus_client import CollectorRegistry

from services.query.adapters.api import alert_routes, fact_routes, plan_routes
from services.query.adapters.api import shadow_routes as shadow_api
from services.query.adapters.conditional import ConditionalReads
from services.query.adapters.error_answers import ErrorAnswers
from services.query.adapters.metrics import MeasuredRequests, QueryMetrics
from services.query.adapters.pages import acknowledgement_route, routes
from services.query.adapters.pages import shadow_routes as shadow_pages
from services.query.adapters.pages.language import LanguageChoice
from services.query.adapters.pages.renderer import Renderer
from services.query.adapters.reading.reader import Readers
from services.query.adapters.security_headers import SecurityHeaders
from services.query.application.ports import AlertActions
from shared.adapters.health import Health
from shared.adapters.http import create_app

_ROUTERS = (
    plan_routes.router,
    alert_routes.router,
    fact_routes.router,
    shadow_api.router,
    routes.router,
    shadow_pages.router,
    acknowledgement_route.router,
)
_STATIC = Path(__file__).parent / "static"
_DESCRIPTION = (
    "Plans, targets, verdicts, signals, alerts and facts as planwatch knows them now, or knew them at `as_of`. Decimals are"
    ' strings; every list is `{"items": […], "next": cursor}`; every read has an `ETag`.'
)


def create_query_app(
    *,
    readers: Readers,
    alert_actions: AlertActions,
    health: Health,
    registry: CollectorRegistry,
    metrics: QueryMetrics,
) -> FastAPI:
    """Return the application."""
    renderer = Renderer(readers.names.units, readers.clock)
    app = create_app(title="planwatch query", description=_DESCRIPTION, registry=registry, health=health)
    app.state.readers = readers
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
