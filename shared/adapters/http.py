"""The HTTP application every service starts from: health, metrics, problem details, correlation id."""

from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from shared.adapters.health import Health
from shared.adapters.logging import CORRELATION_HEADER
from shared.adapters.problems import add_problem_handlers


def create_app(*, title: str, description: str, registry: CollectorRegistry, health: Health) -> FastAPI:
    """Return a FastAPI application with `/healthz`, `/readyz` and `/metrics`."""
    app = FastAPI(title=title, description=description, version="1", docs_url=None, redoc_url=None)
    app.add_middleware(CorrelationIdMiddleware, header_name=CORRELATION_HEADER, validator=_is_plain)
    add_problem_handlers(app)

    @app.get("/healthz", tags=["operations"], summary="Alive, and its loops make progress")
    async def healthz() -> JSONResponse:
        stuck = health.dead()
        return JSONResponse({"status": "stuck" if stuck else "ok", "stuck": stuck}, status_code=503 if stuck else 200)

    @app.get("/readyz", tags=["operations"], summary="Ready to serve; names what is missing")
    async def readyz() -> JSONResponse:
        missing, degraded = await health.missing(), await health.degraded()
        status = "not ready" if missing else "degraded" if degraded else "ok"
        body = {"status": status, "missing": missing, "degraded": degraded}
        return JSONResponse(body, status_code=503 if missing else 200)

    @app.get("/metrics", tags=["operations"], summary="Prometheus metrics")
    async def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return app


def _is_plain(identifier: str) -> bool:
    return 0 < len(identifier) <= 100 and identifier.isascii() and identifier.isprintable()
