"""query's Prometheus metrics, and the middleware that feeds them."""

import time
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OTHER = "other"


class QueryMetrics:
    """Requests by route (the template, never the address) and status."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._requests = Counter(
            "query_requests_total", "HTTP requests answered", ["route", "status"], registry=registry
        )
        self._seconds = Histogram(
            "query_request_seconds", "Time from the request to the end of its answer", ["route"], registry=registry
        )

    def start_at_zero(self, routes: Iterable[str]) -> None:
        """Create the series of these routes."""
        for route in (*routes, OTHER):
            self._requests.labels(route=route, status="200")
            self._seconds.labels(route=route)

    def answered(self, route: str, status: int, seconds: float) -> None:
        """One request was answered."""
        self._requests.labels(route=route, status=str(status)).inc()
        self._seconds.labels(route=route).observe(seconds)


def create_metrics(registry: CollectorRegistry) -> QueryMetrics:
    """Build all metrics of the service."""
    return QueryMetrics(registry)


class MeasuredRequests:
    """ASGI middleware that counts and times every request."""

    def __init__(self, app: ASGIApp, metrics: QueryMetrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Measure from the request to the end of the answer; an answer that never starts counts as 500."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500

        async def observing(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        started = time.perf_counter()
        try:
            await self._app(scope, receive, observing)
        finally:
            self._metrics.answered(_route_of(scope), status, time.perf_counter() - started)


def _route_of(scope: Scope) -> str:
    return str(getattr(scope.get("route"), "path", OTHER))
