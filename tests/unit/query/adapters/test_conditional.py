import httpx2
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from services.query.adapters.conditional import ConditionalReads


@pytest.fixture
def client() -> httpx2.AsyncClient:
    app = Starlette(
        routes=[
            Route("/thing", lambda _request: PlainTextResponse("the body")),
            Route("/gone", lambda _request: PlainTextResponse("none", status_code=404)),
            Route("/metrics", lambda _request: PlainTextResponse("a 1")),
        ]
    )
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(ConditionalReads(app)), base_url="http://query.example")


async def test_the_same_body_has_the_same_tag_and_is_not_sent_again(client: httpx2.AsyncClient) -> None:
    first = await client.get("/thing")
    tag = first.headers["etag"]
    for known in (tag, f'"other", W/{tag}', "*"):
        again = await client.get("/thing", headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


async def test_another_tag_gets_the_body(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/thing", headers={"If-None-Match": '"other"'})
    assert (answer.status_code, answer.text) == (200, "the body")


async def test_the_answer_depends_on_language_and_cookie(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/thing")).headers["vary"] == "Accept-Language, Cookie"


@pytest.mark.parametrize("path", ["/gone", "/metrics"])
async def test_failures_and_operations_are_not_tagged(client: httpx2.AsyncClient, path: str) -> None:
    assert "etag" not in (await client.get(path)).headers
