"""Every failure is a problem, a bug too."""

import httpx
import pytest
from fastapi import FastAPI

from shared.adapters.problems import PROBLEM_JSON, add_problem_handlers


@pytest.mark.parametrize(("language", "title"), [("zh-CN", "服务内部错误"), ("en", "The service failed")])
async def test_bug_is_answered_with_a_problem_that_tells_nothing_of_it(language: str, title: str) -> None:
    app = FastAPI()
    add_problem_handlers(app)

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("secret")

    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        answer = await http.get("/broken", headers={"Accept-Language": language})
    assert (answer.status_code, answer.headers["content-type"]) == (500, PROBLEM_JSON)
    assert title in answer.json()["title"]
    assert "secret" not in answer.text
