"""query while PostgreSQL is away: it says so, everywhere, and is ready again by itself."""

import asyncpg
import httpx2
import pytest

from services.query.bootstrap import composed
from services.query.settings import Settings

pytestmark = pytest.mark.integration


def settings(database_url: str) -> Settings:
    return Settings.load(
        {
            "PLANWATCH_DATABASE_URL": database_url,
            "PLANWATCH_HTTP_PORT": "8080",
            "PLANWATCH_QUERY_ALERTS_URL": "http://127.0.0.1:9",
            "PLANWATCH_QUERY_ALERTS_TOKEN": "token",
        },
        service="query",
    )


async def test_an_address_where_nothing_listens_is_answered_with_503_everywhere() -> None:
    async with composed(settings("postgresql://planwatch@127.0.0.1:9/none")) as (app, loops):
        assert loops == ()
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://query.example") as client:
            api, page = await client.get("/v1/plans"), await client.get("/")
            ready, alive = await client.get("/readyz"), await client.get("/healthz")
    assert (api.status_code, api.json()["type"]) == (503, "urn:planwatch:problem:database-away")
    assert (page.status_code, api.headers["retry-after"], page.headers["retry-after"]) == (503, "5", "5")
    assert "数据库暂时无法访问" in page.text
    assert (ready.status_code, "postgresql" in ready.json()["missing"], alive.status_code) == (503, True, 200)


async def test_connections_cut_by_the_server_are_replaced(database_url: str) -> None:
    async with (
        composed(settings(database_url)) as (app, _),
        httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://query.example") as client,
    ):
        assert (await client.get("/v1/plans")).status_code == 200
        admin = await asyncpg.connect(database_url)
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await admin.close()
        assert (await client.get("/v1/plans")).status_code == 200
